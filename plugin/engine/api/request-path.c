#include "docksill/engine/request-path.h"
#include "docksill/base/path.h"
#include "facts/word.h"
#include "read/host-path.h"
#include <assert.h>
#include <errno.h>

struct paths {
        struct request_path *items;
        size_t n, capacity;
};

static void add(struct paths *paths, struct arena *arena, struct request_path path) {
        struct request_path *slot = ARENA_PUSH(arena, paths);

        if (slot)
                *slot = path;
}

/* As it is, but for the root that dockerd's working directory is. */
static struct str raw(struct arena *arena, struct str asked) {
        return asked.n > 0 && asked.p[0] == '/' ? asked : arena_join(arena, STR_C("/"), asked);
}

static void add_mounts(struct paths *paths, struct arena *arena, const struct fact_list *mounts) {
        for (size_t i = 0; i < mounts->n && !arena_full(arena); ++i) {
                struct mount_fact *m = (struct mount_fact *)mounts->items + i;
                bool plugin = cell_is(&m->via, WORD_PLUGIN);
                bool uncleaned = plugin || cell_is(&m->via, WORD_VOLUME_OPTIONS) || cell_is(&m->via, WORD_NAMED_VOLUME);
                struct str asked = m->requested.value;

                if (m->source.n == 0)
                        continue;
                /* Of a plugin's setting, messages may say the name alone. */
                if (plugin && (str_empty(asked) || asked.p[0] != '/'))
                        asked = m->source.spelling[0];
                /* Not the first spelling, in which /var/run is folded: whether it is a link is for the host to say. */
                add(paths, arena,
                    (struct request_path){ .cell = &m->source,
                                           .socket = &m->socket,
                                           .path = uncleaned ? raw(arena, asked) : path_cleaned(arena, asked) });
        }
}

static void add_devices(struct paths *paths, struct arena *arena, const struct fact_list *devices) {
        for (size_t i = 0; i < devices->n; ++i) {
                struct device_fact *d = (struct device_fact *)devices->items + i;

                if (d->path.n)
                        add(paths, arena,
                            (struct request_path){ .cell = &d->path, .path = raw(arena, d->requested.value) });
        }
}

static void add_block_limits(struct paths *paths, struct arena *arena, const struct fact_list *limits) {
        for (size_t i = 0; i < limits->n; ++i) {
                struct block_limit_fact *b = (struct block_limit_fact *)limits->items + i;

                if (b->path.n)
                        add(paths, arena,
                            (struct request_path){ .cell = &b->path, .path = raw(arena, b->requested.value) });
        }
}

int request_paths(struct request *request, struct arena *arena, struct request_path **out, size_t *n) {
        struct paths paths = { 0 };

        arena_latch(arena);
        for (size_t i = 0; i < MOUNT_LISTS; ++i)
                add_mounts(&paths, arena, facts_mounts(&request->facts, i));
        add_devices(&paths, arena, &request->facts.container.devices);
        add_block_limits(&paths, arena, &request->facts.block_limits);
        if (arena_unlatch(arena))
                return -ENOMEM;
        *out = paths.items;
        *n = paths.n;
        return 0;
}

int request_path_resolved(const struct request_path *p, struct arena *arena, struct str to, bool socket) {
        struct fact_path resolved = { 0 };
        struct str copy;

        arena_latch(arena);
        if (arena_str(arena, to, &copy) == 0)
                host_path(arena, copy, &resolved);
        if (arena_unlatch(arena))
                return -ENOMEM;
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

static void mark_unknown(struct fact_path *cell) {
        if (cell->n > 0)
                cell->head.state = FACT_LEXICAL;
}

void request_path_mark_unknown(const struct request_path *p) {
        mark_unknown(p->cell);
}

void request_paths_mark_unknown(struct request *request) {
        struct fact_list *devices = &request->facts.container.devices, *limits = &request->facts.block_limits;

        for (size_t k = 0; k < MOUNT_LISTS; ++k) {
                struct fact_list *mounts = facts_mounts(&request->facts, k);

                for (size_t i = 0; i < mounts->n; ++i)
                        mark_unknown(&((struct mount_fact *)mounts->items + i)->source);
        }
        for (size_t i = 0; i < devices->n; ++i)
                mark_unknown(&((struct device_fact *)devices->items + i)->path);
        for (size_t i = 0; i < limits->n; ++i)
                mark_unknown(&((struct block_limit_fact *)limits->items + i)->path);
}
