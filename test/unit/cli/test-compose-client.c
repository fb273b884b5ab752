#include "explain/compose-client.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void knows_a_compose_file(void **state) {
        static const struct {
                const char *path, *text;
                bool is;
        } rows[] = {
                { "compose.yaml", "services:\n  web: {}\n", true },
                { "a/b.yml", "# ours\nname: x\n\nservices: {web: {image: a}}", true },
                { "a.yaml", "\"services\":\r\n", true },
                { "a.yaml", "x:\n  services:\n", false },
                { "a.yaml", "# services:\n", false },
                { "a.yaml", "services\n", false },
                { "a.yaml", "", false },
                { "a.json", "services:\n", false },
                { "-", "services:\n", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (compose_file_is(rows[i].path, str_from(rows[i].text)) != rows[i].is)
                        fail_msg("%s: %s", rows[i].path, rows[i].text);
}

static void finds_none_where_none_is(void **state) {
        cleanup_(arena_deinit) struct arena arena;
        char **argv;

        (void)state;
        arena_init(&arena, 65536);
        assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
        assert_int_equal(compose_client(&argv, &arena, "a.yaml"), -ENOENT);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(knows_a_compose_file),
                cmocka_unit_test(finds_none_where_none_is),
        };

        return cmocka_run_group_tests_name("compose-client", tests, NULL, NULL);
}
