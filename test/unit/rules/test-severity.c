#include "docksill/rules/severity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_are_read_back(void **state) {
        enum severity s;

        (void)state;
        for (unsigned i = 0; i < SEVERITIES; ++i) {
                assert_true(severity_parse(severity_name(i), &s));
                assert_int_equal(s, i);
        }
        s = SEVERITY_LOW;
        assert_false(severity_parse(str_from("Critical"), &s));
        assert_false(severity_parse(str_from(""), &s));
        assert_false(severity_parse(str_from("criticalx"), &s));
        assert_int_equal(s, SEVERITY_LOW);
}

/* The guidance's table: a person can redo the sum. */
static void points_are_those_of_the_guidance(void **state) {
        static const unsigned points[] = { 0, 0, 3, 10, 40, 100 };

        (void)state;
        for (unsigned i = 0; i < SEVERITIES; ++i)
                assert_int_equal(severity_points(i), points[i]);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_are_read_back),
                cmocka_unit_test(points_are_those_of_the_guidance),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
