#include "own-places.h"
#include "docksill/base/cleanup.h"
#include "docksill/base/path.h"
#include "docksill/host/resolve.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

static int push(struct own_places *o, const char *list, struct str path) {
        struct list_addition *slot;
        struct str item;

        for (size_t i = 0; i < o->n; ++i)
                if (strcmp(o->items[i].list, list) == 0 && str_eq(o->items[i].item, path))
                        return 0;
        slot = ARENA_PUSH(o->arena, o);
        if (!slot || arena_str(o->arena, path, &item) < 0)
                return -ENOMEM;
        *slot = (struct list_addition){ list, item };
        return 0;
}

/* As path, and with what rotation puts behind it: records are no less worth for being a day old. */
static int push_rotated(struct own_places *o, struct str path) {
        static const char *const tails[] = { "", ".*", "-*" };
        int r = 0;

        for (size_t i = 0; i < ARRAY_SIZE(tails) && r == 0; ++i) {
                struct text t;

                text_init_arena(&t, o->arena);
                text_add(&t, path);
                text_addz(&t, tails[i]);
                r = t.failed ? -ENOMEM : push(o, OWN_PLACES, text_str(&t));
        }
        return r;
}

enum place { PLACE_PLAIN, PLACE_ROTATED, PLACE_SOCKET, PLACE_ASKED };

static int push_place(struct own_places *o, struct str path, enum place place) {
        int r = place == PLACE_ROTATED ? push_rotated(o, path)
                                       : push(o, place == PLACE_ASKED ? OWN_ASKED : OWN_PLACES, path);

        return r == 0 && place == PLACE_SOCKET ? push(o, OWN_DOORS, path) : r;
}

/* Against the folder the command runs in; and /var/run, which is a link, as facts and lists have it. */
static int absolute(struct str *out, struct arena *arena, const char *path) {
        struct str folded = STR("/var/run/");
        char here[PATH_MAX];
        struct text t;

        text_init_arena(&t, arena);
        if (path[0] != '/')
                text_addf(&t, "%s/", getcwd(here, sizeof(here)) ? here : "");
        text_addz(&t, path);
        if (t.failed || path_clean(arena, text_str(&t), out) < 0)
                return -ENOMEM;
        if (str_starts(*out, folded))
                *out = str_skip(*out, strlen("/var"));
        return 0;
}

/* @path: NULL: there is none. Where a link leads is docksill's as well; where nobody can tell it stays what it is. */
static int add(struct own_places *o, const char *path, enum place place) {
        cleanup_(text_deinit) struct text real;
        struct str written;
        bool socket;
        int r;

        text_init(&real);
        if (!path || path[0] == '\0' || strcmp(path, "-") == 0)
                return 0;
        if (absolute(&written, o->arena, path) < 0)
                return -ENOMEM;
        r = push_place(o, written, place);
        if (r == 0 && resolve_path(&real, -1, written, &socket) == 0)
                r = push_place(o, text_str(&real), place);
        return r;
}

/* The program itself, where the kernel tells. */
static int add_program(struct own_places *o) {
        char path[PATH_MAX];
        ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

        if (n <= 0)
                return 0;
        path[n] = '\0';
        return add(o, path, PLACE_PLAIN);
}

int own_places_collect(struct own_places *out, struct arena *arena, const struct config *c, const char *file,
                       struct own_in_use in_use) {
        const struct config_origins *at = &c->origins;
        const struct {
                const char *path;
                enum place place;
                const struct setting_origin *origin; /* NULL: no flag names it */
        } rows[] = {
                { c->rules, PLACE_PLAIN, &at->rules },
                { c->exemptions, PLACE_PLAIN, &at->exemptions },
                { c->state, PLACE_PLAIN, &at->state },
                { c->records, PLACE_ROTATED, &at->records },
                { c->capture, PLACE_PLAIN, &at->capture_folder },
                { c->scans_folder, PLACE_PLAIN, &at->scans_folder }, /* who writes there says which images are sound */
                { c->scans_ignore, PLACE_PLAIN, &at->scans_ignore },
                { c->socket, PLACE_SOCKET, &at->socket },
                { c->lookup_docker, PLACE_ASKED, NULL },   /* the engine's, or a proxy's before it */
                { c->control, PLACE_PLAIN, &at->control }, /* who answers there says that all is well */
                { file ? NULL : CONFIG_FILE, PLACE_PLAIN, NULL },
                { in_use.records, PLACE_ROTATED, NULL },
                { in_use.socket, PLACE_SOCKET, NULL },
                { in_use.control, PLACE_PLAIN, NULL },
                { in_use.serving ? file : NULL, PLACE_PLAIN, NULL },
                { in_use.serving ? getenv("STATE_DIRECTORY") : NULL, PLACE_PLAIN, NULL },
        };
        int r = 0;

        *out = (struct own_places){ .arena = arena };
        for (size_t i = 0; i < ARRAY_SIZE(rows) && r == 0; ++i)
                if (in_use.serving || !rows[i].origin || !rows[i].origin->flag)
                        r = add(out, rows[i].path, rows[i].place);
        return r == 0 && in_use.serving ? add_program(out) : r;
}
