#include "folder.h"

#define HEAD  "docksill: v1\nkind: environment\n"
#define RULES "docksill: v1\nkind: rules\n"
#define LIMITS                                                                                                         \
        "deny: {severity: high, points: 50}\nwarn: {severity: low, points: 1}\nunknown: fail\nrules: [../set]\n"

/* A base, and two rules in two files. */
static void write_base(struct folder *f) {
        folder_init(f);
        folder_write(f, "environments/base.yaml", HEAD "name: base\n" LIMITS);
        folder_write(f, "set/a.yaml", RULES "lists: {names: [x]}\nvalues: {most: 5}\nrules:\n"
                                            "  - {id: a, title: t, message: m, severity: medium, hard: true,\n"
                                            "     when: {container.network: {in: $names}, container.pids_limit: {gt: $most}}}\n");
        folder_write(f, "set/b.yaml", RULES "rules:\n"
                                            "  - {id: b, title: t, message: m, cases: [{when: {container.init: true}, severity: none}, {severity: low}]}\n");
}

static void limits_and_rules_are_read(void **state) {
        const struct limits *limits;
        struct ruleset *rs;
        struct folder f;

        (void)state;
        write_base(&f);
        rs = folder_environment(&f, "base");
        assert_non_null(rs);
        limits = ruleset_limits(rs);
        assert_true(str_eqz(ruleset_name(rs), "base"));
        assert_int_equal(ruleset_mode(rs), MODE_AUDIT);
        assert_int_equal(limits->deny_severity, SEVERITY_HIGH);
        assert_int_equal(limits->deny_points, 50);
        assert_int_equal(limits->warn_severity, SEVERITY_LOW);
        assert_int_equal(limits->warn_points, 1);
        assert_int_equal(limits->unknown, UNKNOWN_FAIL);
        assert_int_equal(ruleset_rules(rs).n, 2);
        ruleset_unref(rs);
        folder_deinit(&f);
}

static void an_environment_goes_by_name_or_path(void **state) {
        struct ruleset *rs;
        struct folder f;
        char path[200];

        (void)state;
        write_base(&f);
        folder_write(&f, "elsewhere/mine.yaml", HEAD "name: mine\nextends: base\nmode: enforce\n");
        snprintf(path, sizeof(path), "%s/elsewhere/mine.yaml", f.path);
        rs = folder_environment(&f, path);
        assert_non_null(rs);
        assert_int_equal(ruleset_mode(rs), MODE_ENFORCE);
        assert_int_equal(ruleset_rules(rs).n, 2);
        ruleset_unref(rs);

        assert_null(folder_environment(&f, "bse"));
        assert_string_equal(folder_reported(&f), "DS305");
        assert_null(folder_environment(&f, "../elsewhere/mine"));
        assert_string_equal(folder_reported(&f), "DS101");
        assert_null(folder_environment(&f, "base.yaml")); /* a path, so no name */
        assert_string_equal(folder_reported(&f), "DS101");
        folder_deinit(&f);
}

static void what_extends_changes_what_it_says(void **state) {
        const struct limits *limits;
        struct ruleset *rs;
        struct folder f;

        (void)state;
        write_base(&f);
        folder_write(&f, "set2/c.yaml", RULES "rules: [{id: c, title: t, message: m, severity: low}]\n");
        folder_write(&f, "environments/strict.yaml",
                     HEAD "name: strict\nextends: base\ndeny: {points: 10}\nrules: [../set2/c, ../set/b.yaml]\n");
        rs = folder_environment(&f, "strict");
        assert_non_null(rs);
        limits = ruleset_limits(rs);
        assert_int_equal(limits->deny_severity, SEVERITY_HIGH);
        assert_int_equal(limits->deny_points, 10);
        assert_int_equal(ruleset_rules(rs).n, 3); /* b.yaml is named twice and read once */
        assert_int_equal(f.diag.warnings, 0);
        ruleset_unref(rs);
        folder_deinit(&f);
}

