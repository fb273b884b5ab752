#pragma once
/*
 * rule-test: the tests that stand in a rule's own entry, run through the whole road of a request.
 */
#include "docksill/decide/decision.h"

struct rule_test_result {
        size_t passed, failed, skipped;
};

/* The call of a test, as dockerd writes it (PROTOCOL 2.2): keys without a value are left out. */
void rule_test_add_call(struct text *t, const struct rule_test *test);

/**
 * rule_test_read() - what a test asks about, read as dockerd would write it, with what its lookup: says told
 * @out:     views of @arena and of @test
 * @refusal: why it is no call, on -EINVAL
 *
 * Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int rule_test_read(struct request *out, const struct rule_test *test, struct arena *arena,
                               enum envelope_refusal *refusal);

/* Runs all tests of all rules of @rules; each failure is a diagnostic. Returns 0 or -ENOMEM. */
must_check_ int rule_tests_run(struct rule_test_result *out, const struct ruleset *rules, struct diag *diag);
