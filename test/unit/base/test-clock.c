#include "docksill/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void writes_times_as_rfc_3339(void **state) {
        static const struct { int64_t wall; const char *text; } rows[] = {
                { 0, "1970-01-01T00:00:00.000000Z" },
                { 1, "1970-01-01T00:00:00.000001Z" },
                { -1, "1969-12-31T23:59:59.999999Z" },
                { 951782400000000, "2000-02-29T00:00:00.000000Z" },
                { 1769860800123456, "2026-01-31T12:00:00.123456Z" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                clock_add_rfc3339(&t, rows[i].wall);
                assert_string_equal(t.p, rows[i].text);
                text_deinit(&t);
        }
}

static void time_goes_on(void **state) {
        int64_t before = clock_monotonic();

        (void)state;
        usleep(2000);
        assert_true(clock_monotonic() - before >= 2000);
        assert_true(clock_wall() > INT64_C(1700000000) * 1000000);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(writes_times_as_rfc_3339),
                cmocka_unit_test(time_goes_on),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
