#pragma once
/*
 * rule-lint: what is wrong with the conditions of rules that load.
 */
#include "docksill/rules/ruleset.h"

/**
 * rule_lint() - warn of what the conditions of a rule say needlessly or at too high a price
 *
 * A regular expression with a quantifier in what a quantifier repeats (DS507), a case that one above it leaves nothing
 * for (DS508), a condition that stands there twice (DS509).
 */
void rule_lint(const struct rule *rule, struct diag *diag);

/* Warns of rules that test the same as another, of the same operations (DS509). */
void rules_lint_alike(const struct ruleset *rules, struct diag *diag);
