#pragma once
/*
 * rule-costs: what each rule of a rule set costs on calls: how often it was asked, how long that took, what it found.
 */
#include "docksill/rules/ruleset.h"
#include <jansson.h>

struct rule_cost {
        const struct rule *rule;
        uint64_t calls; /* of operations that it judges */
        uint64_t asked; /* of these, those at which the index did not turn it away */
        uint64_t found;
        uint64_t nanoseconds; /* of all times that it was asked */
};

struct rule_costs {
        const struct ruleset *rules;
        struct rule_cost *items; /* by rule->index until sorted */
        size_t n;
        uint64_t calls, passed_over; /* the second: no calls at all */
        uint64_t nanoseconds;        /* of all rules */
};

/* @rules: borrowed. In @arena. Returns 0 or -ENOMEM. */
must_check_ int rule_costs_init(struct rule_costs *out, const struct ruleset *rules, struct arena *arena);

/* One AuthZReq. Each rule that may fire is asked several times over, so that the clock can tell. */
void rule_costs_add(struct rule_costs *costs, struct str call);

/* The dearest first; those that were never asked last, by id. */
void rule_costs_sort(struct rule_costs *costs);

/* A table of the first @most that were asked; NULL: no memory. */
void rule_costs_print(struct text *out, const struct rule_costs *costs, size_t most, struct arena *arena);
json_t *rule_costs_json(const struct rule_costs *costs, size_t most);
