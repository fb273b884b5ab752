#include "docksill/base/path.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void cleans_as_go_does(void **state) {
        static const struct { const char *path, *clean; } rows[] = {
                { "", "." }, { ".", "." }, { "./", "." }, { "/", "/" }, { "//", "/" }, { "/.", "/" }, { "/..", "/" },
                { "/../..", "/" }, { "/etc", "/etc" }, { "/etc/", "/etc" }, { "//etc//.", "/etc" },
                { "/var/run/../run", "/var/run" }, { "/a/b/../../..", "/" }, { "/a/./b/../c", "/a/c" },
                { "/../a/../b", "/b" }, { "..", ".." }, { "../..", "../.." }, { "../../a", "../../a" },
                { "a/..", "." }, { "a/../..", ".." }, { "a/../../b", "../b" }, { "a/b/../c/", "a/c" }, { "./a", "a" },
                { "/...", "/..." }, { "/..a/.b", "/..a/.b" }, { "/a/..b", "/a/..b" }, { "abc/def/../ghi/..", "abc" },
        };
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 16);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct str clean, again;

                assert_int_equal(path_clean(&a, str_from(rows[i].path), &clean), 0);
                if (!str_eqz(clean, rows[i].clean))
                        fail_msg("\"%s\" is not \"%s\" but \"%" STR_FMT "\"", rows[i].path, rows[i].clean,
                                 STR_ARG(clean));
                assert_int_equal(path_clean(&a, clean, &again), 0);
                assert_true(str_eq(clean, again));
        }
        arena_deinit(&a);
}

static void a_clean_path_costs_no_memory(void **state) {
        struct str path = STR_C("/etc/passwd"), clean;
        struct arena none;

        (void)state;
        arena_init(&none, 0);
        assert_int_equal(path_clean(&none, path, &clean), 0);
        assert_ptr_equal(clean.p, path.p);
        assert_int_equal(path_clean(&none, STR_C("/etc/"), &clean), -ENOMEM);
}

static void what_is_clean_and_what_lies_above(void **state) {
        static const struct {
                const char *path;
                bool clean;
        } rows[] = {
                { "/", true },       { "/etc", true }, { "/.etc/..x", true }, { "etc/x", true },
                { "", false },       { "//", false },  { "/etc/", false },    { "/etc//x", false },
                { "/./etc", false }, { "/..", false }, { "..", false },
        };
        static const struct {
                const char *a, *b;
                bool above;
        } pairs[] = {
                { "/", "/", true },         { "/", "/etc", true },      { "/etc", "/etc", true },
                { "/etc", "/etc/x", true }, { "/etc", "/etcx", false }, { "/etc/x", "/etc", false },
                { "/etc", "/", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (path_is_clean(str_from(rows[i].path)) != rows[i].clean)
                        fail_msg("%s", rows[i].path);
        for (size_t i = 0; i < ARRAY_SIZE(pairs); ++i)
                if (path_is_above(str_from(pairs[i].a), str_from(pairs[i].b)) != pairs[i].above)
                        fail_msg("%s, %s", pairs[i].a, pairs[i].b);
}

static void relations_hold_between_whole_components(void **state) {
        static const struct { const char *path, *pattern; bool equal, within, below, covers; } rows[] = {
                { "/etc", "/etc", true, true, false, true },
                { "/etc/ssh", "/etc", false, true, true, false },
                { "/etcetera", "/etc", false, false, false, false },
                { "/", "/etc", false, false, false, true },
                { "/etc", "/", false, true, true, false },
                { "/", "/", true, true, false, true },
                { "/home/x/.ssh", "/home/*/.ssh", true, true, false, true },
                { "/home/x/.ssh/id", "/home/*/.ssh", false, true, true, false },
                { "/home/x", "/home/*/.ssh", false, false, false, true },
                { "/home", "/home/*/.ssh", false, false, false, true },
                { "/home/x/y/.ssh", "/home/*/.ssh", false, false, false, false },
                { "/dev/sda1", "/dev/sd*", true, true, false, true },
                { "/dev/xsda", "/dev/sd*", false, false, false, false },
                { "/a?", "/ab", false, false, false, false },
                { "/ab", "/a?", false, false, false, false }, /* only * is special in a path */
                { "/etc", "etc", false, false, false, false },
                { "data", "/data", false, false, false, false },
                { "data", "/", false, false, false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct str path = str_from(rows[i].path), pattern = str_from(rows[i].pattern);

                assert_int_equal(path_matches(path, pattern, PATH_EQUAL), rows[i].equal);
                assert_int_equal(path_matches(path, pattern, PATH_WITHIN), rows[i].within);
                assert_int_equal(path_matches(path, pattern, PATH_BELOW), rows[i].below);
                assert_int_equal(path_matches(path, pattern, PATH_COVERS), rows[i].covers);
        }
}

static void globs_match_the_whole(void **state) {
        static const struct { const char *s, *pattern; bool matches; } rows[] = {
                { "", "", true }, { "", "*", true }, { "", "?", false }, { "a", "", false }, { "abc", "a*", true },
                { "abc", "*c", true }, { "abc", "a*b", false }, { "abc", "a?c", true }, { "abc", "a??c", false },
                { "a/b/c", "a*c", true }, { "registry.example.com/x", "registry.example.com/*", true },
                { "aXbXc", "*X*X*", true }, { "aXb", "*X*X*", false }, { "abab", "*ab", true }, { "aab", "*ab*", true },
                { "a*b", "a*b", true }, { "[a]", "[a]", true }, { "a", "[a]", false }, { "abc", "abc**", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (glob_matches(str_from(rows[i].s), str_from(rows[i].pattern)) != rows[i].matches)
                        fail_msg("\"%s\" and \"%s\"", rows[i].s, rows[i].pattern);
}

static void a_pattern_of_many_stars_takes_no_exponential_time(void **state) {
        char s[4096], pattern[64];

        (void)state;
        memset(s, 'a', sizeof(s));
        for (size_t i = 0; i < sizeof(pattern); ++i)
                pattern[i] = i % 2 ? 'a' : '*';
        pattern[sizeof(pattern) - 1] = 'b';
        assert_false(glob_matches((struct str){ s, sizeof(s) }, (struct str){ pattern, sizeof(pattern) }));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(cleans_as_go_does),
                cmocka_unit_test(a_clean_path_costs_no_memory),
                cmocka_unit_test(what_is_clean_and_what_lies_above),
                cmocka_unit_test(relations_hold_between_whole_components),
                cmocka_unit_test(globs_match_the_whole),
                cmocka_unit_test(a_pattern_of_many_stars_takes_no_exponential_time),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
