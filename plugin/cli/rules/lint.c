#include "lint.h"
#include "docksill/rules/rule-lint.h"
#include "lint-flags.h"
#include "rule-source.h"

static bool ends_with_full_stop(struct str s) {
        s = str_trim(s);
        return str_ends(s, STR_C(".")) && !str_ends(s, STR_C("..."));
}

static void lint_title(const struct rule *rule, const struct yaml_node *entry, struct diag *diag) {
        struct position at = yaml_get(entry, "title")->at;
        char first = rule->title.n ? rule->title.p[0] : '\0';

        if (first >= 'a' && first <= 'z')
                diag_warning(diag, at, DIAG_STYLE_TITLE, "the title begins with a small letter");
        if (ends_with_full_stop(rule->title))
                diag_warning(diag, at, DIAG_STYLE_TITLE, "the title ends with a full stop");
}

static void lint_texts(const struct rule *rule, struct diag *diag) {
        if (rule->why.n == 0)
                diag_warning(diag, rule->at, DIAG_STYLE_WHY, "rule %" STR_FMT " does not say why", STR_ARG(rule->id));
        if (rule->n_references == 0)
                diag_warning(diag, rule->at, DIAG_STYLE_REFERENCES, "rule %" STR_FMT " refers to no guidance",
                             STR_ARG(rule->id));
}

/* Of a rule or of one of its cases. */
static void lint_message(const struct yaml_node *map, struct diag *diag) {
        if (ends_with_full_stop(rule_source_scalar(map, "message")))
                diag_warning(diag, yaml_get(map, "message")->at, DIAG_STYLE_MESSAGE,
                             "the message ends with a full stop");
}

static void lint_flag(const struct yaml_node *flag, struct diag *diag) {
        if (flag->kind == NODE_SCALAR && !str_starts(flag->text, STR_C("-")))
                diag_warning(diag, flag->at, DIAG_STYLE_FLAG, "the flag does not begin with a dash");
}

/* Of docker run and of docker service. */
static void lint_flags(const struct yaml_node *map, struct diag *diag) {
        static const char *const keys[] = { "flags", "service" };
        const struct yaml_node *fix = yaml_get(map, "fix");

        for (size_t k = 0; fix && k < ARRAY_SIZE(keys); ++k) {
                const struct yaml_node *flags = yaml_get(fix, keys[k]);

                if (flags && flags->kind == NODE_SCALAR)
                        lint_flag(flags, diag);
                for (size_t i = 0; flags && flags->kind == NODE_SEQUENCE && i < flags->n; ++i)
                        lint_flag(flags->items[i], diag);
        }
}

static bool has_remedy(const struct yaml_node *map) {
        const struct yaml_node *fix = yaml_get(map, "fix");

        return fix && rule_source_scalar(fix, "cli").n;
}

/* A case may be without a fix where the rule has one; a harmless one needs none. */
static void lint_fix(const struct rule *rule, const struct yaml_node *entry, struct diag *diag) {
        const struct yaml_node *cases = yaml_get(entry, "cases");
        bool own = has_remedy(entry);

        for (size_t i = 0; cases && i < cases->n; ++i) {
                const struct yaml_node *one = cases->items[i];

                if (str_eqz(rule_source_scalar(one, "severity"), "none"))
                        continue;
                if (yaml_get(one, "fix") ? !has_remedy(one) : !own)
                        diag_warning(diag, one->at, DIAG_STYLE_FIX, "the case has no fix for the command line");
        }
        if (!cases && !own)
                diag_warning(diag, rule->at, DIAG_STYLE_FIX, "rule %" STR_FMT " has no fix for the command line",
                             STR_ARG(rule->id));
}

static void lint_tests(const struct rule *rule, struct diag *diag) {
        size_t firing = 0;

        for (size_t i = 0; i < rule->n_tests; ++i)
                firing += rule->tests[i].expect != SEVERITY_NONE;
        if (firing == 0)
                diag_warning(diag, rule->at, DIAG_TEST_MISSING, "rule %" STR_FMT " has no test that expects it to fire",
                             STR_ARG(rule->id));
        if (firing == rule->n_tests)
                diag_warning(diag, rule->at, DIAG_TEST_MISSING, "rule %" STR_FMT " has no test with expect: none",
                             STR_ARG(rule->id));
}

static void lint_rule(const struct rule *rule, const struct yaml_node *entry, struct diag *diag) {
        const struct yaml_node *cases = yaml_get(entry, "cases");

        lint_title(rule, entry, diag);
        lint_texts(rule, diag);
        lint_message(entry, diag);
        lint_flags(entry, diag);
        for (size_t i = 0; cases && i < cases->n; ++i) {
                lint_message(cases->items[i], diag);
                lint_flags(cases->items[i], diag);
        }
        lint_fix(rule, entry, diag);
        lint_tests(rule, diag);
        rule_lint(rule, diag);
}

int lint_rules(const struct ruleset *rules, struct arena *arena, struct diag *diag) {
        struct rule_sources sources = { .arena = arena };
        struct rule_view view = ruleset_rules(rules);

        rules_lint_alike(rules, diag);
        for (size_t i = 0; i < view.n; ++i) {
                const struct yaml_node *entry;
                int r = rule_source_entry(&sources, view.items[i], &entry);

                if (r < 0)
                        return r;
                lint_rule(view.items[i], entry, diag);
                r = lint_flags_lift(rules, view.items[i], diag);
                if (r < 0)
                        return r;
        }
        return 0;
}
