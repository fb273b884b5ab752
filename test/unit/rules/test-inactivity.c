#include "docksill/rules/inactivity.h"
#include "written.h"

struct row {
        const char *each;     /* list, walked as "it"; NULL: none */
        const char *when;     /* NULL: always */
        const char *cases[4]; /* conditions; "": else */
        bool rule;
        size_t cases_off;
};

static void expect(const struct row *rows, size_t n) {
        struct written w;

        written_init(&w);
        for (size_t i = 0; i < n; ++i) {
                struct rule_case cases[4] = { 0 };
                struct rule rule = { .cases = cases };
                struct inactivity d;

                written_each(&w, rows[i].each, "it");
                rule.each = w.compiler.each;
                rule.when = rows[i].when ? written_condition(&w, rows[i].when) : NULL;
                for (; rule.n_cases < 4 && rows[i].cases[rule.n_cases]; ++rule.n_cases) {
                        const char *when = rows[i].cases[rule.n_cases];

                        cases[rule.n_cases].when = when[0] ? written_condition(&w, when) : NULL;
                        cases[rule.n_cases].severity = SEVERITY_HIGH;
                }
                d = rule_inactivity(&rule, SOURCE_ENGINE);
                if (d.rule != rows[i].rule || d.cases != rows[i].cases_off)
                        fail_msg("row %zu, %s: rule %d, %zu cases", i, rows[i].when ? rows[i].when : "", d.rule,
                                 d.cases);
        }
        written_deinit(&w);
}

/* Of a rule without cases of its own. */
static void what_can_not_do_without_a_lookup_sleeps(void **state) {
        static const struct row rows[] = {
                { .when = "container.privileged: true", .cases = { "" } },
                { .when = "image.age: {gt: 30d}", .cases = { "" }, .rule = true, .cases_off = 1 },
                { .when = "{image.age: {gt: 30d}, container.privileged: true}",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                { .when = "all: [{container.privileged: true}, {image.age: {gt: 30d}}]",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                { .when = "any: [{container.privileged: true}, {image.age: {gt: 30d}}]", .cases = { "" } },
                { .when = "any: [{target.privileged: true}, {image.age: {gt: 30d}}]",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                { .when = "not: {image.age: {gt: 30d}}", .cases = { "" }, .rule = true, .cases_off = 1 },
                { .when = "not: {container.privileged: true}", .cases = { "" } },
                { .when = "not: {any: [{target.privileged: true}, {image.age: {gt: 30d}}]}",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                /* When the other part does not hold, the whole does. */
                { .when = "not: {image.age: {gt: 30d}, container.privileged: true}", .cases = { "" } },
                /* The part that is off is not there. */
                { .when = "not: {any: [{container.privileged: true}, {image.age: {gt: 30d}}]}", .cases = { "" } },
                { .when = "all: [{not: {image.age: {gt: 30d}, container.privileged: true}}, {image.size: {gt: 1g}}]",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                { .cases = { "" } },
        };

        (void)state;
        expect(rows, ARRAY_SIZE(rows));
}

static void a_rule_sleeps_when_all_its_cases_do(void **state) {
        static const struct row rows[] = {
                { .cases = { "image.age: {gt: 30d}", "container.privileged: true" }, .cases_off = 1 },
                { .cases = { "image.age: {gt: 30d}", "" }, .cases_off = 1 },
                { .cases = { "image.age: {gt: 30d}", "target.privileged: true" }, .rule = true, .cases_off = 2 },
                { .when = "target.privileged: true",
                  .cases = { "container.privileged: true", "" },
                  .rule = true,
                  .cases_off = 2 },
        };

        (void)state;
        expect(rows, ARRAY_SIZE(rows));
}

static void elements_sleep_like_facts(void **state) {
        static const struct row rows[] = {
                { .each = "mounts", .when = "it.kind: host", .cases = { "" } },
                { .each = "target.capabilities.added",
                  .when = "it: SYS_ADMIN",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                { .each = "target.capabilities.added", .cases = { "" }, .rule = true, .cases_off = 1 },
                { .each = "container.capabilities.added", .when = "it: SYS_ADMIN", .cases = { "" } },
                /* Unknown rather than off. */
                { .each = "container.joins", .when = "it.peer.privileged: true", .cases = { "" } },
                { .each = "container.joins", .when = "it.namespace: pid", .cases = { "" } },
                { .each = "drivers", .when = "it.plugin: x", .cases = { "" }, .rule = true, .cases_off = 1 },
                { .each = "drivers", .cases = { "it.plugin: x", "it.kind: log" }, .cases_off = 1 },
                /* A value that a lookup alone brings. */
                { .each = "variables", .when = "it.from: image", .cases = { "" }, .rule = true, .cases_off = 1 },
                { .each = "variables",
                  .when = "not: {it.from: {in: [env, build-arg]}}",
                  .cases = { "" },
                  .rule = true,
                  .cases_off = 1 },
                { .each = "variables", .when = "it.from: {in: [image, env]}", .cases = { "" } },
                { .each = "variables", .when = "not: {it.from: image}", .cases = { "" } },
        };

        (void)state;
        expect(rows, ARRAY_SIZE(rows));
}

/* A rule of which harmless cases alone are awake never says anything. */
static void harmless_cases_are_not_counted(void **state) {
        struct written w;
        struct rule_case cases[] = { { .severity = SEVERITY_NONE }, { .severity = SEVERITY_LOW } };
        struct rule rule = { .cases = cases, .n_cases = 2 };

        (void)state;
        written_init(&w);
        cases[0].when = written_condition(&w, "container.privileged: false");
        cases[1].when = written_condition(&w, "image.age: {gt: 30d}");
        assert_true(rule_inactivity(&rule, SOURCE_ENGINE).rule);
        cases[1].severity = SEVERITY_NONE;
        assert_false(rule_inactivity(&rule, SOURCE_ENGINE).rule);
        written_deinit(&w);
}

/* The words above against what really happens: a condition that sleeps never holds without lookups. */
static void what_sleeps_never_holds_without_lookups(void **state) {
        static const char *const conditions[] = {
                "all: [{container.privileged: true}, {image.age: {gt: 30d}}]",
                "any: [{container.privileged: true}, {image.age: {gt: 30d}}]",
                "not: {image.age: {gt: 30d}, container.privileged: true}",
                "not: {any: [{container.privileged: true}, {image.age: {gt: 30d}}]}",
                "any: [{target.privileged: true}, {not: {image.age: {gt: 30d}}}]",
        };
        struct facts facts;
        struct written w;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(conditions); ++i) {
                const struct scope scope = { .facts = &facts };
                struct rule_case one = { .when = written_condition(&w, conditions[i]), .severity = SEVERITY_LOW };
                struct rule rule = { .cases = &one, .n_cases = 1 };
                bool held = false;

                for (int privileged = 0; privileged < 2; ++privileged) {
                        facts_init(&facts);
                        facts.container.privileged.value = privileged;
                        held = held || condition_holds(one.when, &scope) == TRUTH_YES;
                }
                assert_int_equal(held, !rule_inactivity(&rule, SOURCE_ENGINE).rule);
        }
        written_deinit(&w);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_can_not_do_without_a_lookup_sleeps),
                cmocka_unit_test(a_rule_sleeps_when_all_its_cases_do),
                cmocka_unit_test(elements_sleep_like_facts),
                cmocka_unit_test(harmless_cases_are_not_counted),
                cmocka_unit_test(what_sleeps_never_holds_without_lookups),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
