/*
 * Who owns what: the lock guards `front`, the counts and the requests to the thread. `back`, the file and what is said
 * on stderr are the thread's alone, and so is the chain but for the count of links. The lock is held for the copy of
 * one record or a swap of two pointers, never across a system call that can wait for a disk.
 */
#include "docksill/record/writer.h"

#include "docksill/base/clock.h"
#include "docksill/base/say.h"
#include "docksill/base/thread.h"
#include "journal.h"
#include "links.h"
#include "outlet.h"
#include "trouble.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>

#define STACK      (128 * 1024) /* bytes */
#define FLUSH_TIME 2000000      /* microseconds that a failing disk has at the end */
#define RETRY      50           /* milliseconds between tries then */
#define HUNG_TIME  1000         /* milliseconds beyond, before a write that does not return is left alone */
#define HUNG_LATE  10000000     /* microseconds after which a write that does not return has nothing more to hope for */

struct writer {
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t wake;
        size_t size;
        unsigned period;

        /* under the lock */
        struct lines front;
        struct writer_counts counts;
        uint64_t front_refused;  /* records of RECORD_REFUSED in the front */
        uint64_t untold;         /* lost records that no line in the file tells of */
        uint64_t untold_refused; /* those of them that were refusals */
        bool asleep;             /* the thread waits for a first record */
        bool hurry;              /* the front is half full, or somebody waits for what is in it */
        bool watched;            /* somebody waits for room */
        uint64_t awaited;        /* or until so many records are written */
        bool eager;              /* the pipe that was full is read from */
        bool reopen, stop, ended;
        enum journal_wants journal_wants;
        int64_t journal_patience; /* microseconds */
        enum record_sync sync;

        /* the thread's */
        struct lines back;
        uint64_t back_refused;
        uint64_t seen_lost; /* lost, at the last round */
        bool loss_line;     /* the last line of back is no record, but tells of losses */
        struct outlet outlet;
        struct trouble trouble;
        struct journal journal;
        struct links links; /* its numbers are under the lock */

        int news; /* an eventfd */
};

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

/* Under the lock. */
static void tell_news(struct writer *w) {
        if (w->watched && eventfd_write(w->news, 1) == 0)
                w->watched = false;
}

/* Under the lock: so many more are written. */
static void tell_written(struct writer *w, uint64_t n) {
        bool awaited = w->counts.written < w->awaited;

        w->counts.written += n;
        w->watched = w->watched || awaited;
        tell_news(w);
}

/* Makes the front the back, when the back is empty. What was lost was lost after what is in the buffer. */
static void take_front(struct writer *w) {
        struct lines empty = w->back;

        assert(w->back.n == 0);
        w->back = w->front;
        w->front = empty;
        w->back_refused = w->front_refused;
        w->front_refused = 0;
        w->hurry = false;
        w->loss_line = w->untold > 0;
        if (w->untold) {
                links_add_loss(&w->links, &w->back, w->untold, w->untold_refused, w->counts.lost);
                w->untold = w->untold_refused = 0;
        }
        tell_news(w);
}

/* Calls are about to wait for the file. */
static bool is_pressed(void *context) {
        struct writer *w = context;
        bool pressed;

        pthread_mutex_lock(&w->lock);
        pressed = w->front.n >= w->size / 2;
        pthread_mutex_unlock(&w->lock);
        return pressed;
}

/* What the file has by now. */
static void tell_journal(struct writer *w) {
        struct journal_round round = { .pressed = is_pressed, .context = w };
        struct journal_outcome outcome;

        pthread_mutex_lock(&w->lock);
        round.wants = w->journal_wants;
        round.patience = w->journal_patience;
        pthread_mutex_unlock(&w->lock);
        outcome = journal_tell(&w->journal, (struct str){ w->back.p, w->back.n }, &round);
        pthread_mutex_lock(&w->lock);
        w->counts.journaled += outcome.sent;
        w->counts.journal_missed += outcome.missed;
        pthread_mutex_unlock(&w->lock);
}

