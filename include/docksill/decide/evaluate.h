#pragma once
/*
 * evaluate: the rules of one operation held against the facts of one request: findings, without a verdict.
 */
#include "docksill/decide/decision.h"

/**
 * evaluate() - fill the findings of @d, sorted
 * @d:      findings, n_findings and unknown are written; at and lapse.floor are read; the rest is left alone
 * @rules:  those that are judged for the request's operation
 * @policy: what a fact that can't be told costs
 *
 * A rule is passed over when it uses facts that the request does not yield: while a flaw stands these are Docker's
 * defaults, not what the requester wrote. A request without findings allocates nothing.
 *
 * What an exemption lifts is a finding of its own, with exempted_by; the other instances of the rule count at their
 * worst.
 *
 * Returns 0, or -ENOMEM when the arena is full: the findings so far are there.
 */
must_check_ int evaluate(struct decision *d, struct rule_view rules, enum unknown_policy policy,
                         const struct request *request, struct arena *arena);
