#include "docksill/decide/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void breaks_at_blanks_and_says_what_is_left_out(void **state) {
        static const struct {
                const char *text;
                size_t indent, columns, lines;
                const char *wrapped;
                size_t needed;
        } rows[] = {
                { "", 0, 10, 3, "", 0 },
                { "one two", 0, 10, 3, "one two", 1 },
                { "one two six", 0, 11, 3, "one two six", 1 },
                { "one two six", 0, 10, 3, "one two\nsix", 2 },
                { "one two six", 2, 9, 3, "one two\n  six", 2 },
                { "one two six", 0, 8, 1, "one …", 2 },
                { "one two six ten", 0, 8, 2, "one two\nsix ten", 2 },
                { "one two six ten and", 0, 8, 2, "one two\nsix …", 3 },
                /* a word that fits no line stands on its own */
                { "a-word-without-end b", 0, 5, 9, "a-word-without-end\nb", 2 },
                { "a-word-without-end b", 0, 5, 1, "a-word-without-end …", 2 },
                { "  blanks  between ", 0, 20, 1, "blanks  between", 1 },
                /* a character is a column */
                { "äöü äöü", 0, 7, 2, "äöü äöü", 1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char buffer[128];
                struct text t;

                text_init_fixed(&t, buffer, sizeof(buffer));
                wrap_add(&t, str_from(rows[i].text), rows[i].indent, rows[i].columns, rows[i].lines);
                assert_string_equal(buffer, rows[i].wrapped);
                assert_int_equal(wrap_lines(str_from(rows[i].text), rows[i].indent, rows[i].columns), rows[i].needed);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(breaks_at_blanks_and_says_what_is_left_out),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
