#pragma once
/*
 * rule-facts: what a rule looks at, and whether there is any of it.
 */
#include "docksill/rules/rule.h"

/* Does it look at this fact: walk it, or ask it of the whole? */
bool rule_reads(const struct rule *rule, const struct fact *fact);

/* Is nothing of it left to judge: what it is about is not there (FACT_OFF)? Then it passes nothing and fails nothing.
 */
bool rule_is_off(const struct rule *rule, const struct facts *facts);
