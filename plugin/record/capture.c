/*
 * Who owns what: the lock guards the queue, the counts and what the thread is asked for. The folder and the masker are
 * the thread's alone. The lock is held for the time of a few pointers, never across a system call or a copy.
 */
#include "docksill/record/capture.h"
#include "docksill/base/say.h"

#include "capture-folder-priv.h"
#include "docksill/base/clock.h"
#include "docksill/base/complaint.h"
#include "docksill/base/thread.h"
#include "docksill/record/mask.h"
#include "docksill/rules/ruleset.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

#define STACK     (512 * 1024)           /* bytes: expressions are matched on it */
#define LAST_TIME (2 * INT64_C(1000000)) /* microseconds that the thread has at the end */

struct queued {
        struct queued *next;
        unsigned use; /* number of the capture_use() that it came after */
        uint64_t id;
        int64_t wall;
        size_t n;
        char call[];
};

struct capture {
        pthread_mutex_t lock;
        pthread_cond_t wake;
        pthread_t thread;
        atomic_bool on; /* read without the lock */

        /* under the lock */
        struct queued *first, **last;
        size_t queued; /* bytes */
        struct capture_counts counts;
        struct ruleset *rules;      /* of a new use; NULL: none since */
        struct capture_place place; /* likewise; the folder is malloc()ed */
        unsigned use;               /* how often it was used */
        bool news, running, asleep, stop, ended;

        /* the thread's */
        struct capture_folder folder;
        struct masker *masker;
        struct complaint complaint;
        struct arena arena;
};

int capture_new(struct capture **out) {
        struct capture *c = calloc(1, sizeof(*c));
        int r;

        if (!c)
                return -ENOMEM;
        r = thread_condition_init(&c->wake);
        if (r == 0)
                r = -pthread_mutex_init(&c->lock, NULL);
        if (r < 0) {
                free(c);
                return r;
        }
        c->last = &c->first;
        c->folder.fd = -1;
        arena_init(&c->arena, MASK_MEMORY);
        *out = c;
        return 0;
}

/* -- the thread -- */

static void complain(struct capture *c, const char *what) {
        struct capture_counts n;

        if (!complaint_due(&c->complaint, clock_monotonic()))
                return;
        n = capture_counts(c);
        say(SAY_WARNING, "capture: %s; %llu of %llu calls are not captured so far", what,
            (unsigned long long)(n.taken + n.lost - n.written), (unsigned long long)(n.taken + n.lost));
}

/* The new place takes the place of the old, or nothing does. */
static void begin_use(struct capture *c, const struct capture_place *place, struct ruleset *rules) {
        cleanup_(text_deinit) struct text why;

        text_init(&why);
        capture_folder_close(&c->folder);
        masker_free(TAKE(c->masker));
        if (place->folder.n == 0)
                return;
        if (masker_new(&c->masker, rules) < 0)
                say(SAY_WARNING, "capture: no memory; nothing is captured");
        else if (capture_folder_open(&c->folder, place, &why) < 0)
                say(SAY_WARNING, "capture: nothing is captured: %s", why.p ? why.p : "no memory");
        else
                say(SAY_NOTICE,
                    "capture: judged calls are written, masked, to %.*s: %llu at most, %llu bytes at "
                    "most",
                    (int)place->folder.n, place->folder.p, (unsigned long long)place->keep,
                    (unsigned long long)place->max);
}

/* @counter: one of its counts. */
static void count(struct capture *c, uint64_t *counter) {
        pthread_mutex_lock(&c->lock);
        ++*counter;
        pthread_mutex_unlock(&c->lock);
}

static void store(struct capture *c, const struct queued *q) {
        struct str masked;
        int r;

        if (c->folder.fd < 0 || !c->masker) {
                count(c, &c->counts.failed);
                return;
        }
        arena_reset(&c->arena);
        r = mask_call(c->masker, &masked, &c->arena, (struct str){ q->call, q->n });
        if (r < 0) {
                count(c, &c->counts.unmasked);
                complain(c, "a call can't be masked so that it is read as before");
                return;
        }
        r = capture_folder_add(&c->folder, q->id, q->wall, masked);
        if (r == 0)
                count(c, &c->counts.written);
        else if (r == -EFBIG)
                count(c, &c->counts.lost);
        else
                count(c, &c->counts.failed);
        if (r < 0)
                complain(c, strerror(-r));
}

/* What is to be done next: under the lock. */
struct task {
        struct ruleset *rules;
        struct capture_place place;
        struct queued *queued;
        bool news, end;
};

static struct task take_task(struct capture *c) {
        struct task t = { 0 };

        while (!c->news && !c->first && !c->stop) {
                c->asleep = true;
                pthread_cond_wait(&c->wake, &c->lock);
        }
        c->asleep = false;
        /* What was handed over before goes where it was to go. */
        if (c->first && !(c->news && c->first->use == c->use)) {
                t.queued = c->first;
                c->first = t.queued->next;
                if (!c->first)
                        c->last = &c->first;
                c->queued -= t.queued->n;
        } else if (c->news) {
                t.news = true;
                t.rules = TAKE(c->rules);
                t.place = c->place;
                c->place = (struct capture_place){ 0 };
                c->news = false;
        } else {
                t.end = true;
        }
        return t;
}

