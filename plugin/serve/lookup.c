#include "lookup.h"
#include "docksill/base/clock.h"
#include "docksill/base/text.h"
#include "docksill/host/path-lookup.h"
#include <assert.h>
#include <limits.h>

/* Of the whole deadline: an engine that is slow must not hide where the paths lead that the request itself names. */
#define ASKING_SHARE(deadline) ((deadline) / 4 * 3)

/* A disk that is slow must not hide that either. */
#define SCANNING_SHARE(deadline) ((deadline) / 8 * 7)

_Static_assert(LOOKUP_HELPERS <= PATH_LOOKUPS_MOST, "each helper finds a place at the entrance of a folder");

/* -- those that wait -- */

int lookup_queue_init(struct lookup_queue *q, size_t most) {
        *q = (struct lookup_queue){ .most = most < LOOKUP_MOST ? most : LOOKUP_MOST };
        return pool_new(&q->pool, LOOKUP_HELPERS, LOOKUP_QUEUED);
}

void lookup_queue_deinit(struct lookup_queue *q) {
        assert(list_empty(&q->waiting));
        engine_client_deinit(&q->engine_client);
        pool_free(TAKE(q->pool));
}

int lookup_queue_fd(const struct lookup_queue *q) {
        return pool_fd(q->pool);
}

static struct lookup *first(const struct lookup_queue *q) {
        return list_empty(&q->waiting) ? NULL : LIST_ENTRY(q->waiting.first, struct lookup, link);
}

int lookup_queue_timeout(const struct lookup_queue *q, int64_t now) {
        int64_t left;
        int due;

        if (list_empty(&q->waiting))
                return -1;
        left = first(q)->deadline - now;
        if (left <= 0)
                return 0;
        left = left / 1000 >= INT_MAX ? INT_MAX : (left + 999) / 1000;
        due = engine_client_timeout(&q->engine_client, now);
        return due >= 0 && due < left ? due : (int)left;
}

enum complaint_news lookup_queue_news(struct lookup_queue *q, int64_t now, unsigned *helpers) {
        *helpers = q->stuck_helpers = pool_lost(q->pool);
        return complaint_news(&q->complaint, *helpers > 0, now);
}

bool lookup_queue_bad_report(struct lookup_queue *q, int64_t now) {
        bool bad = q->bad_report;

        q->bad_report = false;
        return bad && complaint_due(&q->report_complaint, now);
}

/* From the end: deadlines are equally far off unless a reload changed that, so it mostly belongs there. */
static void enter(struct lookup *l) {
        struct lookup_queue *q = l->queue;
        struct list_link *before = q->waiting.last;

        while (before && LIST_ENTRY(before, struct lookup, link)->deadline > l->deadline)
                before = before->previous;
        list_insert(&q->waiting, &l->link, before ? before->next : q->waiting.first);
        l->begun = clock_monotonic();
        l->waits = true;
        q->held += l->kept;
        ++q->n;
}

static void leave(struct lookup *l) {
        list_remove(&l->queue->waiting, &l->link);
        l->waits = false;
        l->queue->held -= l->kept;
        --l->queue->n;
}

/* Is there room for what it keeps by now, answers of the engine too? Not to be looked up must not be had by making a
 * call large. */
static bool has_room(struct lookup *l) {
        const struct lookup_queue *q = l->queue;

        l->kept = l->call + l->arena->used;
        if (l->kept > LOOKUP_ONE_MEMORY)
                request_flawed(l->request, l->arena, FLAW_TOO_LARGE, STR_C("what is to be looked up"));
        return q->n < q->most && l->kept <= LOOKUP_MEMORY - q->held;
}

/* -- what is counted -- */

static void count(const struct lookup *l, enum lookup_asked asked, enum lookup_result result, int64_t duration) {
        if (l->queue->counts)
                lookup_count(l->queue->counts, asked, result, duration);
}

