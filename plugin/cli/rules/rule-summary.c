#include "rule-summary.h"
#include <errno.h>

static bool view_holds(struct rule_view view, const struct rule *rule) {
        for (size_t i = 0; i < view.n; ++i)
                if (view.items[i] == rule)
                        return true;
        return false;
}

bool rule_runs_for(const struct rule_summary *summary, struct str operation) {
        for (size_t i = 0; i < summary->operations.n; ++i)
                if (str_eq(summary->operations.items[i], operation))
                        return true;
        return false;
}

static int add_operations(struct rule_summary *s, struct arena *arena, const struct ruleset *rules,
                          const struct rule *rule) {
        for (size_t o = 0; o <= operation_table_n; ++o) {
                struct str id = o < operation_table_n ? operation_table[o].id : STR_C("unknown"), *slot;

                if (!view_holds(ruleset_for(rules, o), rule) || rule_runs_for(s, id))
                        continue;
                slot = ARENA_PUSH(arena, &s->operations);
                if (!slot)
                        return -ENOMEM;
                *slot = id;
        }
        return 0;
}

int rule_summarise(struct rule_summary *out, struct arena *arena, const struct ruleset *rules,
                   const struct rule *rule) {
        struct rule_summary s = { .hard = rule_is_hard(rule) };

        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity > s.worst)
                        s.worst = rule->cases[i].severity;
        for (size_t i = 0; i < rule->n_tests; ++i) {
                s.firing += rule->tests[i].expect != SEVERITY_NONE;
                s.quiet += rule->tests[i].expect == SEVERITY_NONE;
        }
        if (add_operations(&s, arena, rules, rule) < 0)
                return -ENOMEM;
        *out = s;
        return 0;
}
