#include "docksill/base/complaint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW INT64_C(5000000)

static void a_line_is_due_once_in_a_period(void **state) {
        struct complaint c = { 0 };

        (void)state;
        assert_true(complaint_due(&c, NOW));
        assert_true(c.told);
        assert_false(complaint_due(&c, NOW));
        assert_false(complaint_due(&c, NOW + COMPLAINT_PERIOD - 1));
        assert_true(complaint_due(&c, NOW + COMPLAINT_PERIOD));
}

static void a_trouble_is_told_once_and_so_is_its_end(void **state) {
        struct complaint c = { 0 };

        (void)state;
        assert_int_equal(complaint_news(&c, false, NOW), COMPLAINT_NONE);
        assert_int_equal(complaint_news(&c, true, NOW), COMPLAINT_BEGUN);
        assert_int_equal(complaint_news(&c, true, NOW + 10 * COMPLAINT_PERIOD), COMPLAINT_NONE);
        assert_int_equal(complaint_news(&c, false, NOW + 1), COMPLAINT_OVER);
        assert_int_equal(complaint_news(&c, false, NOW + 1), COMPLAINT_NONE);
}

/* Neither it nor its end, where it comes and goes by the second. */
static void a_second_one_soon_after_is_not_told(void **state) {
        struct complaint c = { 0 };

        (void)state;
        assert_int_equal(complaint_news(&c, true, NOW), COMPLAINT_BEGUN);
        assert_int_equal(complaint_news(&c, false, NOW + 1), COMPLAINT_OVER);
        assert_int_equal(complaint_news(&c, true, NOW + COMPLAINT_PERIOD - 1), COMPLAINT_NONE);
        assert_int_equal(complaint_news(&c, false, NOW + COMPLAINT_PERIOD - 1), COMPLAINT_NONE);
        assert_int_equal(complaint_news(&c, true, NOW + COMPLAINT_PERIOD), COMPLAINT_BEGUN);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_line_is_due_once_in_a_period),
                cmocka_unit_test(a_trouble_is_told_once_and_so_is_its_end),
                cmocka_unit_test(a_second_one_soon_after_is_not_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
