#include "index.h"

#include "condition-walk.h"
#include <errno.h>

static bool is_of_element(const struct condition *test, unused_ const void *context) {
        return test->element;
}

static bool asks_element(const struct condition *c) {
        return condition_has(c, is_of_element, NULL);
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
        const struct test *t = &test->test;

        if (test->kind != CONDITION_TEST || fact_item_type(t->terms->fact->type) == FACT_TYPES)
                return NULL;
        switch (test->subject) {
        case SUBJECT_SOME: return t->terms->fact;
        case SUBJECT_CELL:
                return t->holds(t, (struct subject){ &absent.head, 0 }) ||
                                       t->holds(t, (struct subject){ &empty.head, 0 })
                               ? NULL
                               : t->terms->fact;
        default: return NULL;
        }
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
                *out = condition_not_empty(list, arena);
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
