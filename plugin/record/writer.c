/*
 * Who owns what: the lock guards `front`, the counts and the requests to the thread. `back`, the file and what is said
 * on stderr are the thread's alone. The lock is held for the copy of one record or a swap of two pointers, never across
 * a system call that can wait for a disk.
 */
#include "docksill/record/writer.h"

#include "docksill/base/clock.h"
#include "lines.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define LOSS_ROOM  256          /* behind each buffer: the line that tells of losses always fits */
#define STACK      (128 * 1024) /* bytes */
#define FLUSH_TIME 2000000      /* microseconds that a failing disk has at the end */
#define RETRY      50           /* milliseconds between tries then */
#define HUNG_TIME  1000         /* milliseconds beyond, before a write that does not return is left alone */
#define QUIET_TIME 60000000     /* microseconds between two lines on stderr */

struct writer {
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t wake;
        char *path; /* "-": stdout */
        size_t size;
        unsigned period;

        /* under the lock */
        struct lines front;
        struct writer_counts counts;
        uint64_t untold; /* lost records that no line in the file tells of */
        bool asleep;     /* the thread waits for a first record */
        bool hurry;      /* the front is half full */
        bool reopen, stop, ended;

        /* the thread's */
        struct lines back;
        bool loss_line; /* the last line of back is no record, but tells of losses */
        int fd;
        int64_t said; /* clock_monotonic() of the last line on stderr; 0: none */
        uint64_t said_lost;
};

static bool is_stdout(const struct writer *w) {
        return w->path[0] == '-' && w->path[1] == '\0';
}

/* A crash of the machine may have left a begun line at the end; our first record must not be glued to it. Done as well
 * as can be: where it can't, one line is spoilt. */
static void end_torn_line(int fd, const char *path) {
        cleanup_(closep) int reading = -1;
        struct stat st, other;
        char last = '\n';

        if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
                return;
        reading = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (reading < 0 || fstat(reading, &other) < 0 || other.st_dev != st.st_dev || other.st_ino != st.st_ino)
                return;
        if (pread(reading, &last, 1, st.st_size - 1) == 1 && last != '\n' && write(fd, "\n", 1) < 0)
                return;
}

/* Never waits: opening a FIFO without O_NONBLOCK would wait for a reader, and later each write would. */
static int open_file(const char *path) {
        int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);

        if (fd < 0)
                return -errno;
        end_torn_line(fd, path);
        return fd;
}

/* One line for the person who runs us, at most one a minute, and none when there is no news. */
static void complain(struct writer *w, const char *what, int error) {
        int64_t now = clock_monotonic();
        uint64_t lost;

        if (w->said && now - w->said < QUIET_TIME)
                return;
        w->said = now;
        pthread_mutex_lock(&w->lock);
        lost = w->counts.lost;
        pthread_mutex_unlock(&w->lock);
        w->said_lost = lost;
        fprintf(stderr, "docksill: records: %s %s%s%s; %llu lost so far\n", what,
                is_stdout(w) ? "standard output" : w->path, error ? ": " : "", error ? strerror(error) : "",
                (unsigned long long)lost);
}

/* A line that was begun in the old file and could not be finished or taken back stands whole in the new one. */
static int reopen(struct writer *w) {
        int fd = open_file(w->path);

        if (fd < 0)
                return fd;
        close(w->fd);
        w->fd = fd;
        lines_rewind(&w->back);
        return 0;
}

/* Fits LOSS_ROOM: 28 + 27 + 20 + 20 digits and the names. */
static void add_loss(struct lines *l, uint64_t lost, uint64_t total) {
        char line[LOSS_ROOM];
        struct text t;
        bool fits;

        text_init_fixed(&t, line, sizeof(line));
        text_addz(&t, "{\"schema\":\"docksill.loss/1\",\"time\":\"");
        clock_add_rfc3339(&t, clock_wall());
        text_addf(&t, "\",\"lost\":%llu,\"lost_total\":%llu}\n", (unsigned long long)lost, (unsigned long long)total);
        assert(!t.failed);
        fits = lines_add(l, text_str(&t));
        assert(fits);
}

/* Makes the front the back, when the back is empty. What was lost was lost after what is in the buffer. */
static void take_front(struct writer *w) {
        struct lines empty = w->back;

        assert(w->back.n == 0);
        w->back = w->front;
        w->front = empty;
        w->hurry = false;
        w->loss_line = w->untold > 0;
        if (w->untold) {
                add_loss(&w->back, w->untold, w->counts.lost);
                w->untold = 0;
        }
}

static void finish_back(struct writer *w) {
        bool calm = w->back.n <= LINES_KEPT;

        pthread_mutex_lock(&w->lock);
        w->counts.written += w->back.count - w->loss_line;
        pthread_mutex_unlock(&w->lock);
        lines_reset(&w->back);
        /* Not in the middle of a burst: the next records would only fetch the pages again. */
        if (calm)
                lines_trim(&w->back);
}

/* One round: takes over, opens anew when asked, writes. Returns 0 or a negative errno. */
static int round_trip(struct writer *w) {
        bool again, news;
        int r = 0, r_open = 0;

        pthread_mutex_lock(&w->lock);
        if (w->back.n == 0)
                take_front(w);
        again = w->reopen;
        w->reopen = false;
        news = w->counts.lost > w->said_lost;
        pthread_mutex_unlock(&w->lock);

        if (again && !is_stdout(w))
                r_open = reopen(w);
        r = lines_write(&w->back, w->fd);
        if (r == 0)
                finish_back(w);

        pthread_mutex_lock(&w->lock);
        w->reopen = w->reopen || r_open < 0;
        w->counts.failing = r < 0;
        pthread_mutex_unlock(&w->lock);
        if (r < 0)
                complain(w, "can't write", -r);
        else if (r_open < 0)
                complain(w, "can't open anew", -r_open);
        else if (news)
                complain(w, "too many at once for", 0);
        return r;
}

