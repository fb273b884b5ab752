#include "docksill/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void builds_text_of_any_length(void **state) {
        struct arena a;
        struct text texts[2];

        (void)state;
        arena_init(&a, 1 << 20);
        text_init(&texts[0]);
        text_init_arena(&texts[1], &a);
        for (size_t k = 0; k < 2; ++k) {
                struct text *t = &texts[k];

                for (int i = 0; i < 1000; ++i) {
                        text_add_int(t, i);
                        text_addf(t, " %s;", "seven");
                }
                assert_false(t->failed);
                assert_int_equal(t->n, 2890 + 7 * 1000);
                assert_int_equal(strlen(t->p), t->n);
                assert_true(str_ends(text_str(t), STR_C("998 seven;999 seven;")));
                text_reset(t);
                text_addz(t, "again");
                assert_string_equal(t->p, "again");
                text_deinit(t);
        }
        arena_deinit(&a);
}

static void writes_extreme_integers(void **state) {
        struct text t;

        (void)state;
        text_init(&t);
        text_add_int(&t, INT64_MIN);
        text_add_char(&t, ' ');
        text_add_int(&t, INT64_MAX);
        text_add_int(&t, 0);
        assert_string_equal(t.p, "-9223372036854775808 92233720368547758070");
        text_deinit(&t);
}

static void an_error_sticks(void **state) {
        char buffer[8];
        struct text t;

        (void)state;
        text_init_fixed(&t, buffer, sizeof(buffer));
        text_addz(&t, "1234567");
        assert_false(t.failed);
        text_add_char(&t, '8');
        assert_true(t.failed);
        text_addz(&t, "");
        assert_true(t.failed);
        assert_string_equal(buffer, "1234567");
        text_reset(&t);
        text_addf(&t, "%d", 12345678);
        assert_true(t.failed);
        assert_int_equal(t.n, 0);
        assert_string_equal(buffer, "");
        text_deinit(&t);

        text_init_fixed(&t, NULL, 0);
        text_addf(&t, "%s", "");
        assert_true(t.failed);

        text_init(&t);
        t.cap = 3;
        text_addz(&t, "abc");
        assert_false(t.failed);
        text_addf(&t, "d");
        assert_true(t.failed);
        assert_string_equal(t.p, "abc");
        text_deinit(&t);
}

static void fails_at_the_limit_of_its_arena(void **state) {
        struct arena a;
        struct text t;

        (void)state;
        arena_init(&a, 1000);
        text_init_arena(&t, &a);
        for (int i = 0; i < 1000; ++i)
                text_add_char(&t, 'x');
        assert_true(t.failed);
        assert_true(t.n > 400);
        assert_int_equal(strlen(t.p), t.n);
        arena_deinit(&a);
}

static void cuts_back(void **state) {
        struct text t;

        (void)state;
        text_init(&t);
        text_cut(&t, 0);
        text_addz(&t, "abc");
        text_cut(&t, 9);
        assert_string_equal(t.p, "abc");
        text_cut(&t, 1);
        assert_string_equal(t.p, "a");
        text_deinit(&t);
}

static void json_strings_hold_no_byte_that_means_something(void **state) {
        static const struct { struct str s; const char *json; } rows[] = {
                { STR(""), "\"\"" },
                { STR("abc"), "\"abc\"" },
                { STR("\"\\/"), "\"\\\"\\\\/\"" },
                { STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
                { STR("\0\x1b\x7f"), "\"\\u0000\\u001b\\u007f\"" },
                { STR("\xc2\x9b"), "\"\\u009b\"" }, /* C1: another escape character to some terminals */
                { STR("\xe2\x80\xa8\xe2\x80\xa9"), "\"\\u2028\\u2029\"" },
                { STR("\xc3\xa9\xf0\x9f\x98\x80"), "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
                { STR("a\xff\xc3"), "\"a\xef\xbf\xbd\xef\xbf\xbd\"" },
                { STR("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
                { STR("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                text_add_json(&t, rows[i].s);
                assert_string_equal(t.p, rows[i].json);
                text_deinit(&t);
        }
}

static void yaml_strings_are_one_word_that_shows_as_itself(void **state) {
        static const struct { struct str s; const char *yaml; } rows[] = {
                { STR(""), "\"\"" },
                { STR("/srv/x, /root]}"), "\"/srv/x, /root]}\"" },
                { STR("a\"\\"), "\"a\\\"\\\\\"" },
                { STR("\t\n\0\x7f"), "\"\\u0009\\u000a\\u0000\\u007f\"" },
                { STR("\xc2\x85\xe2\x80\xa8"), "\"\\u0085\\u2028\"" },
                { STR("\xe2\x80\xae\xef\xbb\xbf\xef\xbf\xbf"), "\"\\u202e\\ufeff\\uffff\"" },
                { STR("\xf3\xa0\x80\xa0"), "\"\\U000e0020\"" }, /* no pair of surrogates, as in JSON */
                { STR("\xc3\xa9\xf0\x9f\x98\x80"), "\"\xc3\xa9\xf0\x9f\x98\x80\"" },
                { STR("a\xff"), "\"a\xef\xbf\xbd\"" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                text_add_yaml(&t, rows[i].s);
                assert_string_equal(t.p, rows[i].yaml);
                text_deinit(&t);
        }
}

static void visible_text_can_neither_move_nor_hide(void **state) {
        static const struct { struct str s; size_t max; const char *shown; } rows[] = {
                { STR("plain \"text\" \\ "), 99, "plain \"text\" \\ " },
                { STR("\x1b[2J\n\0\x7f"), 99, "\\x1b[2J\\x0a\\x00\\x7f" },
                { STR("\xc2\x9b" "31m"), 99, "\\xc2\\x9b31m" },
                { STR("\xff\xe2\x82"), 99, "\\xff\\xe2\\x82" },
                { STR("\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8"), 99, "\\u{202e}\\u{2066}\\u{2028}" },
                { STR("\xe2\x80\x8b\xef\xbb\xbf"), 99, "\\u{200b}\\u{feff}" },
                { STR("\xc2\xa0\xe2\x80\x83\xe3\x80\x80\xe2\xa0\x80\xe3\x85\xa4\xef\xb8\x8f"), 99,
                  "\\u{00a0}\\u{2003}\\u{3000}\\u{2800}\\u{3164}\\u{fe0f}" },
                { STR("\xc3\xa9\xf0\x9f\x98\x80"), 99, "\xc3\xa9\xf0\x9f\x98\x80" },
                { STR("abc"), 3, "abc" },
                { STR("abcd"), 3, "abc\xe2\x80\xa6" },
                { STR("ab\xc3\xa9"), 3, "ab\xe2\x80\xa6" }, /* never half a character */
                { STR("x"), 0, "\xe2\x80\xa6" },
                { STR(""), 0, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                text_addz(&t, "");
                text_add_visible(&t, rows[i].s, rows[i].max);
                assert_string_equal(t.p, rows[i].shown);
                text_deinit(&t);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(builds_text_of_any_length),
                cmocka_unit_test(writes_extreme_integers),
                cmocka_unit_test(an_error_sticks),
                cmocka_unit_test(fails_at_the_limit_of_its_arena),
                cmocka_unit_test(cuts_back),
                cmocka_unit_test(json_strings_hold_no_byte_that_means_something),
                cmocka_unit_test(yaml_strings_are_one_word_that_shows_as_itself),
                cmocka_unit_test(visible_text_can_neither_move_nor_hide),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