/* Refusals are to survive a failure of the machine, too: unless it is asked for otherwise they are synced, soon.
 * Returns 0, or the errno of a sync. */
static int sync_back(struct writer *w, enum record_sync sync) {
        if (w->back.count == 0)
                return 0;
        if (sync == RECORD_SYNC_EACH)
                return outlet_sync_now(&w->outlet);
        return sync == RECORD_SYNC_INTERVAL || (sync == RECORD_SYNC_REFUSALS && w->back_refused)
                       ? outlet_sync(&w->outlet)
                       : 0;
}

/* Returns as sync_back(). */
static int finish_back(struct writer *w, enum record_sync sync) {
        bool calm = w->back.n <= LINES_KEPT;
        int r = sync_back(w, sync);

        pthread_mutex_lock(&w->lock);
        tell_written(w, w->back.count - w->loss_line);
        pthread_mutex_unlock(&w->lock);
        tell_journal(w);
        lines_reset(&w->back);
        /* Not in the middle of a burst: the next records would only fetch the pages again. */
        if (calm)
                lines_trim(&w->back);
        return r;
}

/* What is to be said of a round. A minute must have passed since the last complaint, but not to say that it is over. */
static void comment(struct writer *w, int r, int r_open, int r_sync, bool news) {
        struct writer_counts counts = writer_counts(w);

        if (r < 0)
                trouble_say(&w->trouble, &counts, "can't write", -r);
        else if (r_open < 0)
                trouble_say(&w->trouble, &counts, "can't open anew", -r_open);
        else if (r_sync < 0)
                trouble_say(&w->trouble, &counts, "the disk has not stored all of", -r_sync);
        else if (news)
                trouble_say(&w->trouble, &counts, "too many at once for", 0);
        else if (w->trouble.complaint.told)
                trouble_over(&w->trouble, &counts);
        else if (w->seen_lost > w->trouble.said_lost)
                trouble_say(&w->trouble, &counts, "too many at once for", 0);
}

/* What is written is found by nobody; that is said. */
static bool is_astray(const struct outlet *o) {
        const char *why = outlet_is_deleted(o)     ? "was deleted"
                          : outlet_is_unmounted(o) ? "is on another file system than what was written"
                                                   : NULL;

        if (why)
                say(SAY_WARNING, "records: %s %s; a new one is begun", outlet_name(o), why);
        return why;
}

/* One round: takes over, opens anew when asked, writes. Returns 0 or a negative errno. */
static int round_trip(struct writer *w) {
        bool again, news, taken;
        int r = 0, r_open = 0, r_sync = 0;
        enum record_sync sync;
        size_t done;

        pthread_mutex_lock(&w->lock);
        taken = w->back.n == 0;
        if (taken)
                take_front(w);
        sync = w->sync;
        again = w->reopen;
        w->reopen = false;
        news = w->counts.lost > w->seen_lost;
        w->seen_lost = w->counts.lost;
        if (!w->counts.troubled)
                w->counts.troubled = clock_monotonic();
        pthread_mutex_unlock(&w->lock);

        if (taken)
                links_seal(&w->links, &w->back);
        if (!again && is_astray(&w->outlet))
                again = true;
        if (again && !outlet_is_stdout(&w->outlet)) {
                r_open = outlet_reopen(&w->outlet);
                /* A line that was begun in the old file and could not be finished or taken back stands whole in the
                 * new. */
                if (r_open == 0)
                        lines_rewind(&w->back);
        }
        done = w->back.done;
        r = lines_write(&w->back, w->outlet.fd, outlet_is_stdout(&w->outlet));
        if (r == 0)
                r_sync = finish_back(w, sync);

        pthread_mutex_lock(&w->lock);
        w->reopen = w->reopen || r_open < 0;
        w->counts.failing = r < 0;
        if (r == 0)
                w->counts.troubled = 0;
        else if (w->back.done > done)
                w->counts.troubled = clock_monotonic(); /* slow, but it takes something */
        pthread_mutex_unlock(&w->lock);
        comment(w, r, r_open, r_sync, news);
        return r;
}

