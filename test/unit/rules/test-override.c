#include "folder.h"

#define HEAD  "docksill: v1\nkind: environment\n"
#define RULES "docksill: v1\nkind: rules\n"

/* a: hard, b: harmless by a case, f: of the request's flaws, p: protects docksill itself. */
static void write_base(struct folder *f) {
        folder_init(f);
        folder_write(f, "environments/base.yaml",
                     HEAD "name: base\ndeny: {severity: high, points: 50}\nwarn: {severity: low, points: 1}\n"
                          "unknown: fail\nrules: [../set]\n");
        folder_write(
                f, "set/a.yaml",
                RULES
                "lists: {names: [x, y]}\nvalues: {most: 5}\nrules:\n"
                "  - {id: a, title: t, message: m, unknown: low, severity: high, hard: true,\n"
                "     when: {container.network: {in: $names}, container.pids_limit: {gt: $most}}}\n"
                "  - {id: b, title: t, message: m, cases: [{when: {container.init: true}, severity: none},\n"
                "     {when: {container.read_only: true}, severity: low, hard: true}, {severity: medium}]}\n"
                "  - {id: c, title: t, message: m, severity: low, when: {container.privileged: true}}\n"
                "  - {id: d, title: t, message: m, severity: low, unknown: none, when: {container.privileged: true}}\n"
                "  - {id: f, title: t, message: m, severity: critical, for_each: request.flaws as flaw, "
                "when: {flaw: nul}}\n"
                "  - {id: g, title: t, message: m, severity: low, when: {request.flaw.where: x}}\n"
                "  - {id: self-protection-x, title: t, message: m, severity: critical, hard: true, when: "
                "{container.init: true}}\n");
}

/* The environment that extends the base by @overrides; NULL where it is wrong. */
static struct ruleset *load(struct folder *f, const char *overrides) {
        char text[1000];

        write_base(f);
        assert_true((size_t)snprintf(text, sizeof(text), HEAD "name: n\nextends: base\noverride: [%s]\n", overrides) <
                    sizeof(text));
        folder_write(f, "environments/n.yaml", text);
        return folder_environment(f, "n");
}

/* The severities of a rule's cases; an exclamation mark where one is hard. And of the unknown, "audit". */
static const char *in_words(char *to, size_t size, const struct rule *rule) {
        int n = 0;

        for (size_t i = 0; i < rule->n_cases; ++i)
                n += snprintf(to + n, size - (size_t)n, "%s%s%s", i ? " " : "",
                              severity_name(rule->cases[i].severity).p, rule->cases[i].hard ? "!" : "");
        snprintf(to + n, size - (size_t)n, " unknown %s%s", severity_name(rule->unknown).p,
                 rule->audit ? " audit" : "");
        return to;
}

