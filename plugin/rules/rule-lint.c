#include "docksill/rules/rule-lint.h"

#include "condition-walk.h"
#include "docksill/engine/operation.h"
#include "docksill/rules/condition-leaf.h"
#include "printable.h"
#include "quantifier.h"
#include "regex.h"

/* -- what follows from what -- */

static bool is_empty(const struct condition *test, const void *context) {
        (void)context;
        return test->test.n == 0;
}

/* A list that is empty as shipped is one for a site to fill: two such are not one. */
static bool same(const struct condition *a, const struct condition *b) {
        return condition_same(a, b) && !condition_has(a, is_empty, NULL);
}

/* More operands let more in. What asks for all of them is let alone, and so are two bounds. */
static bool grows(const struct predicate *p) {
        return (p->takes == TAKES_MANY || p->takes == TAKES_GLOB || p->takes == TAKES_REGEX ||
                str_eqz(p->name, "eq")) &&
               !str_eqz(p->name, "all-of");
}

static bool has_operand(const struct test *t, const struct operand *o) {
        const struct test one = { .holds = t->holds, .terms = t->terms, .operands = o, .n = 1 };

        for (size_t i = 0; i < t->n; ++i) {
                const struct test other = { .holds = t->holds, .terms = t->terms, .operands = &t->operands[i], .n = 1 };
                const struct condition a = { .kind = CONDITION_TEST, .test = one },
                                       b = { .kind = CONDITION_TEST, .test = other };

                if (same(&a, &b))
                        return true;
        }
        return false;
}

/* "is a" and "is a or b". */
static bool test_implies(const struct condition *a, const struct condition *b) {
        if (a->subject != b->subject || a->element != b->element || a->at != b->at || a->test.holds != b->test.holds ||
            a->test.terms->operands_are != b->test.terms->operands_are || !grows(a->test.terms->predicate) ||
            !grows(b->test.terms->predicate) || a->test.n == 0)
                return same(a, b);
        for (size_t i = 0; i < a->test.n; ++i)
                if (!has_operand(&b->test, &a->test.operands[i]))
                        return false;
        return true;
}

/* Whether @b holds wherever @a does, as far as their forms tell. Recursion: as deep as the rule was written. */
static bool implies(const struct condition *a, const struct condition *b) {
        if (!b || same(a, b))
                return true;
        if (!a)
                return false;
        if (b->kind == CONDITION_ALL) {
                for (size_t i = 0; i < b->parts.n; ++i)
                        if (!implies(a, b->parts.items[i]))
                                return false;
                return true;
        }
        if (a->kind == CONDITION_ALL) {
                for (size_t i = 0; i < a->parts.n; ++i)
                        if (implies(a->parts.items[i], b))
                                return true;
                return false;
        }
        if (b->kind == CONDITION_ANY) {
                for (size_t i = 0; i < b->parts.n; ++i)
                        if (implies(a, b->parts.items[i]))
                                return true;
                return false;
        }
        return a->kind == CONDITION_TEST && b->kind == CONDITION_TEST && test_implies(a, b);
}

/* -- cases -- */

static bool is_needless_beside(const struct condition *when, const struct condition *part) {
        return when && part && implies(when, part);
}

/* The first test of a condition: where a person finds it. */
static void note_place(const struct condition *test, enum truth says, void *context) {
        struct position *at = context;

        (void)says;
        if (!at->source || test->test.terms->at.line < at->line ||
            (test->test.terms->at.line == at->line && test->test.terms->at.column < at->column))
                *at = test->test.terms->at;
}

static struct position place_of(const struct condition *c, struct position otherwise) {
        struct position at = { 0 };

        condition_leaves(c, NULL, note_place, &at);
        return at.source ? at : otherwise;
}

static void lint_cases(const struct rule *rule, struct diag *diag) {
        for (size_t j = 1; j < rule->n_cases; ++j) {
                const struct condition *when = rule->cases[j].when;

                for (size_t i = 0; i < j; ++i) {
                        if (!implies(when, rule->cases[i].when) && !is_needless_beside(rule->when, rule->cases[i].when))
                                continue;
                        diag_warning(diag, place_of(when, rule->at), DIAG_CASE_IDLE,
                                     "case %zu of rule %" STR_FMT " is never reached: case %zu holds wherever it does",
                                     j + 1, STR_ARG(rule->id), i + 1);
                        break;
                }
        }
}