static struct timespec after(unsigned milliseconds) {
        int64_t at = clock_monotonic() + (int64_t)milliseconds * 1000;

        return (struct timespec){ .tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000 };
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
        while (!w->stop && !(w->hurry && w->back.n == 0) &&
               pthread_cond_timedwait(&w->wake, &w->lock, &until) != ETIMEDOUT)
                ;
        stop = w->stop;
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

        pthread_mutex_lock(&w->lock);
        lost = records - written + w->front.count;
        w->counts.written += written;
        w->counts.lost += lost;
        pthread_mutex_unlock(&w->lock);
        w->said = 0;
        if (lost)
                complain(w, "can't write", error);
}

static void flush(struct writer *w) {
        int64_t end = clock_monotonic() + FLUSH_TIME;

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

static void *run(void *data) {
        struct writer *w = data;

        while (wait_for_work(w))
                (void)round_trip(w); /* tried again in the next round */
        flush(w);
        pthread_mutex_lock(&w->lock);
        w->ended = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        return NULL;
}

static int start_thread(struct writer *w) {
        pthread_attr_t attributes;
        sigset_t all, before;
        int r = pthread_attr_init(&attributes);

        if (r)
                return -r;
        r = pthread_attr_setstacksize(&attributes, STACK);
        assert(r == 0);
        /* A new thread inherits the mask: signals are the decision thread's. A closed pipe then is EPIPE, no SIGPIPE.
         */
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        r = pthread_create(&w->thread, &attributes, run, w);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
        return -r;
}

static int init_locks(struct writer *w) {
        pthread_condattr_t attributes;
        int r = pthread_condattr_init(&attributes);

        if (r)
                return -r;
        /* The wall clock may be set back; then a period would last until it has caught up. */
        r = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        assert(r == 0);
        r = pthread_cond_init(&w->wake, &attributes);
        pthread_condattr_destroy(&attributes);
        if (r)
                return -r;
        r = pthread_mutex_init(&w->lock, NULL);
        if (r)
                pthread_cond_destroy(&w->wake);
        return -r;
}

/* All that is not the thread. */
static void release(struct writer *w) {
        if (w->fd >= 0 && !is_stdout(w))
                close(w->fd);
        lines_deinit(&w->front);
        lines_deinit(&w->back);
        free(w->path);
        free(w);
}
DEFINE_CLEANUP(struct writer *, release);

int writer_new_with(struct writer **out, const struct writer_options *options) {
        cleanup_(releasep) struct writer *w = calloc(1, sizeof(*w));
        int r;

        if (!w)
                return -ENOMEM;
        w->fd = -1;
        w->size = options->buffer;
        w->period = options->period;
        w->path = strdup(options->path);
        if (!w->path) {
                free(TAKE(w));
                return -ENOMEM;
        }
        r = lines_init(&w->front, w->size + LOSS_ROOM);
        if (r == 0)
                r = lines_init(&w->back, w->size + LOSS_ROOM);
        if (r < 0)
                return r;
        w->fd = is_stdout(w) ? STDOUT_FILENO : open_file(w->path);
        if (w->fd < 0)
                return w->fd;
        r = init_locks(w);
        if (r < 0)
                return r;
        r = start_thread(w);
        if (r < 0) {
                pthread_cond_destroy(&w->wake);
                pthread_mutex_destroy(&w->lock);
                return r;
        }
        *out = TAKE(w);
        return 0;
}

int writer_new(struct writer **out, const char *path) {
        struct writer_options options = { .path = path, .buffer = WRITER_BUFFER, .period = WRITER_PERIOD };

        return writer_new_with(out, &options);
}

/* Whether the thread has come to its end in time. A write to a dead network disk may never return. */
static bool end_thread(struct writer *w) {
        struct timespec until = after(FLUSH_TIME / 1000 + HUNG_TIME);
        bool ended;

        pthread_mutex_lock(&w->lock);
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
        /* The process must end all the same, so a thread that hangs keeps what it uses. */
        if (!w || !end_thread(w))
                return;
        pthread_cond_destroy(&w->wake);
        pthread_mutex_destroy(&w->lock);
        release(w);
}

bool writer_put(struct writer *w, struct str line) {
        bool whole = line.n > 0 && line.p[line.n - 1] == '\n', room, wake;

        pthread_mutex_lock(&w->lock);
        room = whole && line.n <= w->size - w->front.n && lines_add(&w->front, line);
        if (room) {
                ++w->counts.queued;
        } else {
                ++w->counts.lost;
                ++w->untold;
        }
        wake = w->asleep || (!w->hurry && w->front.n >= w->size / 2);
        w->asleep = false;
        w->hurry = w->front.n >= w->size / 2;
        pthread_mutex_unlock(&w->lock);
        if (wake)
                pthread_cond_signal(&w->wake);
        return room;
}

void writer_reopen(struct writer *w) {
        pthread_mutex_lock(&w->lock);
        w->reopen = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
}

struct writer_counts writer_counts(struct writer *w) {
        struct writer_counts counts;

        pthread_mutex_lock(&w->lock);
        counts = w->counts;
        pthread_mutex_unlock(&w->lock);
        return counts;
}
