#pragma once
/*
 * gate: from findings to points and a verdict, by an environment's limits. DESIGN 7.
 *
 * Arithmetic that a person can redo by hand: points are summed, nothing is credited, capped or weighted. A further
 * finding or a worse severity can only raise the sum and harden the verdict (tested as a property),
 * and what is lifted by an exemption is passed over.
 */
#include "docksill/decide/decision.h"

/* Reads findings, n_findings and incomplete of @d; writes points, enforced_points, verdict, would and gate. */
void gate_apply(struct decision *d, const struct limits *limits);

/* Of an answer that was only observed: what would have been refused is warned of, for nothing would refuse it. */
void gate_observe(struct decision *d);

/* What a gate leads to when it closes. */
enum verdict gate_verdict(enum gate g);
