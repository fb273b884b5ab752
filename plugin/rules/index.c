#include "index.h"

#include "condition.h"
#include <errno.h>

static bool same_operand(enum operand_kind kind, const struct operand *a, const struct operand *b) {
        switch (kind) {
        case OPERAND_TEXT: return str_eq(a->text, b->text);
        case OPERAND_NUMBER: return a->number == b->number;
        case OPERAND_FLAG: return a->flag == b->flag;
        case OPERAND_PORT: return a->port.lo == b->port.lo && a->port.hi == b->port.hi;
        case OPERAND_REGEX: return a->regex == b->regex;
        }
        return false;
}

static bool same_test(const struct condition *a, const struct condition *b) {
        if (a->subject != b->subject || a->element != b->element || a->at != b->at || a->test.holds != b->test.holds ||
            a->test.operands_are != b->test.operands_are || a->test.n != b->test.n)
                return false;
        for (size_t i = 0; i < a->test.n; ++i)
                if (!same_operand(a->test.operands_are, &a->test.operands[i], &b->test.operands[i]))
                        return false;
        return true;
}

/* Recursion: as deep as the rule was written, YAML_DEPTH_MOST. */
bool condition_same(const struct condition *a, const struct condition *b) {
        if (a == b)
                return true;
        if (!a || !b || a->kind != b->kind)
                return false;
        if (a->kind == CONDITION_TEST)
                return same_test(a, b);
        if (a->parts.n != b->parts.n)
                return false;
        for (size_t i = 0; i < a->parts.n; ++i)
                if (!condition_same(a->parts.items[i], b->parts.items[i]))
                        return false;
        return true;
}

/* The elements are there: what a rule with for_each can't do without. */
static const struct condition *new_list_guard(const struct fact *each, struct arena *arena) {
        static const struct operand no = { .flag = false };
        struct condition *guard = ARENA_NEW(arena, struct condition);
        bool some;

        if (!guard)
                return NULL;
        guard->kind = CONDITION_TEST;
        guard->subject = SUBJECT_CELL;
        guard->at = (uint32_t)each->at;
        guard->test = (struct test){ .holds = predicate_fits(predicate_find(STR_C("empty")), each->type, &some),
                                     .operands_are = OPERAND_FLAG,
                                     .operands = &no,
                                     .n = 1 };
        return guard;
}

static bool asks_element(const struct condition *c) {
        if (c->kind == CONDITION_TEST)
                return c->element;
        for (size_t i = 0; i < c->parts.n; ++i)
                if (asks_element(c->parts.items[i]))
                        return true;
        return false;
}

/* What must hold of the request as a whole for @when to hold: a part of it, the cheapest, or all of it. */
static const struct condition *guard_of(const struct condition *when) {
        for (size_t i = 0; when->kind == CONDITION_ALL && i < when->parts.n; ++i)
                if (!asks_element(when->parts.items[i]))
                        return when->parts.items[i];
        return asks_element(when) ? NULL : when;
}

/* For a rule that has only cases: some case must hold. One that is off is as good as not there. */
static int guard_of_cases(const struct rule *rule, struct arena *arena, const struct condition **out) {
        const struct condition **parts;
        struct condition *any;

        *out = NULL;
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (!rule->cases[i].when || asks_element(rule->cases[i].when))
                        return 0;
        any = ARENA_NEW(arena, struct condition);
        parts = ARENA_ARRAY(arena, const struct condition *, rule->n_cases);
        if (!any || !parts)
                return -ENOMEM;
        for (size_t i = 0; i < rule->n_cases; ++i)
                parts[i] = rule->cases[i].when;
        any->kind = CONDITION_ANY;
        any->parts.items = parts;
        any->parts.n = rule->n_cases;
        *out = any;
        return 0;
}

/* The set that must have an element for @test to hold, or NULL. Rules that look for different elements of one set, as
 * those for flaws do, then have one guard: mostly the set is empty. */
static const struct fact *set_needed(const struct condition *test) {
        static const struct fact_set absent, empty = { .head.given = true };

        if (test->kind != CONDITION_TEST || (test->subject != SUBJECT_CELL && test->subject != SUBJECT_SOME))
                return NULL;
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *fact = &fact_table[i];

                if (fact->at != test->at || fact_item_type(fact->type) == FACT_TYPES)
                        continue;
                if (test->subject == SUBJECT_CELL &&
                    (test->test.holds(&test->test, (struct subject){ &absent.head, 0 }) ||
                     test->test.holds(&test->test, (struct subject){ &empty.head, 0 })))
                        return NULL;
                return fact;
        }
        return NULL;
}

/* NULL in *@out: none. Returns 0 or -ENOMEM. */
static int guard_of_rule(const struct rule *rule, struct arena *arena, const struct condition **out) {
        const struct fact *list = rule->each;
        int r = 0;

        *out = NULL;
        if (!list && rule->when)
                *out = guard_of(rule->when);
        else if (!list)
                r = guard_of_cases(rule, arena, out);
        if (*out)
                list = set_needed(*out);
        if (list)
                *out = new_list_guard(list, arena);
        return r < 0 || (list && !*out) ? -ENOMEM : 0;
}

int guards_assign(struct rule_view rules, struct arena *arena, const struct condition **guards, size_t *out,
                  size_t *n) {
        *n = 0;
        for (size_t i = 0; i < rules.n; ++i) {
                const struct condition *guard;
                size_t k = 0;

                if (guard_of_rule(rules.items[i], arena, &guard) < 0)
                        return -ENOMEM;
                while (k < *n && !condition_same(guards[k], guard))
                        ++k;
                if (k == *n)
                        guards[(*n)++] = guard;
                out[i] = k;
        }
        return 0;
}

size_t index_candidates(const struct rule_index *index, const struct facts *facts, const struct rule **out) {
        const struct scope scope = { .facts = facts };
        size_t n = 0;

        for (size_t i = 0; i < index->n; ++i) {
                const struct rule_group *group = &index->groups[i];
                const enum truth guard = condition_holds(group->guard, &scope);

                /* Off is as good as no: without this part the rule is skipped. */
                if (guard == TRUTH_NO || guard == TRUTH_OFF)
                        continue;
                for (size_t k = 0; k < group->rules.n; ++k)
                        out[n++] = group->rules.items[k];
        }
        return n;
}
