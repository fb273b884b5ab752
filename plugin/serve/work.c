#include "work.h"
#include "docksill/serve/server.h"

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

static void end_waiting(struct work *work) {
        if (work->lookup)
                work->lookup->job.free(&work->lookup->job);
        generation_unref(work->generation);
        work->generation = NULL;
        work->lookup = NULL;
        work->paths = NULL;
        work->connection = NULL;
}

void work_free(struct work_pool *pool, struct work *work) {
        if (!work)
                return;
        if (work->generation)
                end_waiting(work);
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

void work_tell(struct work *work) {
        path_lookup_tell(work->lookup, work->paths, &work->arena);
}
