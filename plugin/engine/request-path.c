#include "docksill/engine/request-path.h"
#include "docksill/base/path.h"
#include "host-path.h"
#include <assert.h>
#include <errno.h>

struct paths {
        struct request_path *items;
        size_t n, capacity;
};

static int add(struct paths *paths, struct arena *arena, struct fact_path *cell, struct str path) {
        struct request_path *slot = ARENA_PUSH(arena, paths);

        if (!slot)
                return -ENOMEM;
        *slot = (struct request_path){ .cell = cell, .path = path };
        return 0;
}

/* As it is, but for the root that dockerd's working directory is. */
static int add_raw(struct paths *paths, struct arena *arena, struct fact_path *cell, struct str asked) {
        char *p;

        if (asked.n > 0 && asked.p[0] == '/')
                return add(paths, arena, cell, asked);
        p = arena_bytes(arena, asked.n + 1);
        if (!p)
                return -ENOMEM;
        p[0] = '/';
        if (asked.n)
                memcpy(p + 1, asked.p, asked.n);
        return add(paths, arena, cell, (struct str){ p, asked.n + 1 });
}

/* Not the first spelling, in which /var/run is folded: whether it is a link is for the host to say. */
static int add_clean(struct paths *paths, struct arena *arena, struct fact_path *cell, struct str asked) {
        struct str clean;
        int r = path_clean(arena, asked, &clean);

        return r < 0 ? r : add(paths, arena, cell, clean);
}

static int add_mounts(struct paths *paths, struct arena *arena, const struct fact_list *mounts) {
        for (size_t i = 0; i < mounts->n; ++i) {
                struct mount_fact *m = (struct mount_fact *)mounts->items + i;
                bool plugin = str_eqz(m->via.value, "plugin");
                bool raw = plugin || str_eqz(m->via.value, "volume-options") || str_eqz(m->via.value, "named-volume");
                struct str asked = m->requested.value;
                int r;

                if (m->source.n == 0)
                        continue;
                /* Of a plugin's setting, messages may say the name alone. */
                if (plugin && (str_empty(asked) || asked.p[0] != '/'))
                        asked = m->source.spelling[0];
                r = raw ? add_raw(paths, arena, &m->source, asked) : add_clean(paths, arena, &m->source, asked);
                if (r < 0)
                        return r;
                paths->items[paths->n - 1].socket = &m->socket;
        }
        return 0;
}

static int add_devices(struct paths *paths, struct arena *arena, const struct fact_list *devices) {
        for (size_t i = 0; i < devices->n; ++i) {
                struct device_fact *d = (struct device_fact *)devices->items + i;
                int r = d->path.n ? add_raw(paths, arena, &d->path, d->requested.value) : 0;

                if (r < 0)
                        return r;
        }
        return 0;
}

static int add_block_limits(struct paths *paths, struct arena *arena, const struct fact_list *limits) {
        for (size_t i = 0; i < limits->n; ++i) {
                struct block_limit_fact *b = (struct block_limit_fact *)limits->items + i;
                int r = b->path.n ? add_raw(paths, arena, &b->path, b->requested.value) : 0;

                if (r < 0)
                        return r;
        }
        return 0;
}

int request_paths(struct request *request, struct arena *arena, struct request_path **out, size_t *n) {
        struct paths paths = { 0 };
        int r = add_mounts(&paths, arena, &request->facts.mounts);

        if (r == 0)
                r = add_devices(&paths, arena, &request->facts.container.devices);
        if (r == 0)
                r = add_block_limits(&paths, arena, &request->facts.block_limits);
        if (r < 0)
                return r;
        *out = paths.items;
        *n = paths.n;
        return 0;
}

int request_path_resolved(const struct request_path *p, struct arena *arena, struct str to, bool socket) {
        struct fact_path resolved;
        struct str copy;
        int r = arena_str(arena, to, &copy);

        if (r == 0)
                r = host_path(arena, copy, &resolved);
        if (r < 0)
                return r;
        assert(p->cell->n == 1 && resolved.n == 1);
        p->cell->head.state = FACT_KNOWN;
        if (p->socket)
                *p->socket = (struct fact_bool){ .head.given = true, .value = socket };
        if (str_eq(resolved.spelling[0], p->cell->spelling[0]))
                return 0;
        p->cell->spelling[1] = resolved.spelling[0];
        p->cell->n = 2;
        return 0;
}

static void untold(struct fact_path *cell) {
        if (cell->n > 0)
                cell->head.state = FACT_LEXICAL;
}

void request_path_untold(const struct request_path *p) {
        untold(p->cell);
}

void request_paths_untold(struct request *request) {
        struct fact_list *mounts = &request->facts.mounts, *devices = &request->facts.container.devices,
                         *limits = &request->facts.block_limits;

        for (size_t i = 0; i < mounts->n; ++i)
                untold(&((struct mount_fact *)mounts->items + i)->source);
        for (size_t i = 0; i < devices->n; ++i)
                untold(&((struct device_fact *)devices->items + i)->path);
        for (size_t i = 0; i < limits->n; ++i)
                untold(&((struct block_limit_fact *)limits->items + i)->path);
}
