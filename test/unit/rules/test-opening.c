#include "folder.h"

#define HEAD  "docksill: v1\nkind: environment\n"
#define RULES "docksill: v1\nkind: rules\n"

static void write_base(struct folder *f) {
        folder_init(f);
        folder_write(f, "environments/base.yaml",
                     HEAD "name: base\ndeny: {severity: high, points: 50}\nwarn: {severity: low, points: 1}\n"
                          "unknown: fail\nrules: [../set]\n");
        folder_write(f, "set/a.yaml",
                     RULES
                     "lists: {names: [u, v, x, y, z], inner: [i], outer: [$inner, o], idle: [n]}\n"
                     "allow-lists: {allowed: [in-1]}\nvalues: {most: 5}\nrules:\n"
                     "  - {id: hard, title: Opens the host, message: m, severity: high, hard: true, when: "
                     "{container.network: {in: $names}}}\n"
                     "  - {id: half, title: Half, message: m, cases: [{when: {container.init: true}, severity: low, "
                     "hard: true}, {severity: high}]}\n"
                     "  - {id: soft, title: Soft, message: m, severity: high, when: {container.network: {in: $names}, "
                     "container.pids_limit: {gt: $most}}}\n"
                     "  - {id: deep, title: Deep, message: m, severity: low, when: {container.network: {in: $outer}}}\n"
                     "  - {id: let, title: Let, message: m, severity: low, when: {not: {container.network: {in: "
                     "$allowed}}}}\n");
}

/* "name: what; name: what" of what is open. */
static void check(const char *overrides, const char *wanted, size_t n) {
        char text[1000];
        struct opening_view view;
        struct ruleset *rs;
        struct folder f;
        struct text is;

        write_base(&f);
        assert_true((size_t)snprintf(text, sizeof(text), HEAD "name: n\nextends: base\noverride: [%s]\n", overrides) <
                    sizeof(text));
        folder_write(&f, "environments/n.yaml", text);
        rs = folder_environment(&f, "n");
        if (!rs)
                fail_msg("%s: %s", overrides, folder_reported(&f));
        view = ruleset_openings(rs);
        text_init(&is);
        text_addz(&is, "");
        for (size_t i = 0; i < view.n; ++i) {
                text_addf(&is, "%s%" STR_FMT ": %" STR_FMT, i ? "; " : "", STR_ARG(view.items[i].name),
                          STR_ARG(view.items[i].what));
                assert_true(str_ends(view.items[i].at.source->name, STR_C("/environments/n.yaml")));
                assert_int_equal(view.items[i].at.line, 5);
        }
        if (strcmp(is.p, wanted) != 0)
                fail_msg("%s:\n  is     %s\n  wanted %s", overrides, is.p, wanted);
        assert_int_equal(view.n, n);
        for (size_t i = 0; i < f.diag.n; ++i)
                n -= f.diag.items[i].code == DIAG_OPENED;
        assert_int_equal(n, 0); /* each is a warning, once */
        text_deinit(&is);
        ruleset_unref(rs);
        folder_deinit(&f);
}

#define OFF     "a rule that refuses everywhere is switched off"
#define AUDITED "a rule that refuses everywhere is only recorded, and refuses nothing"

static void a_hard_rule_that_is_opened_is_named(void **state) {
        (void)state;
        check("", "", 0);
        check("{rule: hard, severity: none}", "rules.hard: " OFF " (Opens the host)", 1);
        check("{rule: hard, mode: audit}", "rules.hard: " AUDITED " (Opens the host)", 1);
        check("{rule: hard, severity: low, mode: audit}", "rules.hard: " AUDITED " (Opens the host)", 1);
        check("{rule: hard, severity: none, mode: audit}", "rules.hard: " OFF " (Opens the host)", 1);
        check("{rule: half, severity: none}", "rules.half: " OFF " (Half)", 1);
        check("{rule: half, mode: audit}", "rules.half: " AUDITED " (Half)", 1);
        check("{rule: soft, severity: none}, {rule: hard, mode: audit}, {rule: half, severity: none}",
              "rules.half: " OFF " (Half); rules.hard: " AUDITED " (Opens the host)", 2);
}

/* It counts what a rule is in the end, and whether it ever refused everywhere: also by an override of what is extended.
 */
