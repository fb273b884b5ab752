#include "tmpfs.h"
#include "cell.h"
#include "docksill/base/text.h"
#include "host-path.h"
#include "mount.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* Bytes: no host has them; blocks are of several sizes, and are held against it too. */
#define LIMIT_MOST (1ull << 50)

static struct tmpfs_fact *push(struct facts *f, struct arena *arena, struct origin origin, struct str via,
                               struct str name) {
        struct tmpfs_fact *t = f->tmpfs.n < FACT_HEAVY_MOST ? fact_list_push(arena, &f->tmpfs, sizeof(*t)) : NULL;

        if (!t)
                return NULL;
        t->origin = origin;
        t->via = cell_str(via);
        t->name = cell_str(name);
        t->exec.head.given = t->suid.head.given = t->dev.head.given = t->limit.head.given = true;
        return t;
}

/* As the kernel reads it (lib/cmdline.c, memparse): 0x and 0 before the number, a unit behind it. */
static unsigned long long read_size(struct str value, char *unit) {
        char text[32], *end;
        unsigned long long n;

        if (!str_to_z(value, text, sizeof(text)))
                return ULLONG_MAX;
        n = strtoull(text, &end, 0);
        *unit = ascii_lower(*end);
        return n;
}

/* Nought is none, however it is written, and neither is what no host's memory reaches. */
static bool is_limit(struct str value) {
        static const char units[] = "kmgtpe";
        const char *power;
        char unit = '\0';
        unsigned long long n = read_size(value, &unit);

        if (unit == '%')
                return n > 0 && n < 100;
        power = unit ? strchr(units, unit) : NULL;
        return n > 0 && n < LIMIT_MOST >> (power ? (power - units + 1) * 10 : 0);
}

/* The last word of a pair counts. */
static void take_option(struct tmpfs_fact *t, struct str name, struct str value) {
        if (str_eqz(name, "exec") || str_eqz(name, "noexec"))
                t->exec.value = name.p[0] == 'e';
        else if (str_eqz(name, "suid") || str_eqz(name, "nosuid"))
                t->suid.value = name.p[0] == 's';
        else if (str_eqz(name, "dev") || str_eqz(name, "nodev"))
                t->dev.value = name.p[0] == 'd';
        else if (str_eqz(name, "size") || str_eqz(name, "nr_blocks"))
                t->limit.value = is_limit(value);
}

/* An empty word is none, in each of dockerd's readers. */
static int add_option(struct tmpfs_fact *t, struct arena *arena, struct str option) {
        struct str value = option, name = str_cut(&value, '=');
        int r;

        if (str_empty(option))
                return 0;
        take_option(t, name, value);
        r = fact_set_add(arena, &t->options, option);
        return r < 0 ? r : fact_set_add(arena, &t->option_names, name);
}

static int add_options(struct tmpfs_fact *t, struct arena *arena, struct str rest) {
        int r = 0;

        if (rest.n > MOUNT_OPTIONS_MOST)
                return -ENOMEM;
        t->options.head.given = t->option_names.head.given = true;
        while (r == 0 && rest.p)
                r = add_option(t, arena, str_cut(&rest, ','));
        return r;
}

/* noexec, nosuid and nodev are dockerd's own here, until another word says otherwise. */
int tmpfs_read(struct facts *f, struct arena *arena, const struct go_list *map) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < map->n; ++i) {
                const struct go_pair *pair = pair_item(map, i);
                struct tmpfs_fact *t = push(f, arena, (struct origin){ .field = "HostConfig.Tmpfs", .key = pair->key },
                                            STR_C("tmpfs"), pair->key);

                r = t ? host_path(arena, pair->key, &t->target) : -ENOMEM;
                if (r == 0)
                        r = add_options(t, arena, pair->value.value);
        }
        return r;
}

/* ["exec"], ["noexec"], ["name", "value"]: a list of lists of one word or two. */
static int add_pair(struct tmpfs_fact *t, struct arena *arena, const struct go_list *words) {
        struct text option;

        text_init_arena(&option, arena);
        for (size_t i = 0; i < words->n; ++i) {
                if (i)
                        text_add_char(&option, '=');
                text_add(&option, string_item(words, i));
        }
        return option.failed ? -ENOMEM : add_option(t, arena, text_str(&option));
}

int tmpfs_mount_read(struct facts *f, struct arena *arena, const struct mount_fact *mount,
                     const struct tmpfs_options *options) {
        struct tmpfs_fact *t = push(f, arena, mount->origin, STR_C("mount"), mount->target.value);
        int r = t ? host_path(arena, mount->target.value, &t->target) : -ENOMEM;

        if (r < 0)
                return r;
        t->options.head.given = t->option_names.head.given = options->options.given;
        t->limit.value = options->size_bytes.value > 0 && (unsigned long long)options->size_bytes.value < LIMIT_MOST;
        for (size_t i = 0; r == 0 && i < options->options.n; ++i)
                r = add_pair(t, arena, gojson_item(&options->options, i, sizeof(struct go_list)));
        return r;
}

/* mount(2) as it is asked for: nothing is forbidden unless the options say so. */
int tmpfs_volume_read(struct facts *f, struct arena *arena, const struct mount_fact *mount, struct str o) {
        struct tmpfs_fact *t = push(f, arena, mount->origin, mount->via.value, mount->volume.value);

        if (!t)
                return -ENOMEM;
        t->exec.value = t->suid.value = t->dev.value = true;
        return str_empty(o) ? 0 : add_options(t, arena, o);
}