static void *run(void *data) {
        struct capture *c = data;

        for (;;) {
                struct task t;

                pthread_mutex_lock(&c->lock);
                t = take_task(c);
                pthread_mutex_unlock(&c->lock);
                if (t.end)
                        break;
                if (t.news)
                        begin_use(c, &t.place, t.rules);
                else
                        store(c, t.queued);
                free(t.queued);
                ruleset_unref(t.rules);
                free((char *)(uintptr_t)t.place.folder.p);
        }
        pthread_mutex_lock(&c->lock);
        c->ended = true;
        pthread_cond_signal(&c->wake);
        pthread_mutex_unlock(&c->lock);
        return NULL;
}

/* -- the decision thread -- */

static void wake(struct capture *c, bool asleep) {
        if (asleep)
                pthread_cond_signal(&c->wake);
}

int capture_use(struct capture *c, const struct capture_place *place, struct ruleset *rules) {
        char *folder = calloc(1, place->folder.n + 1), *unread;
        struct ruleset *unused;
        int r = 0;

        if (!folder)
                return -ENOMEM;
        if (place->folder.n)
                memcpy(folder, place->folder.p, place->folder.n);
        pthread_mutex_lock(&c->lock);
        unread = (char *)(uintptr_t)c->place.folder.p;
        unused = c->rules;
        c->place = *place;
        c->place.folder.p = folder;
        c->rules = ruleset_ref(rules);
        c->news = true;
        ++c->use;
        if (!c->running && place->folder.n) {
                r = thread_start(&c->thread, STACK, run, c);
                c->running = r == 0;
        }
        wake(c, c->asleep);
        pthread_mutex_unlock(&c->lock);
        free(unread);
        ruleset_unref(unused);
        atomic_store(&c->on, r == 0 && place->folder.n > 0);
        return r;
}

bool capture_wants(const struct capture *c) {
        return atomic_load_explicit(&c->on, memory_order_relaxed);
}

void capture_put(struct capture *c, uint64_t id, int64_t wall, struct str call) {
        struct queued *q = call.n > CAPTURE_CALL ? NULL : malloc(sizeof(*q) + call.n);
        bool room, asleep;

        if (q) {
                *q = (struct queued){ .id = id, .wall = wall, .n = call.n };
                memcpy(q->call, call.p, call.n);
        }
        pthread_mutex_lock(&c->lock);
        room = q && c->queued + call.n <= CAPTURE_QUEUE;
        if (room) {
                q->use = c->use;
                *c->last = q;
                c->last = &q->next;
                c->queued += call.n;
        }
        ++*(room ? &c->counts.taken : &c->counts.lost);
        asleep = c->asleep;
        c->asleep = false;
        pthread_mutex_unlock(&c->lock);
        if (!room)
                free(q);
        wake(c, asleep);
}

struct capture_counts capture_counts(struct capture *c) {
        struct capture_counts counts;

        pthread_mutex_lock(&c->lock);
        counts = c->counts;
        pthread_mutex_unlock(&c->lock);
        return counts;
}

/* -- the end -- */

static bool end_thread(struct capture *c) {
        struct timespec until = thread_until(clock_monotonic() + LAST_TIME);
        bool ended;

        pthread_mutex_lock(&c->lock);
        c->stop = true;
        pthread_cond_signal(&c->wake);
        while (!c->ended && pthread_cond_timedwait(&c->wake, &c->lock, &until) != ETIMEDOUT)
                ;
        ended = c->ended;
        pthread_mutex_unlock(&c->lock);
        if (ended)
                pthread_join(c->thread, NULL);
        else
                pthread_detach(c->thread);
        return ended;
}

static void say_last(struct capture *c) {
        const struct capture_counts *n = &c->counts;

        if (n->lost + n->unmasked + n->failed)
                say(SAY_WARNING,
                    "capture: %llu calls written; not captured: %llu without room, %llu that can't be "
                    "masked, %llu that can't be written",
                    (unsigned long long)n->written, (unsigned long long)n->lost, (unsigned long long)n->unmasked,
                    (unsigned long long)n->failed);
}

void capture_free(struct capture *c) {
        if (!c)
                return;
        /* The process must end all the same: a thread that hangs keeps what it uses. */
        if (c->running && !end_thread(c)) {
                say(SAY_WARNING, "capture: a write does not return; what waits is not captured");
                return;
        }
        say_last(c);
        while (c->first) {
                struct queued *q = c->first;

                c->first = q->next;
                free(q);
        }
        ruleset_unref(c->rules);
        free((char *)(uintptr_t)c->place.folder.p);
        capture_folder_close(&c->folder);
        masker_free(c->masker);
        arena_deinit(&c->arena);
        pthread_cond_destroy(&c->wake);
        pthread_mutex_destroy(&c->lock);
        free(c);
}
