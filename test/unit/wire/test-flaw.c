#include "docksill/wire/flaw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_first_place_of_each_flaw_is_kept(void **state) {
        struct flaws f = { 0 };

        (void)state;
        assert_false(flaws_any(&f));
        flaws_add(&f, FLAW_NUL, STR_C("first"));
        flaws_add(&f, FLAW_WRONG_TYPE, STR_C("other"));
        flaws_add(&f, FLAW_NUL, STR_C("second"));
        assert_true(flaws_any(&f));
        assert_true(flaws_have(&f, FLAW_NUL));
        assert_false(flaws_have(&f, FLAW_TOO_DEEP));
        assert_int_equal(f.n, 2);
        assert_int_equal(f.notes[0].flaw, FLAW_NUL);
        assert_true(str_eqz(f.notes[0].where, "first"));
}

static void more_flaws_than_notes_still_count(void **state) {
        struct flaws f = { 0 };

        (void)state;
        for (unsigned i = 0; i < FLAWS; ++i)
                flaws_add(&f, i, STR_C("x"));
        assert_int_equal(f.n, FLAW_NOTES);
        for (unsigned i = 0; i < FLAWS; ++i)
                assert_true(flaws_have(&f, i));
}

static void names_are_unique_and_documented(void **state) {
        (void)state;
        for (unsigned i = 0; i < FLAWS; ++i) {
                assert_true(flaw_name(i).n > 0);
                assert_true(strlen(flaw_doc(i)) > 0);
                for (unsigned k = 0; k < i; ++k)
                        assert_false(str_eq(flaw_name(i), flaw_name(k)));
        }
        assert_true(str_eqz(flaw_name(FLAW_DUPLICATE_KEY), "duplicate-key"));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_place_of_each_flaw_is_kept),
                cmocka_unit_test(more_flaws_than_notes_still_count),
                cmocka_unit_test(names_are_unique_and_documented),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
