/*
 * A question between two threads: answered, not answered, and answered too late.
 */
#include "docksill/base/clock.h"
#include "docksill/base/thread.h"
#include "vital.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LONG  30000 /* milliseconds: no machine is so busy that an answer takes them */
#define SHORT 20

struct answerer {
        struct vital v;
        pthread_t thread;
        bool right;
};

static void *answer_one(void *context) {
        struct answerer *a = context;
        struct pollfd asked = { .fd = vital_fd(&a->v), .events = POLLIN };

        if (poll(&asked, 1, LONG) == 1)
                vital_answer(&a->v, a->right);
        return NULL;
}

static enum vital_sign ask(struct answerer *a, bool right, int64_t now) {
        enum vital_sign sign;

        a->right = right;
        a->v.patience = LONG;
        assert_int_equal(thread_start(&a->thread, 128 * 1024, answer_one, a), 0);
        sign = vital_ask(&a->v, now);
        assert_int_equal(pthread_join(a->thread, NULL), 0);
        return sign;
}

static void what_is_answered_is_told(void **state) {
        struct answerer a = { 0 };

        (void)state;
        assert_int_equal(vital_init(&a.v), 0);
        assert_int_equal(ask(&a, true, clock_monotonic()), VITAL_RIGHT);
        /* A moment later nobody is asked again. */
        assert_int_equal(vital_ask(&a.v, clock_monotonic()), VITAL_RIGHT);
        assert_int_equal(ask(&a, false, clock_monotonic() + 2 * VITAL_PERIOD), VITAL_WRONG);
        vital_deinit(&a.v);
}

static void silence_is_no_answer(void **state) {
        int64_t since = clock_monotonic();
        struct answerer a = { 0 };

        (void)state;
        assert_int_equal(vital_init(&a.v), 0);
        assert_int_equal(a.v.patience, VITAL_PATIENCE);
        a.v.patience = SHORT;
        assert_int_equal(vital_ask(&a.v, since), VITAL_SILENT);
        assert_true(clock_monotonic() - since >= SHORT * 1000 - 1000);
        /* The late answer to it is not taken for one to the next. */
        vital_answer(&a.v, true);
        assert_int_equal(vital_ask(&a.v, clock_monotonic()), VITAL_SILENT);
        /* Nor is that one still open for who answers once, or the next would be left without. */
        vital_answer(&a.v, true);
        assert_int_equal(ask(&a, true, clock_monotonic()), VITAL_RIGHT);
        vital_deinit(&a.v);
}

static void the_end_keeps_nobody_waiting(void **state) {
        struct answerer a = { 0 };
        int64_t since;

        (void)state;
        vital_deinit(&a.v); /* of nothing */
        vital_end(&a.v);
        assert_int_equal(vital_init(&a.v), 0);
        vital_end(&a.v);
        a.v.patience = LONG;
        since = clock_monotonic();
        assert_int_equal(vital_ask(&a.v, since), VITAL_SILENT);
        assert_true(clock_monotonic() - since < LONG * 1000 / 2);
        vital_deinit(&a.v);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_answered_is_told),
                cmocka_unit_test(silence_is_no_answer),
                cmocka_unit_test(the_end_keeps_nobody_waiting),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
