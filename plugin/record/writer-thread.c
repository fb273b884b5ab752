#include "writer-priv.h"

#include "docksill/base/clock.h"
#include "docksill/base/say.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

#define RETRY 50 /* milliseconds between tries at the end */

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
        int64_t troubled = writer_counts(w).troubled,
                end = (troubled ? troubled : clock_monotonic()) + WRITER_FLUSH_TIME;

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

void *writer_thread(void *data) {
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
