#include "regex.h"

#include "written.h"

#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include <stdio.h>
#include <stdlib.h>

static const struct regex *compile(struct written *w, const char *pattern) {
        const struct regex *regex = NULL;

        if (regex_new(&regex, w->compiler.regexes, &w->arena, str_from(pattern), (struct position){ 0 }, &w->diag) < 0)
                fail_msg("%s does not compile", pattern);
        return regex;
}

static void matches_somewhere_in_the_text(void **state) {
        static const struct {
                const char *pattern, *text;
                bool matches;
        } rows[] = {
                { "b+", "abbbc", true },
                { "^b", "ab", false },
                { "", "", true },
                { "(?i)(^|_)(PASS(WORD)?|TOKEN)(_|$)", "db_password", true },
                { "(?i)(^|_)(PASS(WORD)?|TOKEN)(_|$)", "COMPASS", false },
                { "[a-z][a-z0-9+.-]*://[^/\\s:@]+:[^/\\s:@$]+@", "postgres://u:hunter2@db/x", true },
                { "[a-z][a-z0-9+.-]*://[^/\\s:@]+:[^/\\s:@$]+@", "postgres://u:${PW}@db/x", false },
                { "caf\xc3\xa9", "a caf\xc3\xa9", true },
                { "caf[\xc3\xa9]", "caf\xc3", false },
                { "caf.$", "caf\xc3\xa9", false },
                { "\xc3\xa9.$", "\xff\xc3\xa9x", true },
        };
        struct written w;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (regex_matches(compile(&w, rows[i].pattern), str_from(rows[i].text)) != rows[i].matches)
                        fail_msg("/%s/ and \"%s\"", rows[i].pattern, rows[i].text);
        written_deinit(&w);
}

/* The filter may let through what does not match, but never turn away what does: each text is asked with and without.
 */
static void the_filter_turns_no_match_away(void **state) {
        static const char *const patterns[] = {
                "AKIA[0-9A-Z]{4}",
                "gh[ps]_[a-z]+|xox[ab]-",
                "(?i)pass(word)?|tok(en)?s",
                "x(abc|abd)?(efg|hij)+k",
                "a?bcd{2,3}e",
                "[a-c]*://[^/]",
                "(aaa|bbb)(ccc)*",
                "abc{2}",
                "-pas(?<!d-pas|e-pas)[sw]",
                "(?!abcd)abc(?=d|e)",
        };
        static const char letters[] = "abcdexyz:/_-AKIA0pasword";
        unsigned seed = 1;
        struct written w;
        size_t matched = 0;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(patterns); ++i) {
                /* A branch that never matches changes nothing, but needs nothing: no filter. */
                char bare[100] = "";
                const struct regex *filtered, *unfiltered;
                bool fold = strncmp(patterns[i], "(?i)", 4) == 0;

                snprintf(bare, sizeof(bare), "%s(?:%s)|(?!)", fold ? "(?i)" : "", patterns[i] + (fold ? 4 : 0));
                filtered = compile(&w, patterns[i]);
                unfiltered = compile(&w, bare);
                assert_true(regex_filtered(filtered));
                assert_false(regex_filtered(unfiltered));
                for (int k = 0; k < 20000; ++k) {
                        char text[12];
                        size_t n = 4 + seed % 9;
                        bool matches;

                        for (size_t j = 0; j < n; ++j) {
                                seed = seed * 1103515245u + 12345u;
                                text[j] = letters[(seed >> 16) % (sizeof(letters) - 1)];
                        }
                        /* Pieces of the pattern itself, so that matches are not a rarity. */
                        if (k % 2)
                                memcpy(text, patterns[i] + seed % (strlen(patterns[i]) - 3), 4);
                        regex_engine_begin(w.compiler.regexes, 0);
                        matches = regex_matches(unfiltered, (struct str){ text, n });
                        matched += matches;
                        assert_int_equal(regex_matches(filtered, (struct str){ text, n }), matches);
                }
        }
        assert_true(matched > 100);
        written_deinit(&w);
}

/* What tells credentials in every text of a request, as it is shipped: a copy would not show that it lost its filter.
 */
static const char *shipped_expression(struct written *w) {
        const struct yaml_node *root, *values;
        const struct position nowhere = { 0 };

        assert_int_equal(yaml_read(&w->compiler.yaml, "../rules/container/secrets.yaml", nowhere, &root), 0);
        values = yaml_get(root, "values");
        assert_non_null(values);
        assert_non_null(yaml_get(values, "credential"));
        return yaml_get(values, "credential")->text.p;
}

