/*
 * What HTML tells together, and what each by itself. test/schema/page.py reads pages as a browser does.
 */
#include "report/format.h"
#include "report/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SUBJECTS 1000

static size_t occurrences(struct str text, const char *words) {
        size_t n = 0, at;

        for (; (at = str_search(text, str_from(words))) < text.n; ++n)
                text = str_skip(text, at + 1);
        return n;
}

/* One check that fails on each of many containers; @fix: as printf()'s, of the name and a number. */
static void write_many(struct text *out, const char *fix) {
        struct arena arena;
        struct report r;

        arena_init(&arena, 1 << 24);
        report_init(&r, &arena);
        r.kind = STR_C("audit");
        r.title = STR_C("Audit");
        r.scored = true;
        ARENA_ADD(&arena, &r.areas, (struct report_area){ .name = STR_C("containers"), .title = STR_C("Containers") });
        ARENA_ADD(&arena, &r.checks, (struct report_check){ .id = STR_C("limit"), .severity = SEVERITY_HIGH });
        for (size_t i = 0; i < SUBJECTS; ++i) {
                char name[20], words[80];

                snprintf(name, sizeof(name), "web-%zu", i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(words, sizeof(words), fix, name, i);
#pragma GCC diagnostic pop
                ARENA_ADD(
                        &arena, &r.subjects,
                        (struct report_subject){ .kind = STR_C("container"), .name = report_keep(&r, str_from(name)) });
                ARENA_ADD(&arena, &r.findings,
                          (struct report_finding){ .subject = i,
                                                   .state = REPORT_FAIL,
                                                   .severity = SEVERITY_HIGH,
                                                   .points = 40,
                                                   .message = STR_C("has no limit"),
                                                   .instances = 1,
                                                   .fix = report_keep(&r, str_from(words)),
                                                   .count = 1 });
        }
        assert_int_equal(report_finish(&r), 0);
        text_init(out);
        assert_int_equal(report_html(out, &r, false), 0);
        arena_deinit(&arena);
}

static void tells_the_same_of_many_once(void **state) {
        cleanup_(text_deinit) struct text out;
        struct str page;

        (void)state;
        write_many(&out, "docker update --memory 1g %s");
        page = text_str(&out);
        assert_int_equal(occurrences(page, "<details class=\"group\""), 1);
        assert_int_equal(occurrences(page, "<div class=\"variant\">"), 1);
        assert_int_equal(occurrences(page, "docker update --memory 1g NAME"),
                         1 + (occurrences(page, "id=\"changes\"") > 0));
        assert_int_equal(occurrences(page, "<li>web-"), SUBJECTS);
        /* A name, and a row of the table of subjects. */
        assert_true(page.n < (size_t)SUBJECTS * 500);
}

static void loses_none_of_many_that_differ(void **state) {
        cleanup_(text_deinit) struct text out;
        struct str page;

        (void)state;
        write_many(&out, "docker update %s --memory %zum");
        page = text_str(&out);
        assert_int_equal(occurrences(page, "<details class=\"group\""), 1);
        assert_int_equal(occurrences(page, "<div class=\"variant\">"), 33);
        assert_int_equal(occurrences(page, "968 more, each in its own way"), 1);
        assert_int_equal(occurrences(page, "<li>web-"), SUBJECTS);
}

static void writes_a_report_of_nothing(void **state) {
        cleanup_(text_deinit) struct text out;
        struct arena arena;
        struct report r;

        (void)state;
        arena_init(&arena, 1 << 20);
        report_init(&r, &arena);
        assert_int_equal(report_finish(&r), 0);
        for (unsigned i = 0; report_formats[i].name; ++i) {
                text_init(&out);
                assert_int_equal(report_formats[i].write(&out, &r, false), 0);
                text_deinit(&out);
        }
        text_init(&out);
        assert_int_equal(report_html(&out, &r, false), 0);
        assert_int_equal(occurrences(text_str(&out), "Nothing was found."), 1);
        assert_int_equal(occurrences(text_str(&out), "<svg"), 1);
        arena_deinit(&arena);
}

static void names_by_what_things_are(void **state) {
        char a[UUID_SIZE], b[UUID_SIZE];

        (void)state;
        assert_int_equal(uuid_of(a, STR_C("container web")), 0);
        assert_int_equal(uuid_of(b, STR_C("container web")), 0);
        assert_string_equal(a, b);
        assert_int_equal(strlen(a), 36);
        assert_int_equal(a[14], '5');
        assert_non_null(strchr("89ab", a[19]));
        /* As uuid.uuid5(uuid.UUID("3f8e0c52-61d7-4b0a-9c35-e47f12a866bd"), "container web") of Python says. */
        assert_string_equal(a, "74136016-30e1-5543-b757-771b1d79e0db");
        assert_int_equal(uuid_of(b, STR_C("container db")), 0);
        assert_string_not_equal(a, b);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tells_the_same_of_many_once),
                cmocka_unit_test(loses_none_of_many_that_differ),
                cmocka_unit_test(writes_a_report_of_nothing),
                cmocka_unit_test(names_by_what_things_are),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
