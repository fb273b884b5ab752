#include "docksill/record/metrics.h"
#include "docksill/base/clock.h"
#include "docksill/engine/operation.h"

void metrics_init(struct metrics *m) {
        *m = (struct metrics){ .started = clock_wall() };
        (void)pthread_mutex_init(&m->lock, NULL); /* can't fail without attributes */
}

void metrics_deinit(struct metrics *m) {
        tally_unref(TAKE(m->tally));
        pthread_mutex_destroy(&m->lock);
}

int metrics_use(struct metrics *m, const struct tally_of *of) {
        struct tally *before = m->tally, *made = NULL;
        int r = tally_new(&made, of, before);

        if (r < 0)
                return r;
        pthread_mutex_lock(&m->lock);
        m->tally = made;
        pthread_mutex_unlock(&m->lock);
        tally_unref(before);
        return 0;
}

struct tally *metrics_tally(struct metrics *m) {
        struct tally *t;

        pthread_mutex_lock(&m->lock);
        t = m->tally ? tally_ref(m->tally) : NULL;
        pthread_mutex_unlock(&m->lock);
        return t;
}

static void count(struct metrics_calls *calls, const struct decision *d) {
        counter_add(&calls->requests, 1);
        if (!d->allow)
                counter_add(&calls->denied, 1);
        else if (d->would == VERDICT_DENY)
                counter_add(&calls->would_deny, 1);
        else if (d->verdict == VERDICT_ALLOW)
                counter_add(&calls->allowed, 1);
        else
                counter_add(&calls->warned, 1);
}

void metrics_decided(struct metrics *m, const struct decision *d, const struct operation *operation, int64_t duration) {
        count(&m->calls, d);
        if (m->tally)
                tally_add(m->tally, d, operation);
        histogram_add(&m->durations, &histogram_durations, duration > 0 ? duration : 0);
        if (!operation || !(operation->flags & OPERATION_READ))
                histogram_add(&m->points, &histogram_points, d->points);
}