static void ordinary_texts_never_reach_the_engine(void **state) {
        struct written w;
        const struct regex *regex;

        (void)state;
        written_init(&w);
        regex = compile(&w, shipped_expression(&w));
        assert_true(regex_filtered(regex));
        assert_false(regex_candidate(regex, STR_C("PATH=/usr/local/sbin:/usr/bin")));
        assert_false(regex_candidate(regex, STR_C("nginx -g daemon off;")));
        assert_true(regex_candidate(regex, STR_C("x ghp_aaaa")));
        assert_true(regex_matches(regex, STR_C("mysql --password=\"hunter2\"")));
        written_deinit(&w);
}

/* What makes an engine run for minutes must come back at once, as matched, and say so. */
/* Without a bound on the work this does not end, and the run ends it. */
static void what_takes_too_many_steps_counts_as_matched(void **state) {
        static const struct {
                const char *pattern;
                char fill;
                size_t n;
        } rows[] = {
                { "(a+)+$", 'a', 5000 }, /* exponential in each place */
                { "(a|aa)+$", 'a', 5000 },
                { "[a-z]*:[0-9]", 'a', (size_t)1 << 20 }, /* linear in each place of a million */
                { "[a-z][a-z0-9+.-]*://[^/\\s:@]+@", 'a', (size_t)1 << 20 },
                { "(.*)(.*)(.*)(.*):[0-9]", 'a', 100000 },
        };
        struct written w;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct regex *regex = compile(&w, rows[i].pattern), *other = compile(&w, "^never$");
                cleanup_(freep) char *text = malloc(rows[i].n + 5);

                assert_non_null(text);
                memset(text, rows[i].fill, rows[i].n);
                memcpy(text + rows[i].n, "!://@", 5); /* past every filter, and yet no match */
                regex_engine_begin(w.compiler.regexes, rows[i].n);
                assert_false(regex_engine_spent(w.compiler.regexes));
                if (!regex_matches(regex, (struct str){ text, rows[i].n + 5 }))
                        fail_msg("/%s/ was matched to its end", rows[i].pattern);
                assert_true(regex_engine_spent(w.compiler.regexes));
                assert_true(regex_matches(other, STR_C("x"))); /* nothing is known any more */
                regex_engine_begin(w.compiler.regexes, 0);
                assert_false(regex_matches(other, STR_C("x")));
        }
        written_deinit(&w);
}

/* The budget is the request's, not the text's. */
static void many_texts_share_the_steps(void **state) {
        const struct regex *regex;
        struct written w;
        char text[300];
        int n = 0;

        (void)state;
        written_init(&w);
        memset(text, 'a', sizeof(text));
        text[sizeof(text) - 1] = ':';
        regex = compile(&w, "[a-z]*:[0-9]");
        regex_engine_begin(w.compiler.regexes, 0);
        while (!regex_matches(regex, (struct str){ text, sizeof(text) }))
                assert_in_range(++n, 1, 1000);
        assert_true(n > 5 && regex_engine_spent(w.compiler.regexes));
        written_deinit(&w);
}

static void rules_share_an_expression_and_what_it_said_of_a_long_text(void **state) {
        cleanup_(freep) char *text = malloc(100000);
        const struct regex *regex, *same;
        struct written w;

        (void)state;
        written_init(&w);
        assert_non_null(text);
        memset(text, 'a', 100000);
        regex = compile(&w, "b+");
        same = compile(&w, "b+");
        assert_ptr_equal(regex, same);
        assert_ptr_not_equal(regex, compile(&w, "b*"));
        for (int i = 0; i < 1000; ++i) { /* a thousand times would be too much */
                assert_false(regex_matches(regex, (struct str){ text, 100000 }));
                assert_false(regex_engine_spent(w.compiler.regexes));
        }
        text[50] = 'b';
        assert_true(regex_matches(regex, (struct str){ text, 99999 })); /* another text */
        regex_engine_begin(w.compiler.regexes, 100000);
        assert_true(regex_matches(regex, (struct str){ text, 100000 })); /* another request */
        written_deinit(&w);
}

static void a_wrong_expression_is_reported(void **state) {
        static const char *const patterns[] = { "(", "[z-a]", "a{2,1}", "\\", "(?<n>a)(?<n>b)", "\\C", "*" };
        struct written w;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(patterns); ++i) {
                const struct regex *regex;

                assert_int_equal(regex_new(&regex, w.compiler.regexes, &w.arena, str_from(patterns[i]),
                                           (struct position){ 0 }, &w.diag),
                                 -EINVAL);
                assert_int_equal(w.diag.items[i].code, DIAG_BAD_REGEX);
        }
        written_deinit(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(matches_somewhere_in_the_text),
                cmocka_unit_test(the_filter_turns_no_match_away),
                cmocka_unit_test(ordinary_texts_never_reach_the_engine),
                cmocka_unit_test(what_takes_too_many_steps_counts_as_matched),
                cmocka_unit_test(many_texts_share_the_steps),
                cmocka_unit_test(rules_share_an_expression_and_what_it_said_of_a_long_text),
                cmocka_unit_test(a_wrong_expression_is_reported),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
