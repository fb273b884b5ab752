#include "work.h"
#include "docksill/serve/limits.h"

struct work *work_new(struct work_pool *pool) {
        struct work *work = pool->kept;

        if (work) {
                pool->kept = work->next;
                work->next = NULL;
                --pool->n;
                return work;
        }
        work = calloc(1, sizeof(*work));
        if (work)
                arena_init(&work->arena, SERVER_REQUEST_MEMORY);
        return work;
}

void work_look_up(struct work *work, struct generation *generation) {
        work->generation = generation_ref(generation);
        work->lookup = (struct lookup){ .how = &generation->lookups,
                                        .request = &work->request,
                                        .arena = &work->arena,
                                        .since = work->since,
                                        .giver = work };
}

void work_free(struct work_pool *pool, struct work *work) {
        if (!work)
                return;
        if (work->generation) {
                lookup_end(&work->lookup);
                generation_unref(TAKE(work->generation));
        }
        free(TAKE(work->held));
        work->connection = NULL;
        if (pool->n >= WORKS_KEPT) {
                arena_deinit(&work->arena);
                free(work);
                return;
        }
        arena_reset(&work->arena);
        work->next = pool->kept;
        pool->kept = work;
        ++pool->n;
}

void work_pool_deinit(struct work_pool *pool) {
        while (pool->kept) {
                struct work *work = pool->kept;

                pool->kept = work->next;
                arena_deinit(&work->arena);
                free(work);
        }
        pool->n = 0;
}
