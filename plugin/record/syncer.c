#include "syncer.h"

#include "docksill/base/thread.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>

#define STACK (64 * 1024) /* bytes */

enum state {
        RUNNING,
        AGAIN, /* asked once more meanwhile */
        DONE,  /* the thread has ended: it is the syncer's alone */
        LEFT,  /* the syncer has ended: it is the thread's alone */
};

struct syncing {
        int fd;
        atomic_int error;
        _Atomic(enum state) state;
};

static void syncing_free(struct syncing *s) {
        close(s->fd);
        free(s);
}

static bool turn(struct syncing *s, enum state from, enum state to) {
        return atomic_compare_exchange_strong(&s->state, &from, to);
}

static void *run(void *context) {
        const struct timespec period = { .tv_sec = SYNCER_PERIOD / 1000, .tv_nsec = SYNCER_PERIOD % 1000 * 1000000 };
        struct syncing *s = context;

        do {
                if (fdatasync(s->fd) < 0)
                        atomic_store(&s->error, errno);
                nanosleep(&period, NULL);
                if (turn(s, RUNNING, DONE))
                        return NULL;
        } while (turn(s, AGAIN, RUNNING));
        syncing_free(s);
        return NULL;
}

static void start(struct syncer *out, int fd) {
        struct syncing *s = calloc(1, sizeof(*s));

        if (!s)
                return;
        s->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        if (s->fd < 0) {
                free(s);
                return;
        }
        if (thread_start(NULL, STACK, run, s) < 0)
                syncing_free(s);
        else
                out->syncing = s;
}

int syncer_ask(struct syncer *s, int fd) {
        enum state seen = RUNNING;
        int error = 0;

        if (s->syncing) {
                error = atomic_exchange(&s->syncing->error, 0);
                if (atomic_compare_exchange_strong(&s->syncing->state, &seen, AGAIN) || seen == AGAIN)
                        return -error;
                if (error == 0)
                        error = atomic_load(&s->syncing->error);
                syncing_free(TAKE(s->syncing));
        }
        start(s, fd);
        return -error;
}

void syncer_deinit(struct syncer *s) {
        struct syncing *syncing = TAKE(s->syncing);

        if (syncing && atomic_exchange(&syncing->state, LEFT) == DONE)
                syncing_free(syncing);
}