static void loosening_is_said(void **state) {
        static const struct {
                const char *text, *codes;
        } rows[] = {
                { "deny: {severity: critical}", "DS303" },
                { "deny: {severity: medium}", "" },
                { "deny: {points: 51}", "DS303" },
                { "deny: {points: 49}", "" },
                { "warn: {severity: medium, points: 2}", "DS303 DS303" },
                { "unknown: warn", "DS303" },
                { "unknown: skip", "DS303" },
                { "unknown: fail", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct ruleset *rs;
                struct folder f;
                char text[200];

                write_base(&f);
                snprintf(text, sizeof(text), HEAD "name: n\nextends: base\n%s\n", rows[i].text);
                folder_write(&f, "environments/n.yaml", text);
                rs = folder_environment(&f, "n");
                assert_non_null(rs);
                assert_string_equal(folder_reported(&f), rows[i].codes);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

static void overrides_reach_rules_lists_and_values(void **state) {
        struct ruleset *rs;
        struct folder f;
        const struct rule *a, *b;
        struct facts facts = { 0 };
        struct scope scope = { .facts = &facts };

        (void)state;
        write_base(&f);
        folder_write(&f, "environments/site.yaml",
                     HEAD "name: site\nextends: base\noverride:\n"
                          "  - {rule: a, severity: info, mode: audit, reason: because}\n"
                          "  - {rule: b, severity: high}\n"
                          "  - {list: names, append: [y]}\n"
                          "  - {value: most, set: 7}\n");
        rs = folder_environment(&f, "site");
        assert_non_null(rs);
        a = ruleset_rule(rs, STR_C("a"));
        b = ruleset_rule(rs, STR_C("b"));
        assert_true(a->audit && !b->audit);
        assert_int_equal(a->cases[0].severity, SEVERITY_INFO);
        assert_true(a->cases[0].hard);
        assert_int_equal(b->cases[0].severity, SEVERITY_NONE); /* harmless stays harmless */
        assert_int_equal(b->cases[1].severity, SEVERITY_HIGH);

        facts.container.network.value = STR_C("y");
        facts.container.pids_limit.value = 8;
        assert_int_equal(condition_holds(a->when, &scope), TRUTH_YES);
        facts.container.pids_limit.value = 7;
        assert_int_equal(condition_holds(a->when, &scope), TRUTH_NO);
        facts.container.pids_limit.value = 8;
        facts.container.network.value = STR_C("x");
        assert_int_equal(condition_holds(a->when, &scope), TRUTH_YES);
        ruleset_unref(rs);

        /* The last word counts: what extends comes after what it extends. */
        folder_write(&f, "environments/last.yaml",
                     HEAD "name: last\nextends: site\noverride: [{rule: a, severity: low, mode: enforce}, {list: names, set: [z]}]\n");
        rs = folder_environment(&f, "last");
        assert_non_null(rs);
        a = ruleset_rule(rs, STR_C("a"));
        assert_false(a->audit);
        assert_int_equal(a->cases[0].severity, SEVERITY_LOW);
        assert_int_equal(condition_holds(a->when, &scope), TRUTH_NO);
        ruleset_unref(rs);
        folder_deinit(&f);
}

static void wrong_environments_are_reported(void **state) {
        static const struct {
                const char *text, *codes;
        } rows[] = {
                { "name: n\n", "DS203 DS203 DS203" },
                { LIMITS, "DS203" },
                { "name: n\nextends: n\n", "DS302" },
                { "name: n\nextends: nobody\n", "DS305" },
                { "name: n\nextends: ./nobody.yaml\n", "DS101" },
                { "name: n\nextends: base\ndeny: {severity: none}\n", "DS204" },
                { "name: n\nextends: base\nwarn: {severity: critical}\n", "DS303 DS304" },
                { "name: n\nextends: base\nwarn: {points: 60}\n", "DS303 DS304" },
                { "name: n\ndeny: {severity: low}\nwarn: {points: 1}\nunknown: skip\n", "DS203 DS203" },
                { "name: n\nextends: base\nrules: [../sett]\n", "DS101" },
                { "name: n\nextends: base\nrules: [../empty]\n", "DS106" },
                { "name: n\nextends: base\naccess: {who: all}\n", "DS204" },
                { "name: n\nextends: base\noverride: [{rule: aa, severity: low}]\n", "DS301" },
                { "name: n\nextends: base\noverride: [{list: nam, set: []}, {value: mst, set: 1}]\n", "DS217 DS218" },
                { "name: n\nextends: base\noverride: [{list: most, set: []}, {value: names, set: 1}]\n", "DS217 DS218" },
                { "name: n\nextends: base\noverride: [{rule: a}, {reason: x}]\n", "DS203 DS203" },
                { "name: n\nextends: base\noverride: [{rule: a, append: [x]}]\n", "DS202" },
                { "name: n\nextends: base\noverride: [{value: most, set: [1, 2]}]\n", "DS204" },
                { "name: n\nextends: base\noverride: [{value: most, set: x}]\n", "DS216" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct folder f;
                char text[500];
                const char *got;

                write_base(&f);
                folder_write(&f, "empty/x.txt", "");
                snprintf(text, sizeof(text), HEAD "%s", rows[i].text);
                folder_write(&f, "environments/n.yaml", text);
                assert_null(folder_environment(&f, "n"));
                got = folder_reported(&f);
                if (strcmp(got, rows[i].codes) != 0)
                        fail_msg("%s: %s", rows[i].text, got);
                folder_deinit(&f);
        }
}

/* A file of rules that is gone or cut short takes rules along, and nothing else would tell. */
static void what_it_can_t_do_without_is_required(void **state) {
        static const struct {
                const char *base, *site, *codes;
        } rows[] = {
                { "requires: [a, b]", "", "" },
                { "requires: a", "", "" },
                { "requires: []", "", "" },
                { "requires: [a, gone]", "", "DS315" },
                { "requires: [gone, a, too]", "", "DS315 DS315" },
                { "requires: [gone, gone]", "", "DS315 DS315" },
                { "requires: [A]", "", "DS315" },
                { "requires: [\"\"]", "", "DS315" },
                { "requires: [names]", "", "DS315" },
                { "requires: {a: b}", "", "DS204" },
                { "requires: [[a]]", "", "DS204" },
                /* who extends it can't do without it either, nor take it back */
                { "requires: [gone]", "requires: [a]", "DS315" },
                { "requires: [a]", "requires: [gone]", "DS315" },
                { "requires: [gone]", "requires: []", "DS315" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct ruleset *rs;
                const char *got;
                struct folder f;
                char text[300];

                write_base(&f);
                snprintf(text, sizeof(text), HEAD "name: base\n" LIMITS "%s\n", rows[i].base);
                folder_write(&f, "environments/base.yaml", text);
                snprintf(text, sizeof(text), HEAD "name: site\nextends: base\n%s\n", rows[i].site);
                folder_write(&f, "environments/site.yaml", text);
                rs = folder_environment(&f, "site");
                got = folder_reported(&f);
                if (strcmp(got, rows[i].codes) != 0)
                        fail_msg("%s, %s: %s", rows[i].base, rows[i].site, got);
                assert_int_equal(rs != NULL, *rows[i].codes == 0);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

/* A rule that is broken is reported where it is broken, not as one that is gone; nor is one that is switched off. */
static void a_required_rule_may_be_broken_or_off(void **state) {
        struct ruleset *rs;
        struct folder f;

        (void)state;
        write_base(&f);
        folder_write(&f, "environments/base.yaml", HEAD "name: base\n" LIMITS "requires: [a, b]\n");
        folder_write(&f, "environments/off.yaml",
                     HEAD "name: off\nextends: base\noverride: [{rule: b, severity: none}]\n");
        rs = folder_environment(&f, "off");
        assert_non_null(rs);
        ruleset_unref(rs);
        folder_write(&f, "set/b.yaml", RULES "rules: [{id: b, title: t, message: m, severity: lo}]\n");
        assert_null(folder_environment(&f, "base"));
        assert_string_equal(folder_reported(&f), "DS204");
        folder_write(&f, "set/b.yaml", RULES "rules: []\n");
        assert_null(folder_environment(&f, "base"));
        assert_string_equal(folder_reported(&f), "DS315");
        folder_deinit(&f);
}

static void a_circle_of_three_is_seen(void **state) {
        struct folder f;

        (void)state;
        write_base(&f);
        folder_write(&f, "environments/x.yaml", HEAD "name: x\nextends: y\n");
        folder_write(&f, "environments/y.yaml", HEAD "name: y\nextends: ./z.yaml\n");
        folder_write(&f, "environments/z.yaml", HEAD "name: z\nextends: ../environments/x.yaml\n");
        assert_null(folder_environment(&f, "x"));
        assert_string_equal(folder_reported(&f), "DS302");
        folder_deinit(&f);
}

static void where_none_is_shipped_the_folder_is_named(void **state) {
        static const struct {
                const char *shipped, *said;
        } rows[] = {
                { "environments/production.txt", "there is none at all in /tmp/docksill-rules-" },
                { "environments/prod.yaml", "did you mean \"prod\"?" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct folder f;
                char path[100];

                folder_init(&f);
                folder_write(&f, rows[i].shipped, HEAD "name: prod\n" LIMITS);
                folder_write(&f, "site/site.yaml", HEAD "name: site\nextends: prodd\n");
                snprintf(path, sizeof(path), "%s/site/site.yaml", f.path);
                assert_null(folder_environment(&f, path));
                assert_int_equal(f.diag.n, 1);
                if (str_search(f.diag.items[0].message, str_from(rows[i].said)) == f.diag.items[0].message.n)
                        fail_msg("%" STR_FMT, STR_ARG(f.diag.items[0].message));
                folder_deinit(&f);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(limits_and_rules_are_read),
                cmocka_unit_test(an_environment_goes_by_name_or_path),
                cmocka_unit_test(what_extends_changes_what_it_says),
                cmocka_unit_test(loosening_is_said),
                cmocka_unit_test(overrides_reach_rules_lists_and_values),
                cmocka_unit_test(wrong_environments_are_reported),
                cmocka_unit_test(what_it_can_t_do_without_is_required),
                cmocka_unit_test(a_required_rule_may_be_broken_or_off),
                cmocka_unit_test(a_circle_of_three_is_seen),
                cmocka_unit_test(where_none_is_shipped_the_folder_is_named),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
