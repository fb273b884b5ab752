#include "docksill/base/str.h"

#include "docksill/base/cleanup.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void orders_by_bytes_and_prefixes_first(void **state) {
        static const struct { const char *a, *b; int order; } rows[] = {
                { "", "", 0 }, { "", "a", -1 }, { "a", "b", -1 }, { "ab", "a", 1 },
                { "a", "a", 0 }, { "Z", "a", -1 }, { "\x7f", "\x80", -1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int order = str_cmp(str_from(rows[i].a), str_from(rows[i].b));

                assert_int_equal((order > 0) - (order < 0), rows[i].order);
                order = str_cmp(str_from(rows[i].b), str_from(rows[i].a));
                assert_int_equal((order > 0) - (order < 0), -rows[i].order);
        }
}

static void folds_ascii_case_alone(void **state) {
        (void)state;
        assert_true(str_eq_fold(STR_C("Content-TYPE"), STR_C("content-type")));
        assert_false(str_eq_fold(STR_C("a"), STR_C("ab")));
        assert_false(str_eq_fold(STR_C("@"), STR_C("`"))); /* 0x20 apart, but no letters */
        assert_false(str_eq_fold(STR_C("\xc3\x84"), STR_C("\xc3\xa4")));
}

static void knows_what_it_is_one_of(void **state) {
        static const char *const words[] = { "a", "bc", "", NULL }, *const none[] = { NULL };
        static const struct str items[] = { STR("a"), STR("bc") };

        (void)state;
        assert_true(str_is_one_of(STR_C("bc"), words));
        assert_true(str_is_one_of((struct str){ 0 }, words));
        assert_false(str_is_one_of(STR_C("b"), words));
        assert_false(str_is_one_of(STR_C("a"), none));
        assert_true(str_is_among(STR_C("a"), items, ARRAY_SIZE(items)));
        assert_false(str_is_among(STR_C("bc"), items, 1));
        assert_false(str_is_among(STR_C("b"), items, ARRAY_SIZE(items)));
        assert_false(str_is_among(STR_C("a"), NULL, 0));
}

static void finds_bytes_and_texts(void **state) {
        struct str none = { 0 };

        (void)state;
        assert_int_equal(str_find(STR_C("a=b=c"), '='), 1);
        assert_int_equal(str_find_last(STR_C("a=b=c"), '='), 3);
        assert_int_equal(str_find(STR_C("abc"), '='), 3);
        assert_int_equal(str_find_last(STR_C("abc"), '='), 3);
        assert_int_equal(str_find(none, 'x'), 0);
        assert_int_equal(str_search(STR_C("a::b"), STR_C("::")), 1);
        assert_int_equal(str_search(STR_C("a:b"), STR_C("::")), 3);
        assert_int_equal(str_search(STR_C("a:b"), none), 0);
        assert_int_equal(str_search(none, STR_C("a")), 0);
}

static void cutting_yields_every_part_and_ends(void **state) {
        static const struct { const char *whole, *parts[4]; size_t n; } rows[] = {
                { "a,b,c", { "a", "b", "c" }, 3 },
                { "a", { "a" }, 1 },
                { "", { "" }, 1 },
                { "a,", { "a", "" }, 2 },
                { ",,", { "", "", "" }, 3 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct str rest = str_from(rows[i].whole);
                size_t n = 0;

                while (rest.p) {
                        struct str part = str_cut(&rest, ',');

                        assert_true(n < rows[i].n);
                        assert_true(str_eqz(part, rows[i].parts[n++]));
                }
                assert_int_equal(n, rows[i].n);
        }
}

static void trims_white_space_of_ascii(void **state) {
        (void)state;
        assert_true(str_eqz(str_trim(STR_C(" \t\r\na b\n ")), "a b"));
        assert_true(str_eqz(str_trim(STR_C(" \t ")), ""));
        assert_true(str_eqz(str_trim(STR_C("\fa")), "\fa"));
}

static void reads_integers_as_atoi_of_go_does(void **state) {
        static const struct { const char *text; int r; int64_t v; } rows[] = {
                { "0", 0, 0 }, { "-0", 0, 0 }, { "+5", 0, 5 }, { "007", 0, 7 }, { "-12", 0, -12 },
                { "9223372036854775807", 0, INT64_MAX },
                { "-9223372036854775808", 0, INT64_MIN },
                { "9223372036854775808", -ERANGE, 0 },
                { "-9223372036854775809", -ERANGE, 0 },
                { "99999999999999999999999", -ERANGE, 0 },
                { "99999999999999999999999x", -EINVAL, 0 },
                { "", -EINVAL, 0 }, { "-", -EINVAL, 0 }, { "+-1", -EINVAL, 0 }, { " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 },
                { "1e3", -EINVAL, 0 }, { "1.0", -EINVAL, 0 }, { "0x1", -EINVAL, 0 }, { "1_0", -EINVAL, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int64_t v = 4711;

                assert_int_equal(str_int(str_from(rows[i].text), &v), rows[i].r);
                assert_int_equal(v, rows[i].r == 0 ? rows[i].v : 4711);
        }
}

static void copies_what_fits_and_ends_it(void **state) {
        char to[4] = "xyz";

        (void)state;
        assert_true(str_to_z(STR_C("abc"), to, sizeof(to)));
        assert_string_equal(to, "abc");
        assert_false(str_to_z(STR_C("abcd"), to, sizeof(to)));
        assert_string_equal(to, "");
        memcpy(to, "xyz", sizeof(to));
        assert_true(str_to_z((struct str){ 0 }, to, sizeof(to)));
        assert_string_equal(to, "");
}

static void views_never_leave_their_bytes(void **state) {
        struct str s = STR_C("abc"), none = { 0 };

        (void)state;
        assert_int_equal(str_skip(s, 9).n, 0);
        assert_ptr_equal(str_skip(s, 9).p, s.p + 3);
        assert_null(str_skip(none, 1).p);
        assert_int_equal(str_first(s, 9).n, 3);
        assert_true(str_starts(s, none));
        assert_true(str_ends(s, STR_C("bc")));
        assert_false(str_ends(STR_C("c"), STR_C("bc")));
        assert_true(str_eq(none, STR_C("")));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(orders_by_bytes_and_prefixes_first),
                cmocka_unit_test(folds_ascii_case_alone),
                cmocka_unit_test(knows_what_it_is_one_of),
                cmocka_unit_test(finds_bytes_and_texts),
                cmocka_unit_test(cutting_yields_every_part_and_ends),
                cmocka_unit_test(trims_white_space_of_ascii),
                cmocka_unit_test(reads_integers_as_atoi_of_go_does),
                cmocka_unit_test(copies_what_fits_and_ends_it),
                cmocka_unit_test(views_never_leave_their_bytes),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
