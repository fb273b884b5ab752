#include "vital.h"
#include "docksill/base/clock.h"
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int vital_init(struct vital *v) {
        *v = (struct vital){ .asked = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
                             .answered = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
                             .patience = VITAL_PATIENCE };
        if (v->asked >= 0 && v->answered >= 0)
                return 0;
        return -errno;
}

void vital_deinit(struct vital *v) {
        if (v->asked > 0)
                close(v->asked);
        if (v->answered > 0)
                close(v->answered);
        *v = (struct vital){ 0 };
}

int vital_fd(const struct vital *v) {
        return v->asked;
}

static bool take(int fd) {
        eventfd_t n;

        return eventfd_read(fd, &n) == 0;
}

/* A question that came while nobody waited any more is answered too: the next one clears that away. */
void vital_answer(struct vital *v, bool right) {
        (void)take(v->asked);
        counter_set(&v->right, right);
        (void)eventfd_write(v->answered, 1);
}

void vital_end(struct vital *v) {
        counter_set(&v->ended, 1);
        if (v->answered > 0)
                (void)eventfd_write(v->answered, 1);
}

enum vital_sign vital_ask(struct vital *v, int64_t now) {
        struct pollfd answer = { .fd = v->answered, .events = POLLIN };

        if (v->at && now - v->at < VITAL_PERIOD)
                return v->sign;
        (void)take(v->answered);
        if (counter_read(&v->ended) || eventfd_write(v->asked, 1) < 0 || poll(&answer, 1, v->patience) != 1 ||
            counter_read(&v->ended) || !take(v->answered))
                return VITAL_SILENT;
        v->at = clock_monotonic();
        v->sign = counter_read(&v->right) ? VITAL_RIGHT : VITAL_WRONG;
        return v->sign;
}
