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

static void a_moment_is_counted_in_utc(void **state) {
        static const struct {
                const char *text, *when;
        } rows[] = {
                { "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z" },
                { "2026-12-31T23:59:59Z", "2026-12-31T23:59:59.000000Z" },
                { "2026-12-31T23:59:59.5Z", "2026-12-31T23:59:59.500000Z" },
                { "2026-12-31T23:59:59.123456789Z", "2026-12-31T23:59:59.123456Z" },
                { "2026-12-31T23:59:59.99999999999999999999999999Z", "2026-12-31T23:59:59.999999Z" },
                { "2026-12-31T23:59:59+00:00", "2026-12-31T23:59:59.000000Z" },
                { "2026-12-31T23:30:00-01:15", "2027-01-01T00:45:00.000000Z" },
                { "2026-01-01T01:00:00.25+02:00", "2025-12-31T23:00:00.250000Z" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char words[40];
                struct text t;
                int64_t at;

                assert_int_equal(date_time_parse(str_from(rows[i].text), &at), 0);
                text_init_fixed(&t, words, sizeof(words));
                clock_add_rfc3339(&t, at);
                assert_string_equal(words, rows[i].when);
        }
}

static void what_is_no_moment_is_refused(void **state) {
        static const char *const rows[] = {
                "",
                "2026-12-31",
                "2026-12-31T",
                "2026-12-31T23:59:59",
                "2026-12-31 23:59:59Z",
                "2026-12-31t23:59:59Z",
                "2026-12-31T24:00:00Z",
                "2026-12-31T23:60:00Z",
                "2026-12-31T23:59:60Z",
                "2026-12-31T23:59:5Z",
                "2026-12-31T23:59:59.Z",
                "2026-12-31T23:59:59.5",
                "2026-12-31T23:59:59z",
                "2026-12-31T23:59:59ZZ",
                "2026-12-31T23:59:59+0200",
                "2026-12-31T23:59:59+02:60",
                "2026-12-31T23:59:59+24:00",
                "2026-12-31T23:59:59 02:00",
                "2026-02-30T23:59:59Z",
                "0001-01-01T00:00:00Z",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int64_t at = 42;

                if (date_time_parse(str_from(rows[i]), &at) != -EINVAL)
                        fail_msg("%s is taken for a moment", rows[i]);
                assert_int_equal(at, 42);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_day_begins_at_midnight_utc),
                cmocka_unit_test(what_is_no_day_is_refused),
                cmocka_unit_test(a_moment_is_counted_in_utc),
                cmocka_unit_test(what_is_no_moment_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
