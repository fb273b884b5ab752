#pragma once
/*
 * test-coverage: what of the rules their tests reach, as text or as JSON.
 */
#include "docksill/decide/rule-coverage.h"
#include <jansson.h>

/* In hundredths of a per cent, rounded down: 9999 is not all. 10000 where there is nothing to reach. */
unsigned test_coverage_percent(const struct rule_coverage *coverage);

/* A line a gap, and the sum. */
void test_coverage_add(struct text *out, const struct rule_coverage *coverage);

/* {"reached": 1, "possible": 2, "percent": 50.0, "gaps": […]}; NULL: no memory. */
json_t *test_coverage_json(const struct rule_coverage *coverage);
