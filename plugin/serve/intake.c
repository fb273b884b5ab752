#include "intake.h"
#include "docksill/base/clock.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define RETRY      50 /* milliseconds */
#define RETRY_TIME (RETRY * INT64_C(1000))

/* There is room again, as far as it is told: while places are taken and left by the second that would be said each
 * time. */
#define IS_ROOMY(n, most) ((n) < (most) - (most) / 8)

/* Those that are open by now: ours, and what we were given. */
static unsigned descriptors_open(void) {
        DIR *folder = opendir("/proc/self/fd");
        unsigned n = 0;

        if (!folder)
                return 16;
        while (readdir(folder))
                ++n;
        closedir(folder);
        return n; /* "." and ".." for those that are to come; one was the folder's */
}

/* As many as are left, but for those that we need ourselves. With few there are fewer of either: a call that can't be
 * accepted waits, while a lookup or a reload without a descriptor fails. */
static unsigned places(void) {
        struct rlimit limit;
        unsigned used = descriptors_open(), left;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return 512;
        if (limit.rlim_cur < INTAKE_MOST + INTAKE_SPARED + used && limit.rlim_cur < limit.rlim_max) {
                limit.rlim_cur = limit.rlim_max < INTAKE_MOST + INTAKE_SPARED + used
                                         ? limit.rlim_max
                                         : INTAKE_MOST + INTAKE_SPARED + used;
                if (setrlimit(RLIMIT_NOFILE, &limit) < 0 && getrlimit(RLIMIT_NOFILE, &limit) < 0)
                        return 512;
        }
        if (limit.rlim_cur >= INTAKE_MOST + INTAKE_SPARED + used)
                return INTAKE_MOST;
        left = limit.rlim_cur > used ? (unsigned)limit.rlim_cur - used : 0;
        left -= left / 2 < INTAKE_SPARED ? left / 2 : INTAKE_SPARED;
        return left ? left : 1;
}

void intake_init(struct intake *in, int fd, unsigned most) {
        *in = (struct intake){ .fd = fd, .most = most ? most : places() };
}

int intake_fd(const struct intake *in) {
        return in->knocks ? -1 : in->fd;
}

static void knock(struct intake *in, bool starved) {
        if (!in->knocks)
                ++in->waited;
        in->knocks = true;
        in->starved = starved;
        in->knocked_at = clock_monotonic();
}

void intake_knock(struct intake *in) {
        knock(in, in->n < in->most);
}

static bool is_want(int error) {
        return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

int intake_next(struct intake *in) {
        int fd;

        if (in->fd < 0)
                return -1;
        if (in->n >= in->most) {
                knock(in, false);
                return -1;
        }
        fd = accept4(in->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
                if (is_want(errno))
                        knock(in, true);
                return -1;
        }
        return fd;
}

void intake_opened(struct intake *in) {
        ++in->n;
        ++in->opened;
}

void intake_closed(struct intake *in) {
        assert(in->n > 0);
        --in->n;
        ++in->closed;
        in->knocks = in->starved = in->leaving = false;
}

void intake_make_room(struct intake *in, const struct list *peers, int64_t now) {
        if (!in->knocks)
                return;
        /* One after the other: each is closed a step or two after it was shut. */
        if (in->leaving && now - in->left_at < RETRY_TIME)
                return;
        in->leaving = peers_shut_one(peers, now);
        in->left_at = now;
        in->shut += in->leaving;
        /* Descriptors come back from elsewhere too. */
        if (in->starved && now - in->knocked_at >= RETRY_TIME)
                in->knocks = in->starved = false;
}

int intake_timeout(const struct intake *in) {
        return in->knocks ? RETRY : -1;
}

enum complaint_news intake_news(struct intake *in, int64_t now) {
        bool full = in->knocks || (in->complaint.told && !IS_ROOMY(in->n, in->most));

        return complaint_news(&in->complaint, full, now);
}
