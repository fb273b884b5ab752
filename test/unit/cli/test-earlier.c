#include "audit/earlier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define FINDING                                                                                                        \
        "{\"fingerprint\":\"f1\",\"rule\":\"r\",\"area\":\"a\",\"subject\":\"s\",\"state\":\"fail\","                  \
        "\"severity\":\"high\",\"message\":null,\"instances\":3}"

static const struct command command = { .name = "audit" };

/* Returns what earlier_read() does of a file that holds @text. */
static int read_text(struct earlier *out, struct arena *arena, struct str text) {
        char path[] = "/tmp/docksill-earlier.XXXXXX";
        int fd = mkstemp(path), r;

        assert_true(fd >= 0);
        assert_int_equal(write(fd, text.p, text.n), text.n);
        close(fd);
        r = earlier_read(out, arena, &command, path);
        unlink(path);
        return r;
}

static void keeps_what_is_compared(void **state) {
        const struct earlier_finding *f;
        struct arena arena;
        struct earlier e;

        (void)state;
        arena_init(&arena, 1024 * 1024);
        assert_int_equal(read_text(&e, &arena,
                                   STR_C("{\"x\":{\"findings\":[1]},\"schema\":\"docksill.audit/1\",\"score\":41,"
                                         "\"areas\":[{\"name\":\"a\"}],\"findings\":[" FINDING "," FINDING "]} \n")),
                         EXIT_FINE);
        assert_int_equal(e.score, 41);
        assert_int_equal(e.areas.n, 1);
        assert_int_equal(e.findings.n, 1); /* the second has the same fingerprint */
        f = earlier_find(&e, STR_C("f1"));
        assert_non_null(f);
        assert_int_equal(f->severity, SEVERITY_HIGH);
        assert_int_equal(f->instances, 3);
        assert_null(earlier_find(&e, STR_C("f2")));
        arena_deinit(&arena);
}

static void refuses_what_is_no_report(void **state) {
        static const char *const texts[] = {
                "",
                "[]",
                "{}",
                "null",
                "{\"schema\":\"docksill.coverage/1\",\"findings\":[]}",
                "{\"schema\":\"docksill.audit/1\",\"findings\":[]",
                "{\"schema\":\"docksill.audit/1\",\"findings\":[]}{}",
                "{\"schema\":\"docksill.audit/1\",\"findings\":[{}]}",
                "{\"schema\":\"docksill.audit/1\",\"findings\":[1]}",
                "{\"schema\":\"docksill.audit/1\",\"findings\":[" FINDING ",]}",
                "{\"schema\":\"docksill.audit/1\",\"findings\":[" FINDING " " FINDING "]}",
                "{\"schema\":\"docksill.audit/1\",\"areas\":[{}]}",
                "{\"schema\":\"docksill.audit/1\",}",
                "{\"schema\":\"docksill.audit/1\" \"a\":1}",
                "\xff\xfe",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i) {
                struct arena arena;
                struct earlier e;

                arena_init(&arena, 1024 * 1024);
                assert_int_equal(read_text(&e, &arena, str_from(texts[i])), EXIT_USAGE);
                arena_deinit(&arena);
        }
}

/* Cut anywhere, it is refused, and nothing is read beyond its end. */
static void refuses_each_beginning(void **state) {
        const struct str whole =
                STR("{\"schema\":\"docksill.audit/1\",\"areas\":[{\"name\":\"a\"}],\"findings\":[" FINDING
                    "],\"score\":1}");

        (void)state;
        for (size_t n = 0; n <= whole.n; ++n) {
                struct arena arena;
                struct earlier e;

                arena_init(&arena, 1024 * 1024);
                assert_int_equal(read_text(&e, &arena, str_first(whole, n)), n == whole.n ? EXIT_FINE : EXIT_USAGE);
                arena_deinit(&arena);
        }
}

static void what_is_not_there_is_of_the_environment(void **state) {
        struct arena arena;
        struct earlier e;

        (void)state;
        arena_init(&arena, 1024 * 1024);
        assert_int_equal(earlier_read(&e, &arena, &command, "/nowhere/at/all.json"), EXIT_ENVIRONMENT);
        assert_int_equal(earlier_read(&e, &arena, &command, "/"), EXIT_ENVIRONMENT);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(keeps_what_is_compared),
                cmocka_unit_test(refuses_what_is_no_report),
                cmocka_unit_test(refuses_each_beginning),
                cmocka_unit_test(what_is_not_there_is_of_the_environment),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
