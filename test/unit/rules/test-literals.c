#include "literals.h"

#include "docksill/base/cleanup.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The literals, joined by spaces; NULL: nothing can be said. */
static void what_an_expression_needs(void **state) {
        static const struct {
                const char *pattern, *needs;
        } rows[] = {
                { "AKIA[0-9A-Z]{16}", "AKIA" },
                { "gh[ps]_x", "ghp_x ghs_x" },
                { "abc|defg", "abc defg" },
                { "abc|d", NULL },
                { "abc|", NULL },
                { "ab", NULL },
                { "", NULL },
                { "abcd*", "abc" },
                { "abcd?efghi", "efghi" },
                { "abcd+efghi", "efghi" },
                { "abcd+e", "abcd" },
                { "abc{0,3}defg", "defg" },
                { "xabc{2}", "xabc" },
                { "abc{", "abc{" },
                { "abc{x}", "abc{x}" },
                { "--password[= ]\\S", "--password= --password " },
                { "[a-z]*://x", "://x" },
                { "a\\.bc", "a.bc" },
                { "\\bfoo\\b", "foo" },
                { "\\d+abc", "abc" },
                { "(abc|def)?ghi", "ghi" },
                { "(abc|def)", "abc def" },
                { "(?:abc|d)ef", NULL },
                { "x(abc|d)efg", "efg" },
                { "(?i)PassWord", "password" },
                { "(?i)(^|_)(PASS(WORD|WD)?|API_?KEY)(_|$)", "pass api" },
                { "^abc$", "abc" },
                { "a.bcd", "bcd" },
                { "[abcdefghi]xyz", "xyz" },
                { "[^a]xyz", "xyz" },
                { "[]a]xyz", "]xyz axyz" },
                { "[a\\]]xyz", "axyz ]xyz" },
                { "[[:alpha:]]xyz", NULL },
                { "abc(?=defg)hi", "abc" },
                { "(?<!x|abcd)abc", "abc" },
                { "-abc(?<!--no-abc)[= ]x", "-abc" },
                { "(?!abc)", NULL },
                { "(?!abc)|abc", NULL },
                { "(?<n>abc)", NULL },
                { "(?!\\x41)abc", NULL },
                { "abc(?i)def", NULL },
                { "(?x) a b c d", NULL },
                { "\\x41bcd", NULL },
                { "\\Qabc\\E", NULL },
                { "(abc)\\1", NULL },
                { "(*UTF)abc", NULL },
                { "caf\xc3\xa9", NULL },
                { "abc)", NULL },
                { "(abc", NULL },
                { "*abc", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct literals literals;
                char got[300] = "", *p = got;
                bool found = literals_find(str_from(rows[i].pattern), &literals);

                for (size_t k = 0; found && k < literals.n; ++k) {
                        if (k)
                                *p++ = ' ';
                        memcpy(p, literals.items[k].p, literals.items[k].n);
                        p += literals.items[k].n;
                }
                if (found != (rows[i].needs != NULL) || (found && strcmp(got, rows[i].needs) != 0))
                        fail_msg("%s needs %s, not %s", rows[i].pattern, rows[i].needs ? rows[i].needs : "nothing",
                                 found ? got : "nothing");
        }
}

static int64_t left = INT64_MAX / 2; /* steps, more than any test takes */

static void finds_them_anywhere_and_in_any_case(void **state) {
        static const struct {
                const char *pattern, *text;
                bool in;
        } rows[] = {
                { "abc|wxyz", "abc", true },       { "abc|wxyz", "--abc", true }, { "abc|wxyz", "ab c wxy", false },
                { "abc|wxyz", "wxyz", true },      { "abc|wxyz", "", false },     { "abc|wxyz", "ab", false },
                { "abc|wxyz", "ABC", false },      { "(?i)abc", "xAbC", true },   { "(?i)ABC", "xabd", false },
                { "abcdef", "abcdeabcdef", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct literals literals;

                assert_true(literals_find(str_from(rows[i].pattern), &literals));
                assert_int_equal(literals_in(&literals, str_from(rows[i].text), &left), rows[i].in);
        }
}

/* The search looks at every other place, and at several at once: no place and no length of text may escape it. */
static void finds_them_at_every_place(void **state) {
        static const struct str needles[] = { STR("abc"), STR("wXyz") };
        char text[40];
        struct literals literals;

        (void)state;
        assert_true(literals_find(STR_C("(?i)abc|wxyz"), &literals));
        for (size_t n = 0; n <= sizeof(text); ++n) {
                char *p = n ? malloc(n) : NULL; /* exactly so long, for the sanitizer */

                memset(text, 'b', sizeof(text));
                if (n)
                        memcpy(p, text, n);
                assert_false(literals_in(&literals, (struct str){ p, n }, &left));
                for (size_t k = 0; k < ARRAY_SIZE(needles); ++k)
                        for (size_t at = 0; at + needles[k].n <= n; ++at) {
                                memset(p, 'b', n);
                                memcpy(p + at, needles[k].p, needles[k].n);
                                assert_true(literals_in(&literals, (struct str){ p, n }, &left));
                        }
                free(p);
        }
}

static void it_gives_up_when_there_are_no_steps_left(void **state) {
        struct literals literals;
        int64_t few = 1000;
        char text[4096];

        (void)state;
        assert_true(literals_find(STR_C("-----BEGIN"), &literals));
        memset(text, '-', sizeof(text));
        assert_true(literals_in(&literals, (struct str){ text, sizeof(text) }, &few));
        assert_true(few < 0);
        few = 1000;
        memset(text, 'x', sizeof(text));
        assert_false(literals_in(&literals, (struct str){ text, sizeof(text) }, &few));
        assert_int_equal(few, 1000); /* where none begins there is nothing to count */
}

/* Seventeen literals share sixteen bits: the last must still be found. */
static void more_literals_than_bits(void **state) {
        struct literals literals;

        (void)state;
        assert_true(
                literals_find(STR_C("aaa|bbb|ccc|ddd|eee|fff|ggg|hhh|iii|jjj|kkk|lll|mmm|nnn|ooo|ppp|qqq"), &literals));
        assert_int_equal(literals.n, 17);
        assert_true(literals_in(&literals, STR_C("xxqqqxx"), &left));
        assert_true(literals_in(&literals, STR_C("aaa"), &left));
        assert_false(literals_in(&literals, STR_C("aqa"), &left));
        /* One more than there is room for: nothing is said rather than something wrong. */
        assert_false(literals_find(STR_C("a[abcd]a[abcd]c|b[abcd]b[abcd]c|c[abcd]c[abcd]c"), &literals));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_an_expression_needs),
                cmocka_unit_test(finds_them_anywhere_and_in_any_case),
                cmocka_unit_test(finds_them_at_every_place),
                cmocka_unit_test(it_gives_up_when_there_are_no_steps_left),
                cmocka_unit_test(more_literals_than_bits),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
