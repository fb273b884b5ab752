#pragma once
/*
 * judged: what rules came to on one subject, told to the report: each rule fails, could not be told, is exempt, does
 * not apply or passes.
 */
#include "auditing.h"
#include "judgement.h"

/* One rule that was asked. */
void judged_rule(struct auditing *a, const struct judgement *j, const struct rule *rule);

/* One that could not be asked: @state is REPORT_UNKNOWN or REPORT_NOT_APPLICABLE. */
void judged_not(struct auditing *a, size_t subject, const struct rule *rule, enum report_state state, struct str why);

/**
 * judged_all() - all rules of the request's operation
 * @takes: which of them are about the subject; NULL: all
 *
 * What only tells of the caller counts where it finds something, and passes nothing.
 */
void judged_all(struct auditing *a, const struct judgement *j, bool (*takes)(const struct rule *rule));

/* The index of the check that a rule is. */
size_t judged_check(struct auditing *a, const struct rule *rule);
