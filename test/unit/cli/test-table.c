#include "frame/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const titles[] = { "NAME", "COUNT", "MEANING" };

static void aligns_columns_by_characters(void **state) {
        struct arena arena;
        struct table t;
        struct text out;

        (void)state;
        arena_init(&arena, 1 << 16);
        text_init(&out);
        table_init(&t, &arena, titles, 3);
        table_add(&t, STR_C("naïve")); /* five characters, six bytes */
        table_addf(&t, "%d", 7);
        table_add(&t, STR_C("a long text that ends the line"));
        table_add(&t, STR_C("plain-name"));
        table_add(&t, STR_C(""));
        table_add(&t, STR_C("x"));
        table_render(&t, &out);
        assert_string_equal(out.p, "NAME        COUNT  MEANING\n"
                                   "naïve       7      a long text that ends the line\n"
                                   "plain-name         x\n");
        text_deinit(&out);
        arena_deinit(&arena);
}

/* One value that no terminal has room for is no reason to pad all the others. */
static void a_long_cell_pads_its_own_row_alone(void **state) {
        struct arena arena;
        struct table t;
        struct text out;

        (void)state;
        arena_init(&arena, 1 << 16);
        text_init(&out);
        table_init(&t, &arena, titles, 3);
        table_add(&t, STR_C("a"));
        table_add(&t, STR_C("0123456789012345678901234567890123456789012345678901234567890123456789"));
        table_add(&t, STR_C("x"));
        table_add(&t, STR_C("b"));
        table_add(&t, STR_C("1234567"));
        table_add(&t, STR_C("y"));
        table_render(&t, &out);
        assert_string_equal(out.p, "NAME  COUNT    MEANING\n"
                                   "a     0123456789012345678901234567890123456789012345678901234567890123456789  x\n"
                                   "b     1234567  y\n");
        text_deinit(&out);
        arena_deinit(&arena);
}

static void leaves_no_blanks_at_the_end(void **state) {
        struct arena arena;
        struct table t;
        struct text out;

        (void)state;
        arena_init(&arena, 1 << 16);
        text_init(&out);
        table_init(&t, &arena, titles, 3);
        table_add(&t, STR_C("a"));
        table_add(&t, STR_C(""));
        table_add(&t, STR_C(""));
        table_render(&t, &out);
        assert_string_equal(out.p, "NAME  COUNT  MEANING\na\n");
        text_deinit(&out);
        arena_deinit(&arena);
}

static void shows_names_harmlessly(void **state) {
        struct arena arena;
        struct table t;
        struct text out;

        (void)state;
        arena_init(&arena, 1 << 16);
        text_init(&out);
        table_init(&t, &arena, titles, 1);
        table_add(&t, STR_C("\033[31mred\n"));
        table_render(&t, &out);
        assert_string_equal(out.p, "NAME\n\\x1b[31mred\\x0a\n");
        text_deinit(&out);
        arena_deinit(&arena);
}

static void fails_when_there_is_no_room(void **state) {
        struct arena arena;
        struct table t;
        struct text out;

        (void)state;
        arena_init(&arena, 8);
        text_init(&out);
        table_init(&t, &arena, titles, 3);
        table_render(&t, &out);
        assert_true(out.failed);
        text_deinit(&out);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(aligns_columns_by_characters), cmocka_unit_test(a_long_cell_pads_its_own_row_alone),
                cmocka_unit_test(leaves_no_blanks_at_the_end),  cmocka_unit_test(shows_names_harmlessly),
                cmocka_unit_test(fails_when_there_is_no_room),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
