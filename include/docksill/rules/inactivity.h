#pragma once
/*
 * inactivity: what of a rule sleeps while the engine is not asked (lookups.docker: off). DESIGN 5.
 *
 * A fact that only a lookup tells is off then, and a case that can't do without it is skipped. Said beforehand, from
 * the conditions alone, so that nobody believes to be watched over by a rule that sleeps.
 */
#include "docksill/rules/rule.h"

struct inactivity {
        bool rule;    /* it can't fire at all */
        size_t cases; /* of those that would fire, so many are skipped; all of them when the rule sleeps */
};

/* Exact for what lookups decide; what else may keep a condition from holding is not looked at. */
struct inactivity rule_inactivity(const struct rule *rule);
