#include "pending.h"
#include "docksill/serve/server-limits.h"

struct pending *pending_new(struct pending_pool *pool) {
        struct pending *pending = pool->kept;

        if (pending) {
                pool->kept = pending->next;
                pending->next = NULL;
                --pool->n;
                return pending;
        }
        pending = calloc(1, sizeof(*pending));
        if (pending)
                arena_init(&pending->arena, SERVER_REQUEST_MEMORY);
        return pending;
}

void pending_look_up(struct pending *pending, struct generation *generation) {
        pending->generation = generation_ref(generation);
        pending->lookup = (struct lookup){ .how = &generation->lookups,
                                           .request = &pending->request,
                                           .arena = &pending->arena,
                                           .since = pending->since,
                                           .giver = pending };
}

void pending_free(struct pending_pool *pool, struct pending *pending) {
        if (!pending)
                return;
        if (pending->generation) {
                lookup_end(&pending->lookup);
                generation_unref(TAKE(pending->generation));
        }
        free(TAKE(pending->held));
        pending->connection = NULL;
        if (pool->n >= PENDING_KEPT) {
                arena_deinit(&pending->arena);
                free(pending);
                return;
        }
        arena_reset(&pending->arena);
        pending->next = pool->kept;
        pool->kept = pending;
        ++pool->n;
}

void pending_pool_deinit(struct pending_pool *pool) {
        while (pool->kept) {
                struct pending *pending = pool->kept;

                pool->kept = pending->next;
                arena_deinit(&pending->arena);
                free(pending);
        }
        pool->n = 0;
}