static void of_several_overrides_the_end_counts(void **state) {
        (void)state;
        check("{rule: hard, severity: none}, {rule: hard, mode: audit}", "rules.hard: " OFF " (Opens the host)", 1);
        check("{rule: hard, mode: audit}, {rule: hard, severity: none}", "rules.hard: " OFF " (Opens the host)", 1);
        check("{rule: soft, hard: true}, {rule: soft, mode: audit}", "rules.soft: " AUDITED " (Soft)", 1);
        check("{rule: soft, hard: true}, {rule: soft, severity: none}", "rules.soft: " OFF " (Soft)", 1);
        check("{rule: hard, mode: audit}, {rule: hard, mode: audit}", "rules.hard: " AUDITED " (Opens the host)", 1);
        check("{rule: hard, mode: audit}, {rule: hard, mode: enforce}", "", 0);
        check("{rule: hard, mode: audit}, {rule: hard, mode: enforce}, {rule: hard, mode: audit}",
              "rules.hard: " AUDITED " (Opens the host)", 1);
}

static void what_stays_as_strict_is_not_named(void **state) {
        (void)state;
        check("{rule: hard, severity: high}", "", 0);
        check("{rule: hard, severity: critical}", "", 0);
        check("{rule: hard, at-least: info}", "", 0);
        check("{rule: hard, hard: true}", "", 0);
        check("{rule: hard, mode: enforce}", "", 0);
        /* It refuses everywhere still, whatever it costs: the gate asks whether a case is hard, and no points. */
        check("{rule: hard, severity: medium}", "", 0);
        check("{rule: half, severity: info}", "", 0);
        check("{rule: soft, at-least: critical, hard: true}, {rule: soft, severity: high}", "", 0);
        check("{rule: soft, severity: none}", "", 0);
        check("{rule: soft, mode: audit}", "", 0);
        check("{rule: soft, severity: none, hard: true}, {rule: soft, mode: audit}", "", 0);
}

#define USED "rules that use it: "

static void a_list_that_lost_items_is_named(void **state) {
        (void)state;
        check("{list: names, set: [u, v, x, y]}", "lists.names: no longer holds z; " USED "hard, soft", 1);
        check("{list: names, set: [w]}", "lists.names: no longer holds u, v, x, y and 1 more; " USED "hard, soft", 1);
        check("{list: names, set: []}", "lists.names: no longer holds u, v, x, y and 1 more; " USED "hard, soft", 1);
        check("{list: inner, set: []}", "lists.inner: no longer holds i; " USED "deep", 1);
        check("{list: outer, set: [o]}", "lists.outer: no longer holds $inner; " USED "deep", 1);
        check("{list: inner, set: []}, {rule: hard, severity: none}",
              "rules.hard: " OFF " (Opens the host); lists.inner: no longer holds i; " USED "deep", 2);
}

static void a_list_that_lost_nothing_is_not_named(void **state) {
        (void)state;
        check("{list: names, set: [z, y, x, v, u]}", "", 0);
        check("{list: names, set: [u, v, w, x, y, z]}", "", 0);
        check("{list: names, append: [w]}", "", 0);
        check("{list: idle, set: []}", "", 0); /* nothing is judged by it */
        check("{list: allowed, set: []}", "", 0);
        check("{list: allowed, append: [in-2]}", "", 0);
        check("{value: most, set: 500}", "", 0);
}

/* Of several overrides, in one file or several, it counts what the list holds in the end. */
static void a_second_override_hides_no_loss(void **state) {
        (void)state;
        check("{list: inner, set: []}, {list: inner, set: []}", "lists.inner: no longer holds i; " USED "deep", 1);
        check("{list: inner, set: []}, {list: inner, set: [j]}", "lists.inner: no longer holds i; " USED "deep", 1);
        check("{list: inner, set: [j]}, {list: inner, set: []}", "lists.inner: no longer holds i, j; " USED "deep", 1);
        check("{list: inner, set: []}, {list: inner, append: [j]}", "lists.inner: no longer holds i; " USED "deep", 1);
        check("{list: inner, set: []}, {list: inner, append: [i]}", "", 0);
        check("{list: inner, set: [], append: [i]}", "", 0);
        check("{list: inner, set: [j]}, {list: inner, set: [i, j]}", "", 0);
}

/* What an attacker of the configuration writes is shown and no more. */
static void names_are_shown_so_that_they_can_be_read(void **state) {
        (void)state;
        check("{list: names, append: [\"a\\nb\"]}, {list: names, set: [u, v, x, y, z]}",
              "lists.names: no longer holds a\\x0ab; " USED "hard, soft", 1);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_hard_rule_that_is_opened_is_named),
                cmocka_unit_test(of_several_overrides_the_end_counts),
                cmocka_unit_test(what_stays_as_strict_is_not_named),
                cmocka_unit_test(a_list_that_lost_items_is_named),
                cmocka_unit_test(a_list_that_lost_nothing_is_not_named),
                cmocka_unit_test(a_second_override_hides_no_loss),
                cmocka_unit_test(names_are_shown_so_that_they_can_be_read),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
