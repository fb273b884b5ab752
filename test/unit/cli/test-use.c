#include "exemption/use.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FINDING(rule, by, only) "{\"rule\":\"" rule "\",\"exempted_by\":\"" by "\",\"evidence\":[{\"only\":" only "}]}"
#define RECORD(time, findings)  "{\"schema\":\"docksill.record/1\",\"time\":\"" time "\",\"findings\":[" findings "]}\n"

static int read_text(struct use *u, const char *text) {
        FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
        int r;

        assert_non_null(file);
        r = use_read(u, file);
        fclose(file);
        return r;
}

static void counts_what_was_lifted(void **state) {
        struct use u;

        (void)state;
        assert_int_equal(use_init(&u), 0);
        assert_int_equal(read_text(&u,
                                   RECORD("2026-02-02T00:00:00Z", FINDING("a", "x", "{}") "," FINDING("b", "x", "{}"))
                                           RECORD("2026-02-01T00:00:00Z", FINDING("a", "x", "{}"))),
                         0);
        /* Another file, of before; lines that are none. */
        assert_int_equal(read_text(&u,
                                   "{\"schema\":\"docksill.start/1\",\"time\":\"2025-01-01T00:00:00Z\"}\nhalf a li\n\n"
                                   "{\"schema\":\"docksill.record/1\"}\n[]\n" RECORD("2026-01-01T00:00:00Z",
                                                                                     "{\"rule\":\"c\"},7")),
                         0);
        assert_int_equal(u.decisions, 3);
        assert_string_equal(u.first, "2026-01-01T00:00:00Z");
        assert_string_equal(u.end, "2026-02-02T00:00:00Z");
        assert_int_equal(use_count(&u, STR_C("x"), STR_C("a")), 2);
        assert_int_equal(use_count(&u, STR_C("x"), STR_C("")), 3);
        assert_int_equal(use_count(&u, STR_C("x"), STR_C("c")), 0);
        assert_int_equal(use_count(&u, STR_C("y"), STR_C("")), 0);
        assert_true(str_eqz(use_last(&u, STR_C("x")), "2026-02-02T00:00:00Z"));
        assert_true(str_empty(use_last(&u, STR_C("y"))));
        use_deinit(&u);
}

static void knows_paths_below(void **state) {
        struct use u;

        (void)state;
        assert_int_equal(use_init(&u), 0);
        assert_int_equal(
                read_text(&u, RECORD("2026-02-02T00:00:00Z",
                                     FINDING("a", "x", "{\"mount.source\":[\"/srv/a/b\",\"/data\"]}") "," FINDING(
                                             "b", "x", "{\"cap\":\"NET_ADMIN\",\"p\":true}"))),
                0);
        assert_true(use_has_value(&u, STR_C("/srv/a")));
        assert_true(use_has_value(&u, STR_C("/srv/a/b")));
        assert_true(use_has_value(&u, STR_C("/data")));
        assert_true(use_has_value(&u, STR_C("NET_ADMIN")));
        assert_false(use_has_value(&u, STR_C("/srv/ab")));
        assert_false(use_has_value(&u, STR_C("/srv/a/b/c")));
        assert_false(use_has_value(&u, STR_C("NET")));
        use_deinit(&u);
}

static void says_what_is_compressed(void **state) {
        struct use u;

        (void)state;
        assert_int_equal(use_init(&u), 0);
        assert_int_equal(read_text(&u, "\x1f\x8b\x08 etc\n"), -ENOTSUP);
        use_deinit(&u);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(counts_what_was_lifted),
                cmocka_unit_test(knows_paths_below),
                cmocka_unit_test(says_what_is_compressed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
