#pragma once
/*
 * lint-flags: whether the flags of a rule's fix lift its finding.
 */
#include "docksill/rules/ruleset.h"

/**
 * lint_flags_lift() - add to each create that a test of @rule expects to fire the flags that its finding offers, and
 *                     judge it again
 *
 * Warns (DS510) where the finding is as bad as before. Left out are tests of other operations, findings without flags
 * for all that is told, and flags that no body has a member for. Returns 0 or -ENOMEM.
 */
must_check_ int lint_flags_lift(const struct ruleset *rules, const struct rule *rule, struct diag *diag);