static void rules_are_changed_in_each_way(void **state) {
        static const struct {
                const char *overrides, *rule, *is;
        } rows[] = {
                { "", "a", "high! unknown low" },
                { "", "b", "none low! medium unknown low" },
                { "{rule: a, severity: low}", "a", "low! unknown low" },
                { "{rule: c, severity: critical}", "c", "critical unknown critical" },
                { "{rule: d, severity: none}, {rule: d, severity: high}", "d", "none unknown none" },
                { "{rule: d, severity: critical}", "d", "critical unknown none" },
                { "{rule: a, severity: critical}", "a", "critical! unknown low" },
                { "{rule: a, severity: none}", "a", "none! unknown none" },
                { "{rule: b, severity: critical}", "b", "none critical! critical unknown critical" },
                { "{rule: a, at-least: critical}", "a", "critical! unknown critical" },
                { "{rule: a, at-least: medium}", "a", "high! unknown medium" },
                { "{rule: a, at-least: none}", "a", "high! unknown low" },
                { "{rule: a, at-least: low}", "a", "high! unknown low" },
                { "{rule: b, at-least: high}", "b", "none high! high unknown high" },
                { "{rule: b, at-least: medium}", "b", "none medium! medium unknown medium" },
                { "{rule: b, hard: true}", "b", "none low! medium! unknown low" },
                { "{rule: c, hard: true}", "c", "low! unknown low" },
                { "{rule: d, at-least: high, hard: true}", "d", "high! unknown none" },
                { "{rule: c, mode: audit}", "c", "low unknown low audit" },
                { "{rule: c, mode: audit}, {rule: c, mode: enforce}", "c", "low unknown low" },
                { "{rule: c, severity: medium, at-least: high, hard: true, mode: audit}", "c",
                  "high! unknown high audit" },
                { "{rule: c, severity: none, hard: true}", "c", "none unknown none" },
                { "{rule: c, severity: high}, {rule: c, severity: medium}", "c", "medium unknown medium" },
                { "{rule: c, at-least: high}, {rule: c, at-least: medium}", "c", "high unknown high" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char words[200];
                struct ruleset *rs;
                struct folder f;

                rs = load(&f, rows[i].overrides);
                if (!rs)
                        fail_msg("%s: %s", rows[i].overrides, folder_reported(&f));
                in_words(words, sizeof(words), ruleset_rule(rs, str_from(rows[i].rule)));
                if (strcmp(words, rows[i].is) != 0)
                        fail_msg("%s: %s", rows[i].overrides, words);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

static void each_kind_has_keys_of_its_own(void **state) {
        static const struct {
                const char *overrides, *codes;
        } rows[] = {
                /* what it names */
                { "{severity: low}", "DS203" },
                { "{reason: x}", "DS203" },
                { "{}", "DS203" },
                { "x", "DS204" },
                { "{rule: a}", "DS203" },
                { "{rule: a, reason: x}", "DS203" },
                { "{list: names}", "DS203" },
                { "{value: most}", "DS203" },
                /* what it has beside it */
                { "{rule: a, set: [x]}", "DS202" },
                { "{rule: a, append: [x]}", "DS202" },
                { "{rule: a, list: names, severity: high}", "DS202" },
                { "{rule: a, value: most, severity: high}", "DS202" },
                { "{list: names, severity: low}", "DS202" },
                { "{list: names, at-least: low}", "DS202" },
                { "{list: names, hard: true}", "DS202" },
                { "{list: names, mode: audit}", "DS202" },
                { "{list: names, value: most, set: []}", "DS202" },
                { "{value: most, append: [1]}", "DS202" },
                { "{value: most, severity: low}", "DS202" },
                { "{rule: a, Severity: low}", "DS202" },
                /* what they hold */
                { "{rule: a, severity: lowest}", "DS204" },
                { "{rule: a, severity: [low]}", "DS204" },
                { "{rule: a, at-least: 5}", "DS204" },
                { "{rule: a, hard: maybe}", "DS204" },
                { "{rule: a, hard: false}", "DS204" },
                { "{rule: c, hard: false}", "DS204" },
                { "{rule: a, mode: off}", "DS204" },
                { "{list: names, append: {x: y}}", "DS204" },
                { "{list: names, set: x}", "DS204" },
                { "{list: names, append: x}", "DS204" },
                { "{list: names, set: [[x]]}", "DS204" },
                { "{list: names, set: [null]}", "DS204 DS216" },
                { "{value: most, set: [1]}", "DS204" },
                /* what is not there */
                { "{rule: nobody, severity: low}", "DS301" },
                { "{rule: A, severity: low}", "DS301" },
                { "{list: nobody, set: []}", "DS217" },
                { "{value: nobody, set: 1}", "DS218" },
                { "{list: most, set: []}", "DS217" },
                { "{value: names, set: 1}", "DS218" },
                /* all of them are told */
                { "{rule: nobody, severity: low}, {list: nobody, set: []}, {rule: a, severity: x}",
                  "DS217 DS204 DS301" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const char *got;
                struct folder f;

                assert_null(load(&f, rows[i].overrides));
                got = folder_reported(&f);
                if (strcmp(got, rows[i].codes) != 0)
                        fail_msg("%s: %s", rows[i].overrides, got);
                folder_deinit(&f);
        }
}

/* As no exemption lifts them: what can't be read exactly, and who would switch docksill itself off. */
static void some_rules_are_never_changed(void **state) {
        static const char *const overrides[] = {
                "{rule: f, severity: none}",
                "{rule: f, mode: audit}",
                "{rule: f, at-least: critical}",
                "{rule: f, hard: true}",
                "{rule: g, severity: none}",
                "{rule: self-protection-x, severity: none}",
                "{rule: self-protection-x, mode: audit}",
                "{rule: self-protection-x, hard: true}",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(overrides); ++i) {
                const char *got;
                struct folder f;

                assert_null(load(&f, overrides[i]));
                got = folder_reported(&f);
                if (strcmp(got, "DS314") != 0)
                        fail_msg("%s: %s", overrides[i], got);
                folder_deinit(&f);
        }
}

/* Whether rule a fires on network @network with @pids processes. */
static bool fires(const struct ruleset *rs, const char *network, int64_t pids) {
        struct facts facts = { .container = { .network.value = str_from(network), .pids_limit.value = pids } };
        struct scope scope = { .facts = &facts };

        return condition_holds(ruleset_rule(rs, STR_C("a"))->when, &scope) == TRUTH_YES;
}

static void lists_and_values_are_changed_before_rules_are_read(void **state) {
        static const struct {
                const char *overrides;
                bool x, y, z, at_6;
        } rows[] = {
                { "", true, true, false, true },
                { "{list: names, append: [z]}", true, true, true, true },
                { "{list: names, set: [z]}", false, false, true, true },
                { "{list: names, set: [x], append: [z]}", true, false, true, true },
                { "{list: names, set: []}", false, false, false, false },
                { "{list: names, append: []}", true, true, false, true },
                { "{list: names, set: [z]}, {list: names, append: [x]}", true, false, true, true },
                { "{value: most, set: 6}", true, true, false, false },
                { "{value: most, set: 9}, {value: most, set: 5}", true, true, false, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct ruleset *rs;
                struct folder f;

                rs = load(&f, rows[i].overrides);
                assert_non_null(rs);
                if (fires(rs, "x", 99) != rows[i].x || fires(rs, "y", 99) != rows[i].y ||
                    fires(rs, "z", 99) != rows[i].z || fires(rs, rows[i].x ? "x" : "z", 6) != rows[i].at_6)
                        fail_msg("%s", rows[i].overrides);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

/* What lets in by name must not let in everything: an item of nothing but wildcards is wrong, however it got there. */
static void an_allow_list_lets_nobody_in_unnamed(void **state) {
        static const struct {
                const char *item;
                const char *codes; /* "": it may */
        } rows[] = {
                { "/srv/data", "" },         { "/srv/*", "" },       { "\"*.example\"", "" },
                { "r.example/*", "" },       { "/", "DS226" },       { "\"*\"", "DS226" },
                { "\"**\"", "DS226" },       { "\"/*\"", "DS226" },  { "\"/*/*/*\"", "DS226" },
                { "\"?*\"", "DS226" },       { "\"*:*\"", "DS226" }, { "\"*@*\"", "DS226" },
                { "\"*.*\"", "DS226" },      { "\"//\"", "DS226" },  { "/srv/data:ro", "DS216" },
                { "/srv/data:rw", "DS216" }, { "r.example:rw", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char text[300];
                struct folder f;
                struct ruleset *rs;
                const char *got;

                write_base(&f);
                folder_write(&f, "set/l.yaml",
                             RULES "allow-lists: {allowed: []}\nlists: {also: [$allowed]}\nrules:\n"
                                   "  - {id: l, title: t, message: m, severity: low, when: {not: {container.network: "
                                   "{glob: $also}}}}\n");
                snprintf(text, sizeof(text), HEAD "name: n\nextends: base\noverride: [{list: allowed, append: [%s]}]\n",
                         rows[i].item);
                folder_write(&f, "environments/n.yaml", text);
                rs = folder_environment(&f, "n");
                got = folder_reported(&f);
                if (strcmp(got, rows[i].codes) != 0)
                        fail_msg("%s: %s", rows[i].item, got);
                assert_int_equal(rs != NULL, *rows[i].codes == 0);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rules_are_changed_in_each_way),
                cmocka_unit_test(each_kind_has_keys_of_its_own),
                cmocka_unit_test(some_rules_are_never_changed),
                cmocka_unit_test(lists_and_values_are_changed_before_rules_are_read),
                cmocka_unit_test(an_allow_list_lets_nobody_in_unnamed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
