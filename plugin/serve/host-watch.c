#include "host-watch.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* Of the facts; what is read for them has a bound of its own. */
#define LOOK_MEMORY ((size_t)8 << 20)

static void settle_unknown(struct facts *facts) {
        for (size_t i = 0; i < fact_table_n; ++i) {
                struct fact_head *cell = (struct fact_head *)((char *)facts + fact_table[i].at);

                if (fact_table[i].group == GROUP_HOST && cell->state == FACT_UNKNOWN)
                        cell->state = FACT_OFF;
        }
}

static void look_run(struct job *job) {
        struct host_look *look = (struct host_look *)job;
        struct posture posture = { 0 };
        struct host_root root;

        host_request_init(&look->request);
        look->failed = host_root_open(&root, "/");
        if (look->failed < 0)
                return;
        look->whole = posture_read(&posture, &look->request, &look->arena, &root) == 0;
        host_root_close(&root);
        settle_unknown(&look->request.facts);
}

void host_look_free(struct host_look *look) {
        if (!look)
                return;
        arena_deinit(&look->arena);
        free(look);
}

static void look_free(struct job *job) {
        host_look_free((struct host_look *)job);
}

void host_watch_init(struct host_watch *w) {
        *w = (struct host_watch){ 0 };
}

void host_watch_deinit(struct host_watch *w) {
        pool_free(w->pool);
        w->pool = NULL;
}

void host_watch_use(struct host_watch *w, bool on, int64_t now) {
        w->on = on;
        w->due = now;
}

int host_watch_timeout(const struct host_watch *w, int64_t now) {
        int64_t left = w->due - now;

        if (!w->on || w->looking)
                return -1;
        return left <= 0 ? 0 : left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}

void host_watch_run(struct host_watch *w, int64_t now) {
        struct host_look *look;

        if (!w->on || w->looking || now < w->due)
                return;
        w->due = now + HOST_WATCH_PERIOD;
        /* Not before: where it is off, its descriptor is a connection's. */
        if (!w->pool && pool_new(&w->pool, 1, 1) < 0)
                return;
        look = calloc(1, sizeof(*look));
        if (!look)
                return;
        look->job = (struct job){ .run = look_run, .free = look_free };
        arena_init(&look->arena, LOOK_MEMORY);
        if (pool_submit(w->pool, &look->job) < 0)
                host_look_free(look);
        else
                w->looking = true;
}

int host_watch_fd(const struct host_watch *w) {
        return w->pool ? pool_fd(w->pool) : -1;
}

struct host_look *host_watch_take(struct host_watch *w) {
        struct job *job = w->pool ? pool_next(w->pool) : NULL;

        if (job)
                w->looking = false;
        return (struct host_look *)job;
}
