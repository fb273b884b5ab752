#include "docksill/host/pool.h"

#include "docksill/base/thread.h"
#include <assert.h>
#include <errno.h>
#include <sys/eventfd.h>

/* Bytes; compiling rules needs the most. Only what is touched takes memory. */
#define STACK (1024 * 1024)

struct pool {
        pthread_mutex_t lock;
        pthread_cond_t pending;
        struct job *waiting, **waiting_end; /* not begun, oldest first */
        struct job *done, **done_end;       /* finished, for pool_next() */
        unsigned threads, started, idle, n_waiting, queued;
        unsigned lost; /* threads whose job was abandoned while it ran */
        unsigned refs; /* the owner and each running thread: a stuck one outlives pool_free() */
        int fd;
        bool ending;
};

static void pool_unref_locked(struct pool *p) {
        bool last = --p->refs == 0;

        pthread_mutex_unlock(&p->lock);
        if (!last)
                return;
        assert(!p->waiting && !p->done);
        pthread_cond_destroy(&p->pending);
        pthread_mutex_destroy(&p->lock);
        close(p->fd);
        free(p);
}

static void append(struct job ***end, struct job *job) {
        job->next = NULL;
        **end = job;
        *end = &job->next;
}

static struct job *take(struct job **first, struct job ***end) {
        struct job *job = *first;

        if (job) {
                *first = job->next;
                if (!*first)
                        *end = first;
        }
        return job;
}

/* A finished job goes to its giver, or away when nobody waits for it any more. Says whether the giver is to be woken:
 * it takes all there are, so only for the first; and when no thread is lost any more. */
static bool finish_locked(struct pool *p, struct job *job) {
        bool first = !p->done, back = job->abandoned && job->running;

        job->finished = true;
        p->lost -= back;
        if (job->abandoned || p->ending) {
                job->free(job);
                return back && p->lost == 0 && !p->ending;
        }
        append(&p->done_end, job);
        return first;
}

/* Takes the lock again. The giver is woken without it, or it would run into it at once. */
static void wake_giver(struct pool *p) {
        pthread_mutex_unlock(&p->lock);
        (void)eventfd_write(p->fd, 1);
        pthread_mutex_lock(&p->lock);
}

static void *pool_thread(void *context) {
        struct pool *p = context;

        pthread_mutex_lock(&p->lock);
        while (!p->ending) {
                struct job *job = take(&p->waiting, &p->waiting_end);

                if (!job) {
                        ++p->idle;
                        pthread_cond_wait(&p->pending, &p->lock);
                        --p->idle;
                        continue;
                }
                --p->n_waiting;
                if (!job->abandoned) {
                        job->running = true;
                        pthread_mutex_unlock(&p->lock);
                        job->run(job);
                        pthread_mutex_lock(&p->lock);
                }
                if (finish_locked(p, job))
                        wake_giver(p);
        }
        pool_unref_locked(p);
        return NULL;
}

int pool_new(struct pool **out, unsigned threads, unsigned queued) {
        struct pool *p = calloc(1, sizeof(*p));

        assert(threads > 0);
        if (!p)
                return -ENOMEM;
        p->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (p->fd < 0) {
                int r = -errno;

                free(p);
                return r;
        }
        pthread_mutex_init(&p->lock, NULL);
        pthread_cond_init(&p->pending, NULL);
        p->waiting_end = &p->waiting;
        p->done_end = &p->done;
        p->threads = threads;
        p->queued = queued;
        p->refs = 1;
        *out = p;
        return 0;
}

void pool_free(struct pool *p) {
        struct job *job;

        if (!p)
                return;
        pthread_mutex_lock(&p->lock);
        p->ending = true;
        while ((job = take(&p->waiting, &p->waiting_end)))
                job->free(job);
        while ((job = take(&p->done, &p->done_end)))
                job->free(job);
        pthread_cond_broadcast(&p->pending);
        pool_unref_locked(p);
}

int pool_fd(const struct pool *p) {
        return p->fd;
}

int pool_submit(struct pool *p, struct job *job) {
        int r = 0;

        pthread_mutex_lock(&p->lock);
        if (p->n_waiting >= p->idle && p->started < p->threads) {
                ++p->refs;
                if (thread_start(NULL, STACK, pool_thread, p) == 0)
                        ++p->started;
                else
                        --p->refs;
        }
        if (p->started == 0 || p->n_waiting >= p->queued) {
                r = -EAGAIN;
        } else {
                job->abandoned = job->finished = job->running = false;
                append(&p->waiting_end, job);
                ++p->n_waiting;
        }
        pthread_mutex_unlock(&p->lock);
        if (r == 0)
                pthread_cond_signal(&p->pending);
        return r;
}

struct job *pool_next(struct pool *p) {
        struct job *job;
        eventfd_t ignored;

        pthread_mutex_lock(&p->lock);
        job = take(&p->done, &p->done_end);
        if (!job)
                (void)eventfd_read(p->fd, &ignored);
        pthread_mutex_unlock(&p->lock);
        return job;
}

unsigned pool_lost(struct pool *p) {
        unsigned lost;

        pthread_mutex_lock(&p->lock);
        lost = p->lost;
        pthread_mutex_unlock(&p->lock);
        return lost;
}

/* Takes @job out of the finished ones; they are few. */
static void forget_done(struct pool *p, struct job *job) {
        struct job **at = &p->done;

        while (*at && *at != job)
                at = &(*at)->next;
        if (!*at)
                return;
        *at = job->next;
        if (!*at)
                p->done_end = at;
}

bool pool_abandon(struct pool *p, struct job *job) {
        bool stuck = false;

        pthread_mutex_lock(&p->lock);
        if (job->finished) {
                forget_done(p, job);
                job->free(job);
        } else {
                job->abandoned = true;
                stuck = job->running;
                p->lost += stuck;
        }
        pthread_mutex_unlock(&p->lock);
        return stuck;
}
