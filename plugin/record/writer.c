#include "docksill/record/writer.h"

#include "docksill/base/clock.h"
#include "writer-priv.h"
#include <errno.h>
#include <sys/eventfd.h>

#define STACK     (128 * 1024) /* bytes */
#define HUNG_TIME 1000         /* milliseconds beyond, before a write that does not return is left alone */
#define HUNG_LATE 10000000     /* microseconds after which a write that does not return has nothing more to hope for */

/* How much of a buffer a class may fill: what is left is for those above it. */
static size_t room_for(size_t size, enum record_class class) {
        switch (class) {
        case RECORD_REFUSED: return size;
        case RECORD_WARNED: return size / 8 * 7;
        case RECORD_CHANGED: return size / 4 * 3;
        case RECORD_READ: break;
        }
        return size / 8 * 5;
}

static int init_locks(struct writer *w) {
        int r = thread_condition_init(&w->wake);

        if (r < 0)
                return r;
        r = pthread_mutex_init(&w->lock, NULL);
        if (r)
                pthread_cond_destroy(&w->wake);
        return -r;
}

/* All that is not the thread. */
static void release(struct writer *w) {
        outlet_close(&w->outlet);
        links_deinit(&w->links);
        if (w->news >= 0)
                close(w->news);
        lines_deinit(&w->front);
        lines_deinit(&w->back);
        journal_deinit(&w->journal);
        free(w);
}
DEFINE_CLEANUP(struct writer *, release);

int writer_new_with(struct writer **out, const struct writer_options *options) {
        cleanup_(releasep) struct writer *w = calloc(1, sizeof(*w));
        int r;

        if (!w)
                return -ENOMEM;
        w->news = -1;
        w->size = options->buffer;
        w->period = options->period;
        journal_init(&w->journal, options->journal ? options->journal : JOURNAL_SOCKET);
        r = lines_init(&w->front, w->size + LINKS_LOSS_ROOM);
        if (r == 0)
                r = lines_init(&w->back, w->size + LINKS_LOSS_ROOM);
        if (r < 0)
                return r;
        r = links_init(&w->links, options->after);
        if (r == 0)
                r = outlet_open(&w->outlet, options->path);
        if (r < 0)
                return r;
        w->trouble.name = outlet_name(&w->outlet);
        w->news = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (w->news < 0)
                return -errno;
        r = init_locks(w);
        if (r < 0)
                return r;
        r = thread_start(&w->thread, STACK, writer_thread, w);
        if (r < 0) {
                pthread_cond_destroy(&w->wake);
                pthread_mutex_destroy(&w->lock);
                return WRITER_E_THREAD;
        }
        *out = TAKE(w);
        return 0;
}

int writer_new(struct writer **out, const char *path, const struct chain_head *after) {
        struct writer_options options = {
                .path = path, .buffer = WRITER_BUFFER, .period = WRITER_PERIOD, .after = after
        };

        return writer_new_with(out, &options);
}

/* Milliseconds that the thread has to come to its end. None where its write has hung for long already. */
static unsigned patience(const struct writer *w, int64_t now) {
        bool hung = w->counts.troubled && !w->counts.failing && now - w->counts.troubled > HUNG_LATE;

        return hung ? HUNG_TIME / 10 : WRITER_FLUSH_TIME / 1000 + HUNG_TIME;
}

/* Whether the thread has come to its end in time. A write to a dead network disk may never return. */
static bool end_thread(struct writer *w) {
        struct timespec until;
        bool ended;

        pthread_mutex_lock(&w->lock);
        until = thread_until(clock_monotonic() + (int64_t)patience(w, clock_monotonic()) * 1000);
        w->stop = true;
        pthread_cond_signal(&w->wake);
        while (!w->ended && pthread_cond_timedwait(&w->wake, &w->lock, &until) != ETIMEDOUT)
                ;
        ended = w->ended;
        pthread_mutex_unlock(&w->lock);
        if (ended)
                pthread_join(w->thread, NULL);
        else
                pthread_detach(w->thread);
        return ended;
}

void writer_free(struct writer *w) {
        struct writer_counts counts;

        if (!w)
                return;
        /* The process must end all the same, so a thread that hangs keeps what it uses. */
        if (!end_thread(w)) {
                counts = writer_counts(w); /* the thread can't say it */
                trouble_hung(&w->trouble, &counts);
                return;
        }
        pthread_cond_destroy(&w->wake);
        pthread_mutex_destroy(&w->lock);
        release(w);
}

uint64_t writer_put(struct writer *w, struct str line, enum record_class class) {
        bool whole = line.n > 0 && line.p[line.n - 1] == '\n', wake;
        size_t n = links_room(&w->links, line.n);
        uint64_t number = 0;

        pthread_mutex_lock(&w->lock);
        if (whole && w->front.n + n <= room_for(w->size, class) && links_add(&w->links, &w->front, line))
                number = ++w->counts.queued;
        if (number)
                w->front_refused += class == RECORD_REFUSED;
        else
                w->watched = true;
        wake = w->asleep || (!w->hurry && w->front.n >= w->size / 2);
        w->asleep = false;
        w->hurry = w->hurry || w->front.n >= w->size / 2;
        pthread_mutex_unlock(&w->lock);
        if (wake)
                pthread_cond_signal(&w->wake);
        return number;
}

void writer_lose(struct writer *w, enum record_class class) {
        bool wake;

        pthread_mutex_lock(&w->lock);
        ++w->counts.lost;
        ++w->untold;
        w->counts.lost_refused += class == RECORD_REFUSED;
        w->untold_refused += class == RECORD_REFUSED;
        wake = w->asleep;
        w->asleep = false;
        pthread_mutex_unlock(&w->lock);
        if (wake)
                pthread_cond_signal(&w->wake);
}

void writer_hurry(struct writer *w) {
        pthread_mutex_lock(&w->lock);
        w->hurry = true;
        w->awaited = w->counts.queued;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
}

int writer_fd(const struct writer *w) {
        return w->news;
}

void writer_reopen(struct writer *w) {
        pthread_mutex_lock(&w->lock);
        w->reopen = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
}

void writer_use_journal(struct writer *w, enum journal_wants wants, int64_t patience) {
        pthread_mutex_lock(&w->lock);
        w->journal_wants = wants;
        w->journal_patience = patience;
        pthread_mutex_unlock(&w->lock);
}

void writer_sync(struct writer *w, enum record_sync sync) {
        pthread_mutex_lock(&w->lock);
        w->sync = sync;
        pthread_mutex_unlock(&w->lock);
}

struct writer_counts writer_counts(struct writer *w) {
        struct writer_counts counts;

        pthread_mutex_lock(&w->lock);
        counts = w->counts;
        pthread_mutex_unlock(&w->lock);
        return counts;
}
