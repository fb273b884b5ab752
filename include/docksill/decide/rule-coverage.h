#pragma once
/*
 * rule-coverage: what of a rule its own tests reach.
 *
 * Counted are each case, which some test must end at, and each test of a condition, which must come out true at one and
 * false at another. A list that is empty, as allow-lists are shipped, lets nothing in: what only it could make true is
 * not counted. What stands behind a case that held, or behind a when: that did not, was not asked, whatever it
 * would have said.
 */
#include "docksill/rules/condition-leaf.h"
#include "docksill/rules/ruleset.h"

enum coverage_gap_kind {
        GAP_CASE,  /* no test ends at the case */
        GAP_TRUE,  /* the condition is true in no test */
        GAP_FALSE, /* it is false in none */
};

struct coverage_gap {
        const struct rule *rule;
        enum coverage_gap_kind kind;
        size_t number;              /* of a case, from 1 on */
        struct condition_leaf leaf; /* of a condition */
};

struct rule_coverage {
        size_t reached, possible;
        struct coverage_gap *items; /* what is not reached, by rule */
        size_t n, capacity;
};

/* Runs the tests of all rules, whatever they expect. @out: in @arena. Returns 0 or -ENOMEM. */
must_check_ int rule_coverage_measure(struct rule_coverage *out, const struct ruleset *rules, struct arena *arena);