/* -- what stands there twice -- */

static void warn_twice(const struct condition *c, const struct rule *rule, struct diag *diag) {
        diag_warning(diag, place_of(c, rule->at), DIAG_CONDITION_TWICE,
                     "this condition of rule %" STR_FMT " stands there already", STR_ARG(rule->id));
}

/* Recursion: as above. */
static void lint_twice(const struct condition *c, const struct rule *rule, struct diag *diag) {
        if (!c || c->kind == CONDITION_TEST)
                return;
        for (size_t i = 0; i < c->parts.n; ++i) {
                for (size_t k = 0; k < i; ++k)
                        if (same(c->parts.items[i], c->parts.items[k])) {
                                warn_twice(c->parts.items[i], rule, diag);
                                break;
                        }
                lint_twice(c->parts.items[i], rule, diag);
        }
}

/* What the rule's when: says need not be said by a case. */
static void lint_case_twice(const struct condition *c, const struct rule *rule, struct diag *diag) {
        if (!c || !rule->when)
                return;
        if (is_needless_beside(rule->when, c)) {
                warn_twice(c, rule, diag);
                return;
        }
        for (size_t i = 0; c->kind == CONDITION_ALL && i < c->parts.n; ++i)
                if (is_needless_beside(rule->when, c->parts.items[i]))
                        warn_twice(c->parts.items[i], rule, diag);
}

static bool are_alike(const struct rule *a, const struct rule *b) {
        if (a->each != b->each || a->n_cases != b->n_cases || a->uses != b->uses || !same(a->when, b->when))
                return false;
        for (size_t i = 0; i < a->n_cases; ++i)
                if (!same(a->cases[i].when, b->cases[i].when))
                        return false;
        /* Without any condition it is the operations that tell them apart. */
        return a->when || a->cases[0].when;
}

static bool is_among(struct rule_view rules, const struct rule *rule) {
        for (size_t i = 0; i < rules.n; ++i)
                if (rules.items[i] == rule)
                        return true;
        return false;
}

static bool judge_together(const struct ruleset *rules, const struct rule *a, const struct rule *b) {
        for (size_t i = 0; i <= operation_table_n; ++i) {
                struct rule_view here = ruleset_for(rules, i);

                if (is_among(here, a) != is_among(here, b))
                        return false;
        }
        return true;
}

void rules_lint_alike(const struct ruleset *rules, struct diag *diag) {
        struct rule_view view = ruleset_rules(rules);

        for (size_t i = 0; i < view.n; ++i)
                for (size_t k = 0; k < i; ++k)
                        if (are_alike(view.items[i], view.items[k]) &&
                            judge_together(rules, view.items[i], view.items[k]))
                                diag_warning(diag, view.items[i]->at, DIAG_CONDITION_TWICE,
                                             "rule %" STR_FMT " tests the same as rule %" STR_FMT,
                                             STR_ARG(view.items[i]->id), STR_ARG(view.items[k]->id));
}

/* -- expressions -- */

struct linted {
        const struct rule *rule;
        struct diag *diag;
};

static void lint_expression(const struct condition *test, enum truth says, void *context) {
        const struct linted *l = context;

        (void)says;
        if (test->test.terms->operands_are != OPERAND_REGEX)
                return;
        for (size_t i = 0; i < test->test.n; ++i)
                if (quantifiers_nest(regex_pattern(test->test.operands[i].regex)))
                        diag_warning(l->diag, test->test.terms->at, DIAG_REGEX_NESTED,
                                     "the expression of rule %" STR_FMT " repeats what repeats: \"%s\"",
                                     STR_ARG(l->rule->id), PRINTABLE(regex_pattern(test->test.operands[i].regex)));
}

void rule_lint(const struct rule *rule, struct diag *diag) {
        struct linted l = { rule, diag };

        condition_leaves(rule->when, NULL, lint_expression, &l);
        lint_twice(rule->when, rule, diag);
        for (size_t i = 0; i < rule->n_cases; ++i) {
                condition_leaves(rule->cases[i].when, NULL, lint_expression, &l);
                lint_twice(rule->cases[i].when, rule, diag);
                lint_case_twice(rule->cases[i].when, rule, diag);
        }
        lint_cases(rule, diag);
}
