#pragma once
/*
 * decide: from a request that was read to the decision on it. A pure function of a rule set and facts.
 */
#include "docksill/decide/decision.h"

/**
 * decide() - judge a request that was read, or a response that has told something
 * @out:   findings and texts are in @arena or the rules
 * @rules: borrowed; must outlive @out
 * @mode:  the mode in force
 *
 * A response is judged by the rules that use what only a response tells, a request by all others; the answer to a
 * response is always allow, and who called was judged with the request.
 *
 * Every rule of the operation is judged; order never matters; a rule fires at most once, at its worst instance. When
 * the arena is full the decision is a refusal with what was found so far (fail closed), so this never fails.
 */
void decide(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
            struct arena *arena);

/* The same as decided @at a time: a decision is a function of rule set, request, mode and time alone. */
void decide_at(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
               int64_t at, struct arena *arena);

/**
 * decide_findings() - what an audit finds: the findings alone, and their points
 *
 * As decide_at(), of what is no call that is answered: access and gates are not asked, and what could not be told is a
 * finding in every environment (finding.unknown). Returns 0, or -ENOMEM: findings may be missing.
 */
must_check_ int decide_findings(struct decision *out, const struct ruleset *rules, const struct request *request,
                                int64_t at, struct arena *arena);
