#include "quantifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void knows_what_repeats_what_repeats(void **state) {
        static const struct {
                const char *pattern;
                bool nest;
        } rows[] = {
                { "(a+)+", true },         { "(a*b)*", true },  { "(?:a{2,})+", true }, { "((a|b+)c)*", true },
                { "([^)]*x)+", true },     { "(a+?)+?", true }, { "(a+){2,}", true },   { "((a+))+", true },
                { "(?i)(x|(y*))*", true }, { "(\\)+)*", true }, { "a+b*c{2,}", false }, { "(a+)", false },
                { "(a+){3}", false },      { "(a+)?", false },  { "(ab)+", false },     { "(a++)+", false },
                { "(?>a+)+", false },      { "[(a+]+", false }, { "(\\+\\*)+", false }, { "(a{2})+", false },
                { "[](+]*x", false },      { "", false },       { ")(", false },        { "((((", false },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i)
                if (quantifiers_nest(str_from(rows[i].pattern)) != rows[i].nest)
                        fail_msg("%s", rows[i].pattern);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(knows_what_repeats_what_repeats),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
