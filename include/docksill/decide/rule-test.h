#pragma once
/*
 * rule-test: the tests that stand in a rule's own entry, run through the whole road of a request.
 */
#include "docksill/decide/decision.h"

struct rule_test_result {
        size_t passed, failed, skipped;
};

/* Runs all tests of all rules of @rules; each failure is a diagnostic. Returns 0 or -ENOMEM. */
must_check_ int rule_tests_run(struct rule_test_result *out, const struct ruleset *rules, struct diag *diag);
