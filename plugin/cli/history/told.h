#pragma once
/*
 * told: the report of a history: findings by rule and subject, and tables of who was refused, days, exemptions and what
 * was not enforced.
 */
#include "docksill/rules/ruleset.h"
#include "history.h"
#include "report/report.h"

/**
 * told_findings() - checks, subjects and findings
 * @r:     its arena is latched
 * @rules: what they say today; a rule that is gone is told so
 */
void told_findings(struct report *r, const struct history *h, const struct ruleset *rules);

/* Tables and the headline, once the report is finished; @now: clock_wall(). Returns 0 or -ENOMEM. */
must_check_ int told_tables(struct report *r, const struct history *h, const struct ruleset *rules, int64_t now);

/* One sentence, the worst first. */
void told_headline(struct report *r, const struct history *h);

/* As people read it: "nobody" for who has no name. */
struct str told_caller(const struct history *h, size_t caller);
