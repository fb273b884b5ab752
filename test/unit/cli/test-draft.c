#include "exemption/draft.h"

#include "docksill/base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct fact name = { .name = STR("name"), .type = FACT_STRING };

static struct pins pins_for(struct fact_str *cell, const char *value) {
        *cell = (struct fact_str){ .value = str_from(value) };
        return (struct pins){ .items = { { .alias = STR("log"), .fact = &name, .cell = cell } }, .n = 1 };
}

static void is_written_as_the_loader_reads_it(void **state) {
        static const struct str rules[] = { STR("one"), STR("two") };
        struct draft_only only = { 0 };
        struct fact_str cell;
        struct arena arena;
        struct pins pins;
        struct text t;
        struct draft d = {
                .id = STR("x"), .rules = rules, .n_rules = 2, .match = STR("user: \"ann\""), .day = STR("2026-12-31")
        };

        (void)state;
        arena_init(&arena, 1 << 16);
        text_init_arena(&t, &arena);
        drafts_begin(&t);
        draft_add(&t, &d);
        /* The first line is for editors, and says where the schema lies. */
        assert_int_equal(strncmp(t.p, "# yaml-language-server: $schema=", 32), 0);
        assert_non_null(strchr(t.p, '\n'));
        assert_string_equal(strchr(t.p, '\n') + 1, "docksill: v1\nkind: exemptions\nexemptions:\n"
                                                   "  - id: x\n    rules: [one, two]\n    match: {user: \"ann\"}\n"
                                                   "    owner: \"WHO ANSWERS FOR IT\"\n    reason: \"WHAT IT IS FOR\"\n"
                                                   "    expires: 2026-12-31\n");
        pins = pins_for(&cell, "a: \"b\"\n");
        assert_true(draft_only_add(&only, &arena, &pins));
        assert_false(draft_only_add(&only, &arena, &pins));
        d = (struct draft){ .id = STR("x"),
                            .rules = rules,
                            .n_rules = 1,
                            .match = STR("user: a"),
                            .only = &only,
                            .up_to = SEVERITY_HIGH,
                            .bounded = true,
                            .remaining_points = 3,
                            .owner = STR("o: o"),
                            .reason = STR("#"),
                            .day = STR("2026-12-31") };
        text_reset(&t);
        draft_add(&t, &d);
        assert_string_equal(t.p,
                            "  - id: x\n    rules: [one]\n    match: {user: a}\n"
                            "    only: {log.name: \"a: \\\"b\\\"\\u000a\"}\n    up-to: high\n    remaining-points: 3\n"
                            "    owner: \"o: o\"\n    reason: \"#\"\n    expires: 2026-12-31\n");
        pins = pins_for(&cell, "c");
        assert_true(draft_only_add(&only, &arena, &pins));
        text_reset(&t);
        draft_add(&t, &d);
        assert_non_null(strstr(t.p, "    only: {any: [{log.name: \"a: \\\"b\\\"\\u000a\"}, {log.name: \"c\"}]}\n"));
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = { cmocka_unit_test(is_written_as_the_loader_reads_it) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
