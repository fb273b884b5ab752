#include "canary.h"

#include "../rules/folder.h"

#define RULE(severity)                                                                                                 \
        "docksill: v1\nkind: rules\nrules:\n  - {id: a, title: A, message: m, severity: " severity                     \
        ", when: {container.privileged: true}}\n"

/* A generation with this file of rules. */
static struct generation *generation_of(const char *text) {
        struct generation_options options = { .mode = MODE_ENFORCE };
        struct generation *g;
        struct folder f;
        char path[128];
        const char *paths[] = { path };

        folder_init(&f);
        folder_write(&f, "r.yaml", text);
        snprintf(path, sizeof(path), "%s/r.yaml", f.path);
        assert_int_equal(ruleset_load_rules(&options.rules, paths, 1, &f.diag), 0);
        assert_int_equal(generation_new(&g, &options), 0);
        ruleset_unref(options.rules);
        folder_deinit(&f);
        return g;
}

static void sings_while_nothing_changes(void **state) {
        struct generation *g = generation_of(RULE("critical"));
        struct canary c = { 0 };

        (void)state;
        assert_false(canary_sings(&c, g)); /* one that nobody heard yet */
        canary_begin(&c, g);
        assert_true(c.song.read);
        assert_int_equal(c.song.points, 100);
        assert_false(c.song.allow);
        for (int i = 0; i < 3; ++i)
                assert_true(canary_sings(&c, g));
        generation_unref(g);
}

/* Whether the rules or what judges by them: what is judged otherwise than before is wrong. */
static void is_silent_when_it_is_judged_otherwise(void **state) {
        struct generation *g = generation_of(RULE("critical")), *milder = generation_of(RULE("low")),
                          *none = generation_of("docksill: v1\nkind: rules\nrules: []\n");
        struct canary c;

        (void)state;
        canary_begin(&c, g);
        assert_false(canary_sings(&c, milder));
        assert_true(c.wrong);
        assert_false(canary_sings(&c, none));
        assert_true(canary_sings(&c, g));
        assert_false(c.wrong);
        canary_begin(&c, none); /* whatever the rules say: one that they let pass sings too */
        assert_true(c.song.allow);
        assert_true(canary_sings(&c, none));
        c.song.read = false;
        assert_false(canary_sings(&c, none));
        generation_unref(g);
        generation_unref(milder);
        generation_unref(none);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sings_while_nothing_changes),
                cmocka_unit_test(is_silent_when_it_is_judged_otherwise),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
