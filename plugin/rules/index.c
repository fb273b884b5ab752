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

bool condition_same(const struct condition *a, const struct condition *b) {
        if (a == b)
                return true;
        if (!a || !b || a->kind != CONDITION_TEST || b->kind != CONDITION_TEST)
                return false;
        if (a->subject != b->subject || a->element != b->element || a->at != b->at || a->test.holds != b->test.holds ||
            a->test.operands_are != b->test.operands_are || a->test.n != b->test.n)
                return false;
        for (size_t i = 0; i < a->test.n; ++i)
                if (!same_operand(a->test.operands_are, &a->test.operands[i], &b->test.operands[i]))
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
        guard->test = (struct test){ .holds = operator_fits(operator_find(STR_C("empty")), each->type, &some),
                                     .operands_are = OPERAND_FLAG,
                                     .operands = &no,
                                     .n = 1 };
        return guard;
}

/* A test of the request as a whole that must hold for @when to hold. */
static const struct condition *guard_of(const struct condition *when) {
        if (!when)
                return NULL;
        if (when->kind == CONDITION_TEST)
                return when->element ? NULL : when;
        for (size_t i = 0; when->kind == CONDITION_ALL && i < when->parts.n; ++i)
                if (when->parts.items[i]->kind == CONDITION_TEST && !when->parts.items[i]->element)
                        return when->parts.items[i];
        return NULL;
}

/* The set that must have an element for @test to hold, or NULL. Rules that look for different elements of one set, as
 * those for flaws do, then have one guard: mostly the set is empty. */
static const struct fact *set_needed(const struct condition *test) {
        static const struct fact_set absent, empty = { .head.given = true };

        if (!test || (test->subject != SUBJECT_CELL && test->subject != SUBJECT_SOME))
                return NULL;
        for (size_t i = 0; i < fact_table_n; ++i) {
                const struct fact *fact = &fact_table[i];

                if (fact->at != test->at || fact_item_type(fact->type) == FACT_TYPES)
                        continue;
                if (test->subject == SUBJECT_CELL && (test->test.holds(&test->test, &absent.head, 0) ||
                                                      test->test.holds(&test->test, &empty.head, 0)))
                        return NULL;
                return fact;
        }
        return NULL;
}

/* NULL in *@out: none. Returns 0 or -ENOMEM. */
static int guard_of_rule(const struct rule *rule, struct arena *arena, const struct condition **out) {
        const struct condition *test = rule->each ? NULL : guard_of(rule->when);
        const struct fact *list = rule->each ? rule->each : set_needed(test);

        *out = list ? new_list_guard(list, arena) : test;
        return list && !*out ? -ENOMEM : 0;
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

                if (condition_holds(group->guard, &scope) == TRUTH_NO)
                        continue;
                for (size_t k = 0; k < group->rules.n; ++k)
                        out[n++] = group->rules.items[k];
        }
        return n;
}
