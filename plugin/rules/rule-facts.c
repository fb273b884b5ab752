#include "docksill/rules/rule-facts.h"
#include "anchor.h"

bool rule_reads(const struct rule *rule, const struct fact *fact) {
        return rule->each == fact || (fact->group && anchor_reads(rule, false, fact->at));
}

/* Conditions on elements say nothing here: an element there is would be known. */
bool rule_is_off(const struct rule *rule, const struct facts *facts) {
        const struct scope scope = { .facts = facts };

        if (rule->each)
                return fact_cell(rule->each, facts)->state == FACT_OFF;
        if (rule->when)
                return condition_holds(rule->when, &scope) == TRUTH_OFF;
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (condition_holds(rule->cases[i].when, &scope) != TRUTH_OFF)
                        return false;
        return true;
}