/* The step that it waited for has ended. */
static void count_step(const struct lookup *l, bool late) {
        static const enum lookup_asked asked[] = {
                [LOOKUP_ASK] = LOOKUP_OF_ENGINE, [LOOKUP_SCAN] = LOOKUP_OF_SCANS, [LOOKUP_FOLLOW] = LOOKUP_OF_PATHS
        };
        bool failed = l->step == LOOKUP_ASK && l->asking.failed;

        count(l, asked[l->step],
              late     ? LOOKUP_LATE
              : failed ? LOOKUP_FAILED
                       : LOOKUP_ANSWERED,
              clock_monotonic() - l->begun);
}

/* -- the steps -- */

enum progress { NEXT, WAIT };

static enum progress ask(struct lookup *l) {
        if (str_empty(l->how->engine))
                return NEXT;
        if (!asking_begin(&l->asking, &l->queue->engine_client, l->request, l->arena)) {
                if (l->asking.failed)
                        count(l, LOOKUP_OF_ENGINE, LOOKUP_FAILED, 0);
                return NEXT;
        }
        l->deadline = l->since + ASKING_SHARE(l->how->deadline);
        return WAIT;
}

static void end_asking(struct lookup *l) {
        asking_end(&l->asking);
}

/* No helper is at it. */
static void take_scan(struct lookup *l) {
        struct scan_lookup *scan = TAKE(l->scanning);

        scan_lookup_tell(scan, l->request, l->arena);
        if (scan->trouble.news) {
                memcpy(l->queue->report, scan->trouble.text, sizeof(l->queue->report));
                l->queue->bad_report = true;
        }
        scan->job.free(&scan->job);
}

static enum progress scan(struct lookup *l) {
        const int64_t now = l->request->now ? l->request->now : clock_wall();
        struct scan_keys keys;

        if (!l->how->scans)
                return NEXT;
        request_scan_keys(&keys, l->request);
        if (keys.unknown)
                request_scan_mark_unknown(l->request);
        if (keys.n == 0)
                return NEXT;
        if (scan_lookup_new(&l->scanning, l->how->scans, &keys, now) < 0) {
                request_scan_mark_unknown(l->request);
                return NEXT;
        }
        l->scanning->job.giver = l;
        if (!has_room(l) || pool_submit(l->queue->pool, &l->scanning->job) < 0) {
                take_scan(l);
                count(l, LOOKUP_OF_SCANS, LOOKUP_SKIPPED, 0);
                return NEXT;
        }
        l->deadline = l->since + SCANNING_SHARE(l->how->deadline);
        return WAIT;
}

/* A helper that is not back keeps it, and its report will be there for the next. */
static void end_scanning(struct lookup *l) {
        struct scan_lookup *scan = TAKE(l->scanning);

        if (!scan)
                return;
        request_scan_mark_unknown(l->request);
        (void)pool_abandon(l->queue->pool, &scan->job);
}

/* No helper is at it. */
static void take_paths(struct lookup *l) {
        struct path_lookup *paths = TAKE(l->following);

        path_lookup_tell(paths, l->paths, l->arena);
        paths->job.free(&paths->job);
}

static enum progress follow(struct lookup *l) {
        size_t n = 0;

        if (!l->how->paths)
                return NEXT;
        /* What there is no memory to ask is unknown, as if nobody had answered. */
        if (request_paths(l->request, l->arena, &l->paths, &n) < 0 ||
            (n > 0 && path_lookup_new(&l->following, l->paths, n, -1) < 0)) {
                request_paths_mark_unknown(l->request);
                return NEXT;
        }
        if (n == 0)
                return NEXT;
        l->following->job.giver = l;
        if (!has_room(l) || pool_submit(l->queue->pool, &l->following->job) < 0) {
                take_paths(l);
                count(l, LOOKUP_OF_PATHS, LOOKUP_SKIPPED, 0);
                return NEXT;
        }
        l->deadline = l->since + l->how->deadline;
        return WAIT;
}

