#pragma once
/*
 * rule-check: a rule as a report tells of it.
 */
#include "docksill/rules/rule.h"
#include "report/report.h"

/* Title, reason and the controls that it serves; .id and .severity are the caller's. */
void rule_check_tell(struct report *r, struct report_check *check, const struct rule *rule);
