#pragma once
/*
 * gate: from findings to points and a verdict, by an environment's limits. DESIGN 7.
 *
 * Arithmetic that a person can redo by hand: points are summed, nothing is credited, capped or weighted. A further
 * finding or a worse severity can only raise the sum and harden the verdict (tested as a property),
 * and what is lifted by an exemption is passed over.
 */
#include "docksill/decide/decision.h"

/* Reads findings, n_findings and incomplete of @d; writes limits, points, enforced_points, verdict, would and gate. */
void gate_apply(struct decision *d, const struct limits *limits);

/* The same by the limits of the step in force at .at, or by @own where there are no steps; writes step, next and due
 * too. */
void gate_apply_steps(struct decision *d, struct step_view steps, const struct limits *own);

/* Only what is hard, and who may call what, is enforced from now on: before gate_apply(). */
void gate_enforce_hard(struct decision *d);

/* Enforced points that must go for @limits not to refuse their sum; 0: none. */
unsigned gate_excess(const struct decision *d, const struct limits *limits);

/* Of an answer that was only observed: what would have been refused is warned of, for nothing would refuse it. */
void gate_observe(struct decision *d);

/* What a gate leads to when it closes. */
enum verdict gate_verdict(enum gate g);

/* Does @f count towards the verdict of @d? A refusal that is enforced is told without what is not, which would only
 * confuse; a verdict that no one enforces is explained by all. */
static inline bool gate_counts(const struct decision *d, const struct finding *f) {
        return !f->exempted_by && !(d->would == VERDICT_DENY && f->audit);
}

/* Does it refuse alone, whatever the points are? */
bool gate_bars(const struct finding *f, const struct limits *limits);

/* Does it count for something? Without points it does only where the severity gate asks for it; and where only what is
 * hard is denied, points count for nothing. */
static inline bool gate_tells(const struct decision *d, const struct finding *f, const struct limits *limits) {
        bool points = f->points > 0 && (f->access || !limits_deny_hard(limits));

        return gate_counts(d, f) && (points || gate_bars(f, limits));
}
