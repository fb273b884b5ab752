#include "docksill/rules/provenance.h"
#include "docksill/rules/ruleset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/docksill-provenance-XXXXXX";

static void put(const char *name, const char *text) {
        FILE *file = fopen(name, "w");

        assert_non_null(file);
        fputs(text, file);
        assert_int_equal(fclose(file), 0);
}

static int setup(void **state) {
        (void)state;
        if (!mkdtemp(folder) || chdir(folder) < 0 || mkdir("environments", 0700) < 0)
                return -1;
        put("rules.yaml",
            "docksill: v1\n"
            "kind: rules\n"
            "lists:\n"
            "  places: [/etc,\n"
            "           /usr]\n"
            "values: {most: 3}\n"
            "rules:\n"
            "  - {id: a, title: A, for_each: mounts as m, when: {m.source: {within: $places}},\n"
            "     severity: low, message: a}\n"
            "  - {id: b, title: B, when: {container.oom_score: {lt: $most}}, severity: low, message: b}\n");
        put("environments/base.yaml", "docksill: v1\n"
                                      "kind: environment\n"
                                      "name: base\n"
                                      "deny: {severity: high, points: 50}\n"
                                      "warn: {severity: low,\n"
                                      "       points: 1}\n"
                                      "unknown: warn\n"
                                      "rules: ../rules.yaml\n");
        put("environments/site.yaml", "docksill: v1\n"
                                      "kind: environment\n"
                                      "name: site\n"
                                      "extends: base\n"
                                      "deny: {points: 40}\n"
                                      "override:\n"
                                      "  - {list: places, append: [/srv]}\n"
                                      "  - {rule: b, mode: audit, severity: medium, reason: \"we know\"}\n"
                                      "  - {value: most, set: 5}\n");
        return 0;
}

static int teardown(void **state) {
        (void)state;
        unlink("rules.yaml");
        unlink("environments/base.yaml");
        unlink("environments/site.yaml");
        rmdir("environments");
        return chdir("/") < 0 ? -1 : rmdir(folder);
}

static struct ruleset *load(void) {
        const struct ruleset_options options = { .rules = ".", .environment = "site" };
        struct ruleset *rules;
        struct diag diag;

        diag_init(&diag);
        if (ruleset_load(&rules, &options, &diag) < 0)
                fail_msg("%s", diag.items[0].message.p);
        diag_deinit(&diag);
        return rules;
}

static void assert_place(struct position at, const char *expected) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        position_add(&t, at);
        assert_string_equal(t.p, expected);
}

static void names_the_line_that_set_a_limit_last(void **state) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = load();
        const struct provenance *p = ruleset_provenance(rules);

        (void)state;
        assert_place(p->limits.deny_severity, "environments/base.yaml:4");
        assert_place(p->limits.deny_points, "./environments/site.yaml:5");
        assert_place(p->limits.warn_severity, "environments/base.yaml:5");
        assert_place(p->limits.warn_points, "environments/base.yaml:6");
        assert_place(p->limits.unknown, "environments/base.yaml:7");
        assert_place(p->limits.mode, "default");
        assert_int_equal(p->n_rules, 1);
        assert_place(p->rules[0].named, "environments/base.yaml:8");
}

static void names_the_line_of_each_item(void **state) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = load();
        const struct provenance *p = ruleset_provenance(rules);
        const struct definition_place *most, *places;

        (void)state;
        assert_int_equal(p->n_definitions, 2);
        most = &p->definitions[0];
        places = &p->definitions[1];
        assert_true(str_eqz(most->name, "most") && !most->list && most->n == 1);
        assert_true(str_eqz(most->items[0].text, "5"));
        assert_place(most->at, "rules.yaml:6");
        assert_place(most->items[0].at, "./environments/site.yaml:9");
        assert_true(str_eqz(places->name, "places") && places->list && places->n == 3);
        assert_place(places->items[0].at, "rules.yaml:4");
        assert_place(places->items[1].at, "rules.yaml:5");
        assert_true(str_eqz(places->items[2].text, "/srv"));
        assert_place(places->items[2].at, "./environments/site.yaml:7");
}

static void keeps_what_was_overridden_and_why(void **state) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = load();
        const struct provenance *p = ruleset_provenance(rules);

        (void)state;
        assert_int_equal(p->n_overrides, 3);
        assert_int_equal(p->overrides[0].kind, OVERRIDE_OF_LIST);
        assert_true(p->overrides[0].append && !p->overrides[0].set);
        assert_int_equal(p->overrides[1].kind, OVERRIDE_OF_RULE);
        assert_true(str_eqz(p->overrides[1].name, "b"));
        assert_true(str_eqz(p->overrides[1].severity, "medium"));
        assert_true(str_eqz(p->overrides[1].mode, "audit"));
        assert_true(str_eqz(p->overrides[1].reason, "we know"));
        assert_place(p->overrides[1].at, "./environments/site.yaml:8");
        assert_int_equal(p->overrides[2].kind, OVERRIDE_OF_VALUE);
        assert_true(p->overrides[2].set && !p->overrides[2].append);
}

static void knows_none_without_an_environment(void **state) {
        static const char *const paths[] = { "rules.yaml" };
        struct ruleset *rules;
        struct diag diag;

        (void)state;
        diag_init(&diag);
        assert_int_equal(ruleset_load_rules(&rules, paths, 1, &diag), 0);
        assert_place(ruleset_provenance(rules)->limits.deny_points, "default");
        assert_int_equal(ruleset_provenance(rules)->n_overrides, 0);
        assert_int_equal(ruleset_provenance(rules)->n_definitions, 2);
        ruleset_unref(rules);
        diag_deinit(&diag);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_the_line_that_set_a_limit_last),
                cmocka_unit_test(names_the_line_of_each_item),
                cmocka_unit_test(keeps_what_was_overridden_and_why),
                cmocka_unit_test(knows_none_without_an_environment),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
