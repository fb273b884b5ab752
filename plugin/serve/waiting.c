#include "waiting.h"
#include "docksill/base/text.h"
#include "docksill/host/path-lookup.h"
#include <assert.h>
#include <limits.h>

#define TOLD_PERIOD ((int64_t)60 * 1000000)

_Static_assert(WAITING_THREADS <= POOL_THREADS_MOST, "each helper finds a place at the entrance of a folder");

int waiting_init(struct waiting *w, size_t most) {
        *w = (struct waiting){ .most = most < WAITING_MOST ? most : WAITING_MOST };
        return pool_new(&w->pool, WAITING_THREADS, WAITING_QUEUED);
}

void waiting_deinit(struct waiting *w) {
        assert(!w->first);
        asker_deinit(&w->asker);
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
        w->held += work->kept;
        ++w->n;
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
        w->held -= work->kept;
        --w->n;
}

/* Is there room for what it keeps by now, answers of the engine too? Not to be looked up must not be had by making a
 * call large. */
static bool has_room(struct waiting *w, struct work *work) {
        work->kept = work->call + work->arena.used;
        if (work->kept > WAITING_WORK_MEMORY)
                request_flawed(&work->request, &work->arena, FLAW_TOO_LARGE, STR_C("what is to be looked up"));
        return w->n < w->most && work->kept <= WAITING_MEMORY - w->held;
}

/* Says whether it waits again. */
static bool follow(struct waiting *w, struct work *work) {
        if (!work_follow(work))
                return false;
        if (!has_room(w, work) || pool_submit(w->pool, &work->lookup->job) < 0) {
                work_stop(work);
                return false;
        }
        insert(w, work);
        return true;
}

bool waiting_add(struct waiting *w, struct work *work, size_t call) {
        work->call = call;
        if (!has_room(w, work)) {
                work_skip(work);
                return false;
        }
        if (!work_ask(work, &w->asker))
                return follow(w, work);
        insert(w, work);
        return true;
}

/* NULL: it waits again. */
static struct work *end_asking(struct waiting *w, struct work *work) {
        take_out(w, work);
        work_stop(work);
        return follow(w, work) ? NULL : work;
}

static struct work *end_following(struct waiting *w, struct work *work) {
        take_out(w, work);
        work_stop(work);
        return work;
}

static struct work *next_answered(struct waiting *w) {
        struct asking *asking;
        struct work *work = NULL;

        while (!work && (asking = asker_next(&w->asker)))
                work = end_asking(w, (struct work *)((char *)asking - offsetof(struct work, asking)));
        return work;
}

static struct work *next_followed(struct waiting *w) {
        struct path_lookup *lookup = (struct path_lookup *)pool_next(w->pool);

        return lookup ? end_following(w, lookup->giver) : NULL;
}

static void note_stuck(struct waiting *w, const struct path_lookup *lookup) {
        size_t done = atomic_load_explicit(&lookup->done, memory_order_acquire);
        struct text t;

        text_init_fixed(&t, w->stuck, sizeof(w->stuck));
        if (done < lookup->n)
                text_add_visible(&t, lookup->items[done].path, sizeof(w->stuck) - 1);
}

/* The helper keeps the lookup for as long as it is stuck in it. */
static struct work *give_up(struct waiting *w, struct work *work) {
        end_following(w, work);
        note_stuck(w, work->lookup);
        path_lookup_give_up(work->lookup);
        pool_abandon(w->pool, &TAKE(work->lookup)->job);
        return work;
}

static struct work *next_late(struct waiting *w, int64_t now) {
        struct work *late = NULL;

        while (!late && w->first && w->first->deadline <= now)
                late = w->first->stage == WORK_ASKING ? end_asking(w, w->first) : give_up(w, w->first);
        return late;
}

struct work *waiting_next(struct waiting *w, int64_t now) {
        struct work *work = next_followed(w);

        if (!work)
                work = next_answered(w);
        return work ? work : next_late(w, now);
}

enum waiting_news waiting_news(struct waiting *w, int64_t now, unsigned *helpers) {
        *helpers = pool_lost(w->pool);
        if (w->told && *helpers == 0) {
                w->told = false;
                return WAITING_BACK;
        }
        if (w->told || *helpers == 0 || (w->told_at && now - w->told_at < TOLD_PERIOD))
                return WAITING_NO_NEWS;
        w->told = true;
        w->told_at = now;
        return WAITING_STUCK;
}

int waiting_timeout(const struct waiting *w, int64_t now) {
        int64_t left;
        int due;

        if (!w->first)
                return -1;
        left = w->first->deadline - now;
        if (left <= 0)
                return 0;
        left = left / 1000 >= INT_MAX ? INT_MAX : (left + 999) / 1000;
        due = asker_timeout(&w->asker, now);
        return due >= 0 && due < left ? due : (int)left;
}
