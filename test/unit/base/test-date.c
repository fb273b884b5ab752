#include "docksill/base/clock.h"
#include "docksill/base/date.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_day_begins_at_midnight_utc(void **state) {
        static const struct {
                const char *text, *when;
        } rows[] = {
                { "1970-01-01", "1970-01-01T00:00:00.000000Z" }, { "2026-12-31", "2026-12-31T00:00:00.000000Z" },
                { "2028-02-29", "2028-02-29T00:00:00.000000Z" }, { "2000-02-29", "2000-02-29T00:00:00.000000Z" },
                { "9999-12-31", "9999-12-31T00:00:00.000000Z" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char words[40];
                struct text t;
                int64_t day;

                assert_int_equal(date_parse(str_from(rows[i].text), &day), 0);
                text_init_fixed(&t, words, sizeof(words));
                clock_add_rfc3339(&t, day);
                assert_string_equal(words, rows[i].when);
        }
}

static void what_is_no_day_is_refused(void **state) {
        static const char *const rows[] = { "",           "2026-12",     "2026-12-31 ", "2026-13-01", "2026-00-10",
                                            "2026-02-30", "2027-02-29",  "2100-02-29",  "2026-04-31", "2026-01-00",
                                            "1969-12-31", "2026/12/31",  "26-12-31",    "2026-1-011", "+026-12-31",
                                            "2026-12-3x", "2026-12-310", "tomorrow" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int64_t day = 42;

                if (date_parse(str_from(rows[i]), &day) != -EINVAL)
                        fail_msg("%s is taken for a day", rows[i]);
                assert_int_equal(day, 42);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_day_begins_at_midnight_utc),
                cmocka_unit_test(what_is_no_day_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
