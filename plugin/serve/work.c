#include "work.h"
#include "docksill/serve/server.h"

/* Of the whole deadline: an engine that is slow must not hide where the paths lead that the request itself names. */
#define ASKING_SHARE(deadline) ((deadline) / 4 * 3)

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

static void end_lookups(struct work *work) {
        if (work->stage == WORK_ASKING)
                asking_end(&work->asking);
        if (work->lookup)
                work->lookup->job.free(&work->lookup->job);
        generation_unref(work->generation);
        memset(&work->generation, 0, sizeof(*work) - offsetof(struct work, generation));
}

void work_free(struct work_pool *pool, struct work *work) {
        if (!work)
                return;
        if (work->generation)
                end_lookups(work);
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

bool work_ask(struct work *work, struct asker *asker) {
        const struct lookups *lookups = &work->generation->lookups;

        if (str_empty(lookups->engine) || !asking_begin(&work->asking, asker, &work->request, &work->arena))
                return false;
        work->stage = WORK_ASKING;
        work->deadline = work->since + ASKING_SHARE(lookups->deadline);
        return true;
}

bool work_follow(struct work *work) {
        const struct lookups *lookups = &work->generation->lookups;
        struct request_path *paths = NULL;
        size_t n = 0;

        if (!lookups->paths)
                return false;
        /* What there is no memory to ask is unknown, as if nobody had answered. */
        if (request_paths(&work->request, &work->arena, &paths, &n) < 0 ||
            (n > 0 && path_lookup_new(&work->lookup, paths, n, -1) < 0)) {
                request_paths_untold(&work->request);
                return false;
        }
        if (n == 0)
                return false;
        work->lookup->giver = work;
        work->paths = paths;
        work->stage = WORK_FOLLOWING;
        work->deadline = work->since + lookups->deadline;
        return true;
}

void work_stop(struct work *work) {
        switch (work->stage) {
        case WORK_READY: break;
        case WORK_ASKING: asking_end(&work->asking); break;
        case WORK_FOLLOWING: path_lookup_tell(work->lookup, work->paths, &work->arena); break;
        }
        work->stage = WORK_READY;
}

void work_skip(struct work *work) {
        const struct lookups *lookups = &work->generation->lookups;

        if (!str_empty(lookups->engine))
                asking_untold(&work->request, &work->arena);
        if (lookups->paths)
                request_paths_untold(&work->request);
}
