#include "docksill/base/diag.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_rendered(struct diag *d, const char *wanted) {
        struct text t;

        text_init(&t);
        diag_render(d, &t);
        assert_string_equal(t.p, wanted);
        text_deinit(&t);
}

static void shows_the_line_with_a_caret(void **state) {
        static const struct source source = { STR("rules/site.yaml"),
                                              STR("a: b\r\n\twhen: {container.privilaged: true}\r\nlast\xc3\xa9: \x1b x") };
        struct diag d;

        (void)state;
        diag_init(&d);
        assert_int_equal(diag_error(&d, (struct position){ &source, 2, 9 }, DIAG_UNKNOWN_FACT, "no fact \"%s\"", "x"),
                         -EINVAL);
        diag_warning(&d, (struct position){ &source, 3, 11 }, DIAG_UNUSED_LIST, "a warning");
        diag_error(&d, (struct position){ &source, 1, 5 }, DIAG_MISSING_KEY, "behind the last byte");
        diag_error(&d, (struct position){ &source, 0, 0 }, DIAG_FOLDER_EMPTY, "the whole file");
        diag_error(&d, (struct position){ 0 }, DIAG_UNKNOWN_RULE, "no file at all");
        assert_int_equal(d.errors, 4);
        assert_int_equal(d.warnings, 1);
        assert_rendered(&d, "rules/site.yaml:2:9: error: DS214: no fact \"x\"\n"
                            "\twhen: {container.privilaged: true}\n"
                            "\t       ^\n"
                            "rules/site.yaml:3:11: warning: DS224: a warning\n"
                            "last\xc3\xa9: \\x1b x\n"
                            "            ^\n"
                            "rules/site.yaml:1:5: error: DS203: behind the last byte\n"
                            "a: b\n"
                            "    ^\n"
                            "rules/site.yaml: error: DS106: the whole file\n"
                            "error: DS301: no file at all\n");
        diag_deinit(&d);
}

static void a_position_beyond_the_text_is_no_crash(void **state) {
        static const struct source source = { STR("f"), STR("one\n") };
        static const struct source empty = { STR("g"), { 0 } };
        struct diag d;

        (void)state;
        diag_init(&d);
        diag_error(&d, (struct position){ &source, 1, 99 }, DIAG_YAML_SYNTAX, "far");
        diag_error(&d, (struct position){ &source, 99, 1 }, DIAG_YAML_SYNTAX, "deep");
        diag_error(&d, (struct position){ &empty, 1, 1 }, DIAG_YAML_SYNTAX, "empty");
        assert_rendered(&d, "f:1:99: error: DS103: far\none\n   ^\nf:99:1: error: DS103: deep\ng:1:1: error: DS103: empty\n");
        diag_deinit(&d);
}

static void long_lines_are_shown_around_the_column(void **state) {
        char line[100000];
        struct source source = { STR("f"), { line, sizeof(line) } };
        struct str excerpt;
        struct diag d;

        (void)state;
        memset(line, 'x', sizeof(line));
        line[50000] = '!';
        diag_init(&d);
        diag_error(&d, (struct position){ &source, 1, 50001 }, DIAG_YAML_SYNTAX, "here");
        assert_int_equal(d.n, 1);
        excerpt = d.items[0].excerpt;
        assert_true(excerpt.n < 200);
        assert_int_equal(excerpt.p[d.items[0].caret - 1], '!');
        assert_true(str_starts(excerpt, STR_C("…x")));
        assert_true(str_ends(excerpt, STR_C("x…")));
        diag_deinit(&d);
}

static void entries_stand_alone_and_are_counted_beyond_those_kept(void **state) {
        char text[] = "key: value";
        struct source source = { STR("f"), { text, sizeof(text) - 1 } };
        struct text t;
        struct diag d;

        (void)state;
        diag_init(&d);
        for (int i = 0; i < 300; ++i)
                diag_error(&d, (struct position){ &source, 1, 1 }, DIAG_UNKNOWN_KEY, "number %d", i);
        memset(text, 'z', sizeof(text) - 1);
        assert_int_equal(d.errors, 300);
        assert_int_equal(d.n, 200);
        assert_true(str_eqz(d.items[199].message, "number 199"));
        assert_true(str_eqz(d.items[199].excerpt, "key: value"));
        text_init(&t);
        diag_render(&d, &t);
        assert_true(str_ends(text_str(&t), STR_C("number 199\nkey: value\n^\nand 100 more\n")));
        text_deinit(&t);
        diag_deinit(&d);
}

static void codes_are_unique_and_documented(void **state) {
        (void)state;
        for (unsigned code = 0; code < DIAG_CODES; ++code) {
                assert_int_equal(diag_code_find(str_from(diag_code_id(code))), code);
                assert_true(strlen(diag_code_meaning(code)) > 0);
                assert_true(strlen(diag_code_remedy(code)) > 0);
        }
        assert_int_equal(diag_code_find(STR_C("ds214")), DIAG_UNKNOWN_FACT);
        assert_int_equal(diag_code_find(STR_C("214")), DIAG_UNKNOWN_FACT);
        assert_int_equal(diag_code_find(STR_C("DS999")), DIAG_CODES);
        assert_int_equal(diag_code_find(STR_C("14")), DIAG_CODES);
}

static void suggests_the_name_that_was_meant(void **state) {
        static const char *const names[] = { "container.privileged", "container.user", "container.pid_mode", "eq", "in" };
        static const struct { const char *given, *suggestion; } rows[] = {
                { "container.privilaged", "container.privileged" },
                { "container.PRIVILEGED", "container.privileged" },
                { "privileged", "container.privileged" },
                { "container.usre", "container.user" }, /* two letters swapped */
                { "container.uses", "container.user" },
                { "container.hostname", "" },
                { "container.priv", "container.privileged" },
                { "container.pmd", "container.pid_mode" },
                { "container.p", "" },
                { "container.puser", "container.user" },
                { "container.pear", "" }, /* three edits of four letters */
                { "container.uer", "container.user" },
                { "on", "in" },
                { "q", "" },
                { "", "" },
                { "something else entirely", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct nearest n;

                nearest_init(&n, str_from(rows[i].given));
                for (size_t k = 0; k < ARRAY_SIZE(names); ++k)
                        nearest_offer(&n, str_from(names[k]));
                if (!str_eqz(nearest_name(&n), rows[i].suggestion))
                        fail_msg("\"%s\" suggests \"%" STR_FMT "\"", rows[i].given, STR_ARG(nearest_name(&n)));
        }
}

static void names_of_any_length_are_compared_safely(void **state) {
        char name[300];

        (void)state;
        memset(name, 'n', sizeof(name));
        for (size_t n = 0; n < sizeof(name); ++n) {
                struct nearest near;

                nearest_init(&near, (struct str){ name, n });
                nearest_offer(&near, (struct str){ name, sizeof(name) - n });
                nearest_offer(&near, (struct str){ name, n });
                assert_true(nearest_name(&near).n == (n > 0 && n <= 64 ? n : 0));
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(shows_the_line_with_a_caret),
                cmocka_unit_test(a_position_beyond_the_text_is_no_crash),
                cmocka_unit_test(long_lines_are_shown_around_the_column),
                cmocka_unit_test(entries_stand_alone_and_are_counted_beyond_those_kept),
                cmocka_unit_test(codes_are_unique_and_documented),
                cmocka_unit_test(suggests_the_name_that_was_meant),
                cmocka_unit_test(names_of_any_length_are_compared_safely),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
