#pragma once
/*
 * explain: a refusal in words.
 */
#include "docksill/decide/explain-style.h"

/**
 * explain_refusal() - what the refused user reads
 *
 * The gate that decided, or points and limit; findings, worst first, six at most; that another try may help, where
 * something could not be told; what no flag lifts and what to do about it; the least that lifts the rest; the
 * decision's id. At most EXPLAIN_MAX bytes; foreign text is made visible, never raw. The verdict of @d must be deny;
 * where it is answered with allow all the same (audit), the line says "would be refused".
 */
void explain_refusal(struct text *out, const struct decision *d, const struct request *request,
                     const struct ruleset *rules, const struct explain_style *style);

/* The refusal of a call that is no AuthZ request (DESIGN 1.4). */
void explain_no_request(struct text *out, enum envelope_refusal refusal);