static struct timespec after(unsigned milliseconds) {
        return thread_until(clock_monotonic() + (int64_t)milliseconds * 1000);
}

/* Nothing to write, to open or to give back: then we sleep until there is. */
static bool idle(const struct writer *w) {
        return w->front.n == 0 && w->back.n == 0 && !w->untold && !w->reopen && w->front.touched <= LINES_KEPT &&
               w->back.touched <= LINES_KEPT;
}

/* Waits for a first record, then a period for more to come. Returns whether to go on. */
static bool wait_for_work(struct writer *w) {
        struct timespec until;
        bool stop;

        pthread_mutex_lock(&w->lock);
        while (!w->stop && idle(w)) {
                w->asleep = true;
                pthread_cond_wait(&w->wake, &w->lock);
        }
        w->asleep = false;
        until = after(w->period);
        while (!w->stop && !w->eager && !(w->hurry && w->back.n == 0) &&
               pthread_cond_timedwait(&w->wake, &w->lock, &until) != ETIMEDOUT)
                ;
        stop = w->stop;
        w->eager = false;
        pthread_mutex_unlock(&w->lock);
        return !stop;
}

static bool all_written(struct writer *w) {
        bool empty;

        pthread_mutex_lock(&w->lock);
        empty = w->front.n == 0 && w->back.n == 0 && !w->untold;
        pthread_mutex_unlock(&w->lock);
        return empty;
}

/* What stays unwritten at the end is lost: the last word on it, whether or not a minute has passed. */
static void give_up(struct writer *w, int error) {
        uint64_t records = w->back.count - w->loss_line, written = lines_written(&w->back), lost;
        struct writer_counts counts;

        pthread_mutex_lock(&w->lock);
        lost = records - written + w->front.count;
        w->counts.written += written;
        w->counts.lost += lost;
        w->counts.lost_refused +=
                w->front_refused + (w->back_refused < records - written ? w->back_refused : records - written);
        counts = w->counts;
        pthread_mutex_unlock(&w->lock);
        w->trouble.complaint = (struct complaint){ 0 };
        if (lost)
                trouble_say(&w->trouble, &counts, "can't write", error);
}

/* What has failed for long is not waited for at the end: dockerd's calls wait for our successor. */
static void flush(struct writer *w) {
        int64_t troubled = writer_counts(w).troubled, end = (troubled ? troubled : clock_monotonic()) + FLUSH_TIME;

        while (!all_written(w)) {
                int r = round_trip(w);

                if (r < 0 && clock_monotonic() >= end) {
                        give_up(w, -r);
                        return;
                }
                if (r < 0)
                        nanosleep(&(struct timespec){ .tv_nsec = RETRY * 1000000L }, NULL);
        }
}

/* A pipe is full: as soon as it is read from, more than its size can pass in a period. */
static void wait_for_reader(struct writer *w) {
        struct pollfd ready = { .fd = w->outlet.fd, .events = POLLOUT };

        (void)poll(&ready, 1, (int)(w->period < 1000 ? w->period : 1000));
        pthread_mutex_lock(&w->lock);
        w->hurry = w->hurry || w->front.n >= w->size / 2;
        w->eager = ready.revents != 0;
        pthread_mutex_unlock(&w->lock);
}

static void *run(void *data) {
        struct writer *w = data;
        struct writer_counts counts;

        while (wait_for_work(w)) {
                int r = round_trip(w); /* tried again in the next round */

                if (r == -EAGAIN)
                        wait_for_reader(w);
        }
        flush(w);
        counts = writer_counts(w);
        trouble_last(&w->trouble, &counts);
        pthread_mutex_lock(&w->lock);
        w->ended = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        return NULL;
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
        r = thread_start(&w->thread, STACK, run, w);
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

        return hung ? HUNG_TIME / 10 : FLUSH_TIME / 1000 + HUNG_TIME;
}

/* Whether the thread has come to its end in time. A write to a dead network disk may never return. */
static bool end_thread(struct writer *w) {
        struct timespec until;
        bool ended;

        pthread_mutex_lock(&w->lock);
        until = after(patience(w, clock_monotonic()));
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
