/*
 * The helper writes an item and then counts it; the giver reads no further than the count. So what was found before a
 * path that hangs is used: a link to /etc can't hide beside a dead mount.
 */
#include "docksill/host/path-lookup.h"
#include "docksill/host/resolve.h"
#include "entrance.h"
#include <errno.h>
#include <limits.h>

_Static_assert(PATH_LOOKUPS_MOST <= ENTRANCE_PLACES, "each helper finds a place at the entrance of a folder");

/* The request's own copies are bounded by its body; what they lead to, by PATH_MAX each. Beyond, it is untold. */
#define LOOKUP_MEMORY (32u * 1024 * 1024)

static void follow(struct path_lookup *lookup, struct path_lookup_item *item) {
        char buffer[PATH_MAX + 1];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        item->error = resolve_path(&t, lookup->root, item->path, &item->socket);
        if (item->error == 0 && t.failed)
                item->error = -ENAMETOOLONG;
        if (item->error == 0)
                item->error = arena_str(&lookup->arena, text_str(&t), &item->leads);
}

static void run(struct job *job) {
        struct path_lookup *lookup = (struct path_lookup *)job;

        for (size_t i = 0; i < lookup->n; ++i) {
                if (atomic_load_explicit(&lookup->given_up, memory_order_relaxed))
                        return;
                follow(lookup, &lookup->items[i]);
                atomic_store_explicit(&lookup->done, i + 1, memory_order_release);
        }
}

static void release(struct job *job) {
        struct path_lookup *lookup = (struct path_lookup *)job;

        arena_deinit(&lookup->arena);
        free(lookup);
}

static int copy_paths(struct path_lookup *lookup, const struct request_path *paths, size_t n) {
        lookup->items = ARENA_ARRAY(&lookup->arena, struct path_lookup_item, n);
        if (!lookup->items)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i) {
                int r = arena_str(&lookup->arena, paths[i].path, &lookup->items[i].path);

                if (r < 0)
                        return r;
        }
        lookup->n = n;
        return 0;
}

int path_lookup_new(struct path_lookup **out, const struct request_path *paths, size_t n, int root) {
        struct path_lookup *lookup = calloc(1, sizeof(*lookup));
        int r;

        if (!lookup)
                return -ENOMEM;
        lookup->job = (struct job){ .run = run, .free = release };
        lookup->root = root;
        atomic_init(&lookup->done, 0);
        atomic_init(&lookup->given_up, false);
        arena_init(&lookup->arena, LOOKUP_MEMORY);
        r = copy_paths(lookup, paths, n);
        if (r < 0) {
                release(&lookup->job);
                return r;
        }
        *out = lookup;
        return 0;
}

void path_lookup_tell(const struct path_lookup *lookup, const struct request_path *paths, struct arena *arena) {
        size_t done = atomic_load_explicit(&lookup->done, memory_order_acquire);

        for (size_t i = 0; i < lookup->n; ++i) {
                const struct path_lookup_item *item = &lookup->items[i];

                if (i >= done || item->error < 0 ||
                    request_path_resolved(&paths[i], arena, item->leads, item->socket) < 0)
                        request_path_untold(&paths[i]);
        }
}

void path_lookup_give_up(struct path_lookup *lookup) {
        atomic_store_explicit(&lookup->given_up, true, memory_order_relaxed);
}
