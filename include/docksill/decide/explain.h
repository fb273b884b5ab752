#pragma once
/*
 * explain: a decision in words.
 */
#include "docksill/decide/decision.h"

/**
 * explain_refusal() - the one line that the refused user reads (DESIGN 8)
 *
 * Worst findings first, six at most; points and limit, or the gate that decided; the flags that lift the listed findings;
 * the decision id. At most EXPLAIN_MAX bytes; foreign text is made visible, never raw.
 */
#define EXPLAIN_MAX 1800
void explain_refusal(struct text *out, const struct decision *d, const struct request *r, const struct ruleset *rules);

/* The flags that lift the findings of @d, deduplicated, in order; each is in the arena. Returns 0 or -ENOMEM. */
struct explain_flags {
        struct str *items;
        size_t n, capacity;
};
must_check_ int explain_flags(struct explain_flags *out, const struct decision *d, const struct request *r,
                              struct arena *arena);

/* The refusal of a call that is no AuthZ request (DESIGN 1.4). */
void explain_no_request(struct text *out, enum envelope_refusal refusal);
