#include "docksill/base/clock.h"
#include "docksill/base/thread.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define STACK (128 * 1024)

static void *look_at_mask(void *context) {
        pthread_sigmask(SIG_SETMASK, NULL, context);
        return NULL;
}

static void signals_are_not_the_threads(void **state) {
        sigset_t ours, seen;
        pthread_t thread;

        (void)state;
        sigemptyset(&seen);
        assert_int_equal(thread_start(&thread, STACK, look_at_mask, &seen), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_true(sigismember(&seen, SIGTERM));
        assert_true(sigismember(&seen, SIGPIPE));
        pthread_sigmask(SIG_SETMASK, NULL, &ours);
        assert_false(sigismember(&ours, SIGTERM));
}

struct meeting {
        pthread_mutex_t lock;
        pthread_cond_t met;
        bool there;
};

static void *come(void *context) {
        struct meeting *m = context;

        pthread_mutex_lock(&m->lock);
        m->there = true;
        pthread_cond_signal(&m->met);
        pthread_mutex_unlock(&m->lock);
        return NULL;
}

static void one_that_nobody_joins_runs_too(void **state) {
        struct meeting m = { .lock = PTHREAD_MUTEX_INITIALIZER };
        struct timespec until = thread_until(clock_monotonic() + 10 * INT64_C(1000000));

        (void)state;
        assert_int_equal(thread_condition_init(&m.met), 0);
        assert_int_equal(thread_start(NULL, STACK, come, &m), 0);
        pthread_mutex_lock(&m.lock);
        while (!m.there)
                assert_int_equal(pthread_cond_timedwait(&m.met, &m.lock, &until), 0);
        pthread_mutex_unlock(&m.lock);
        pthread_cond_destroy(&m.met);
}

static void a_wait_ends_by_the_monotonic_clock(void **state) {
        struct meeting m = { .lock = PTHREAD_MUTEX_INITIALIZER };
        const int64_t at = clock_monotonic() + 20000;
        struct timespec until = thread_until(at);

        (void)state;
        assert_int_equal(thread_condition_init(&m.met), 0);
        pthread_mutex_lock(&m.lock);
        while (pthread_cond_timedwait(&m.met, &m.lock, &until) != ETIMEDOUT)
                ;
        pthread_mutex_unlock(&m.lock);
        assert_true(clock_monotonic() >= at);
        assert_true(clock_monotonic() < at + 5 * INT64_C(1000000));
        pthread_cond_destroy(&m.met);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(signals_are_not_the_threads),
                cmocka_unit_test(one_that_nobody_joins_runs_too),
                cmocka_unit_test(a_wait_ends_by_the_monotonic_clock),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