/* The path that a helper would be at. */
static void add_current(struct text *t, const struct path_lookup *paths) {
        size_t done = atomic_load_explicit(&paths->done, memory_order_acquire);

        if (done < paths->n)
                text_add_visible(t, paths->items[done].path, t->size - 1);
}

/* A helper that is not back keeps it, for as long as it is stuck in it. */
static void end_following(struct lookup *l) {
        struct path_lookup *paths = TAKE(l->following);
        char at[sizeof(l->queue->stuck)];
        struct text t;

        if (!paths)
                return;
        text_init_fixed(&t, at, sizeof(at));
        add_current(&t, paths);
        path_lookup_tell(paths, l->paths, l->arena);
        path_lookup_give_up(paths);
        /* One that no helper has begun is stuck nowhere. */
        if (pool_abandon(l->queue->pool, &paths->job))
                memcpy(l->queue->stuck, at, sizeof(at));
}

static const struct {
        enum progress (*begin)(struct lookup *l);
        void (*end)(struct lookup *l); /* of one that waited: what is not known by now is unknown */
} steps[] = {
        [LOOKUP_ASK] = { ask, end_asking },
        [LOOKUP_SCAN] = { scan, end_scanning },
        [LOOKUP_FOLLOW] = { follow, end_following },
};

/* Begins the step that it is at, and those behind it, until there is something to wait for. Says whether there is. */
static bool run(struct lookup *l) {
        for (; l->step < LOOKUP_JUDGE; ++l->step) {
                if (steps[l->step].begin(l) == WAIT) {
                        enter(l);
                        return true;
                }
        }
        return false;
}

/* What it waited for is there, or late. */
static bool go_on(struct lookup *l, bool late) {
        leave(l);
        count_step(l, late);
        steps[l->step++].end(l);
        return run(l);
}

static void skip(struct lookup *l) {
        if (!str_empty(l->how->engine)) {
                asking_mark_unknown(l->request, l->arena);
                count(l, LOOKUP_OF_ENGINE, LOOKUP_SKIPPED, 0);
        }
        if (l->how->scans) {
                request_scan_mark_unknown(l->request);
                count(l, LOOKUP_OF_SCANS, LOOKUP_SKIPPED, 0);
        }
        if (l->how->paths) {
                request_paths_mark_unknown(l->request);
                count(l, LOOKUP_OF_PATHS, LOOKUP_SKIPPED, 0);
        }
        l->step = LOOKUP_JUDGE;
}

bool lookup_begin(struct lookup *l, struct lookup_queue *q, size_t call) {
        l->queue = q;
        l->call = call;
        if (has_room(l))
                return run(l);
        skip(l);
        return false;
}

/* What a helper is done with: each lookup has one job at a time. */
static struct lookup *next_helped(struct lookup_queue *q) {
        struct job *job = pool_next(q->pool);
        struct lookup *l = job ? job->giver : NULL;

        if (l && l->scanning)
                take_scan(l);
        else if (l)
                take_paths(l);
        return l;
}

static struct lookup *next_answered(struct lookup_queue *q) {
        struct asking *asking = engine_client_next(&q->engine_client);

        return asking ? LIST_ENTRY(asking, struct lookup, asking) : NULL;
}

static struct lookup *next_late(struct lookup_queue *q, int64_t now) {
        struct lookup *l = first(q);

        return l && l->deadline <= now ? l : NULL;
}

struct lookup *lookup_next(struct lookup_queue *q, int64_t now) {
        struct lookup *l;

        for (;;) {
                bool late = false;

                if (!(l = next_helped(q)) && !(l = next_answered(q))) {
                        l = next_late(q, now);
                        late = true;
                }
                if (!l || !go_on(l, late))
                        return l;
        }
}

void lookup_end(struct lookup *l) {
        if (l->waits) {
                leave(l);
                steps[l->step].end(l);
        }
        *l = (struct lookup){ 0 };
}
