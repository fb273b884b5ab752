#include "docksill/base/utf8.h"

#include "docksill/base/cleanup.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_scalar_value_survives_and_nothing_else_does(void **state) {
        (void)state;
        for (uint32_t c = 0; c <= 0x10ffff; ++c) {
                char bytes[4];
                size_t n;

                if (c >= 0xd800 && c <= 0xdfff)
                        continue;
                n = utf8_write(bytes, c);
                if (utf8_length(bytes, bytes + n) != n || utf8_point(bytes, n) != c)
                        fail_msg("U+%04x", (unsigned)c);
                if (n > 1 && utf8_length(bytes, bytes + n - 1) != 0)
                        fail_msg("U+%04x without its last byte", (unsigned)c);
        }
}

static void refuses_what_go_refuses(void **state) {
        static const struct str rows[] = {
                STR("\x80"), STR("\xbf"), STR("\xc0\x80"), STR("\xc1\xbf"), STR("\xe0\x9f\xbf"), STR("\xed\xa0\x80"),
                STR("\xed\xbf\xbf"), STR("\xf0\x8f\xbf\xbf"), STR("\xf4\x90\x80\x80"), STR("\xf5\x80\x80\x80"),
                STR("\xff"), STR("\xc3("), STR("\xe2\x82("), STR("\xf0\x9f\x98("), STR("\xe2(\xa1"),
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (utf8_length(rows[i].p, rows[i].p + rows[i].n) != 0)
                        fail_msg("row %zu", i);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_scalar_value_survives_and_nothing_else_does),
                cmocka_unit_test(refuses_what_go_refuses),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
