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
 * judged_all() - the rules of the request's operation
 *
 * Those that only look at the caller or the call are asked of a flawed one alone: this one nobody made.
 */
void judged_all(struct auditing *a, const struct judgement *j);

/* The same of a thing that nobody could look at: those rules of @operation end so. @j: .subject, .about and .beside. */
void judged_untold(struct auditing *a, const struct judgement *j, const struct operation *operation,
                   enum report_state state, struct str why);

/* The index of the check that a rule is. */
size_t judged_check(struct auditing *a, const struct rule *rule);
