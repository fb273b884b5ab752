#pragma once
/*
 * explain: a decision in words.
 */
#include "docksill/decide/decision.h"

/**
 * explain_refusal() - the one line that the refused user reads
 *
 * Worst findings first, six at most; points and limit, or the gate that decided; that another try may help, where
 * something could not be told; the flags that lift the listed findings; the decision id. At most EXPLAIN_MAX bytes;
 * foreign text is made visible, never raw. The verdict of @d must be deny; where it is answered with allow all the same
 * (audit), the line says "would be refused".
 */
#define EXPLAIN_MAX 1800
void explain_refusal(struct text *out, const struct decision *d, const struct request *request,
                     const struct ruleset *rules);

/* The refusal of a call that is no AuthZ request (DESIGN 1.4). */
void explain_no_request(struct text *out, enum envelope_refusal refusal);
