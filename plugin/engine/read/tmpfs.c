#include "tmpfs.h"
#include "docksill/base/text.h"
#include "facts/cell.h"
#include "go-mount.h"
#include "host-path.h"
#include <limits.h>
#include <stdlib.h>

/* Bytes: no host has them; blocks are of several sizes, and are held against it too. */
#define LIMIT_MOST (1ull << 50)

static struct tmpfs_fact tmpfs_of(struct origin origin, struct fact_word via, struct str name) {
        return (struct tmpfs_fact){
                .origin = origin,
                .via = via,
                .name = cell_str(name),
                .exec.head.given = true,
                .suid.head.given = true,
                .dev.head.given = true,
                .limit.head.given = true,
        };
}

static void add(struct reading *in, const struct tmpfs_fact *t) {
        struct facts *f = in->facts;

        if (f->tmpfs.n < FACT_HEAVY_MOST)
                FACT_ADD(in->arena, &f->tmpfs, *t);
        else
                arena_refuse(in->arena);
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
static void add_option(struct tmpfs_fact *t, struct arena *arena, struct str option) {
        struct str value = option, name = str_cut(&value, '=');

        if (str_empty(option))
                return;
        take_option(t, name, value);
        fact_set_add(arena, &t->options, option);
        fact_set_add(arena, &t->option_names, name);
}

static void add_options(struct tmpfs_fact *t, struct arena *arena, struct str rest) {
        if (rest.n > MOUNT_OPTIONS_MOST)
                arena_refuse(arena);
        t->options.head.given = t->option_names.head.given = true;
        while (rest.p && !arena_full(arena))
                add_option(t, arena, str_cut(&rest, ','));
}

/* noexec, nosuid and nodev are dockerd's own here, until another word says otherwise. */
void tmpfs_read(struct reading *in, const struct go_list *map) {
        for (size_t i = 0; i < map->n && !arena_full(in->arena); ++i) {
                const struct go_pair *pair = pair_item(map, i);
                struct tmpfs_fact t = tmpfs_of((struct origin){ .field = "HostConfig.Tmpfs", .key = pair->key },
                                               cell_word(WORD_TMPFS), pair->key);

                host_path(in->arena, pair->key, &t.target);
                add_options(&t, in->arena, pair->value.value);
                add(in, &t);
        }
}

/* ["exec"], ["noexec"], ["name", "value"]: a list of lists of one word or two. */
static void add_pair(struct tmpfs_fact *t, struct arena *arena, const struct go_list *words) {
        struct text option;

        text_init_arena(&option, arena);
        for (size_t i = 0; i < words->n; ++i) {
                if (i)
                        text_add_char(&option, '=');
                text_add(&option, string_item(words, i));
        }
        add_option(t, arena, text_str(&option));
}

void tmpfs_mount_read(struct reading *in, const struct mount_fact *mount, const struct tmpfs_options *options) {
        struct tmpfs_fact t = tmpfs_of(mount->origin, cell_word(WORD_MOUNT), mount->target.value);

        host_path(in->arena, mount->target.value, &t.target);
        t.options.head.given = t.option_names.head.given = options->options.given;
        t.limit.value = options->size_bytes.value > 0 && (unsigned long long)options->size_bytes.value < LIMIT_MOST;
        for (size_t i = 0; i < options->options.n && !arena_full(in->arena); ++i)
                add_pair(&t, in->arena, gojson_item(&options->options, i, sizeof(struct go_list)));
        add(in, &t);
}

/* mount(2) as it is asked for: nothing is forbidden unless the options say so. */
void tmpfs_volume_read(struct reading *in, const struct mount_fact *mount, struct str o) {
        struct tmpfs_fact t = tmpfs_of(mount->origin, mount->via, mount->volume.value);

        t.exec.value = t.suid.value = t.dev.value = true;
        if (!str_empty(o))
                add_options(&t, in->arena, o);
        add(in, &t);
}
