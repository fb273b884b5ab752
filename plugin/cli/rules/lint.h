#pragma once
/*
 * lint: whether rules read well, beyond whether they are sound.
 */
#include "docksill/rules/ruleset.h"

/**
 * lint_rules() - complain of every rule that lacks what its readers need
 * @arena: scratch
 * @diag:  DS402 and DS5xx, as warnings, in the order of ids
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int lint_rules(const struct ruleset *rules, struct arena *arena, struct diag *diag);
