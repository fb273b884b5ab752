#pragma once
/*
 * record: one decision as one line of JSON, and one for what is in force from now on.
 *
 * Redacted by construction (DESIGN 1.7): the path and an allow-list of query keys, never the raw target or a body;
 * evidence holds messages that the loader has kept free of confidential facts. Attacker's text is escaped as JSON.
 */
#include "docksill/decide/decision.h"

/* What stays the same from record to record. */
struct record_context {
        struct str host;          /* this machine's name */
        struct str config_digest; /* hex, may be empty */
        struct str engine;        /* version of the engine, as learnt; empty: not yet */
};

/**
 * record_add() - append the record, with its newline
 * @out:      failed, as text is, when there is no memory for it
 * @seq:      counts records of this process from 1
 * @wall:     when the request arrived, clock_wall()
 * @duration: microseconds from then to the decision
 */
void record_add(struct text *out, const struct record_context *context, const struct decision *d,
                const struct request *r, const struct ruleset *rules, uint64_t seq, int64_t wall, int64_t duration);

/**
 * record_add_start() - append the line that stands before the decisions of a start or a reload, with its newline
 * @event: "start" or "reload"
 *
 * Which rules and settings hold, and what they open that the rules keep shut (struct opening).
 */
void record_add_start(struct text *out, const struct record_context *context, const struct ruleset *rules, enum mode mode,
                      struct str event, int64_t wall);
