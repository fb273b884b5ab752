#include "waiting.h"
#include <assert.h>
#include <limits.h>

int waiting_init(struct waiting *w) {
        *w = (struct waiting){ 0 };
        return pool_new(&w->pool, WAITING_THREADS, WAITING_QUEUED);
}

void waiting_deinit(struct waiting *w) {
        assert(!w->first);
        pool_free(w->pool);
        w->pool = NULL;
}

int waiting_fd(const struct waiting *w) {
        return pool_fd(w->pool);
}

/* From the end: deadlines are equally far off unless a reload changed that, so it mostly belongs there. */
static void insert(struct waiting *w, struct work *work) {
        struct work *before = w->last;

        while (before && before->deadline > work->deadline)
                before = before->previous;
        work->previous = before;
        work->next = before ? before->next : w->first;
        if (work->next)
                work->next->previous = work;
        else
                w->last = work;
        if (before)
                before->next = work;
        else
                w->first = work;
}

static void take_out(struct waiting *w, struct work *work) {
        if (work->previous)
                work->previous->next = work->next;
        else
                w->first = work->next;
        if (work->next)
                work->next->previous = work->previous;
        else
                w->last = work->previous;
        work->next = work->previous = NULL;
        w->held -= work->held;
}

bool waiting_add(struct waiting *w, struct work *work, size_t held) {
        work->lookup->giver = work;
        if (held > WAITING_MEMORY - w->held || pool_submit(w->pool, &work->lookup->job) < 0) {
                work_tell(work);
                return false;
        }
        work->held = held;
        w->held += held;
        insert(w, work);
        return true;
}

static struct work *next_done(struct waiting *w) {
        struct path_lookup *lookup = (struct path_lookup *)pool_next(w->pool);
        struct work *work;

        if (!lookup)
                return NULL;
        work = lookup->giver;
        take_out(w, work);
        work_tell(work);
        return work;
}

/* The helper keeps the lookup for as long as it is stuck in it. */
static struct work *next_late(struct waiting *w, int64_t now) {
        struct work *work = w->first;

        if (!work || work->deadline > now)
                return NULL;
        take_out(w, work);
        work_tell(work);
        path_lookup_give_up(work->lookup);
        pool_abandon(w->pool, &TAKE(work->lookup)->job);
        return work;
}

struct work *waiting_next(struct waiting *w, int64_t now) {
        struct work *work = next_done(w);

        return work ? work : next_late(w, now);
}

int waiting_timeout(const struct waiting *w, int64_t now) {
        int64_t left;

        if (!w->first)
                return -1;
        left = w->first->deadline - now;
        if (left <= 0)
                return 0;
        return left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}
