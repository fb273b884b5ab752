#pragma once
/*
 * record: one decision as one line of JSON, and one for what is in force from now on.
 *
 * Redacted by construction (DESIGN 1.7): the path and an allow-list of query keys, never the raw target or a body;
 * evidence holds messages that the loader has kept free of confidential facts. Attacker's text is escaped as JSON.
 */
#include "docksill/decide/decision.h"
#include "docksill/record/last.h"

/* What stays the same from record to record. */
struct record_context {
        struct str host;          /* this machine's name */
        struct str config_digest; /* hex, may be empty */
        struct str engine;        /* version of the engine, as learnt; empty: not yet */
        bool last_good;           /* in force is what was kept of a time when files were right */
};

/**
 * record_add() - append the record, with its newline
 * @out:      failed, as text is, when there is no memory for it
 * @seq:      counts records of this process from 1
 * @wall:     when the request arrived, clock_wall()
 * @duration: microseconds from then to the decision
 */
void record_add(struct text *out, const struct record_context *context, const struct decision *d,
                const struct request *request, const struct ruleset *rules, uint64_t seq, int64_t wall,
                int64_t duration);

/**
 * record_add_start() - append the line that stands before the decisions of a start or a reload, or of the first after a
 * step has begun, with its newline
 * @event: "start", "reload", "reload-failed" (nothing has changed) or "step"
 * @last:  at a start, what the file ended with; NULL, or nothing known: not told
 *
 * Which rules and settings hold, and what they open that the rules keep shut (struct opening).
 */
void record_add_start(struct text *out, const struct record_context *context, const struct ruleset *rules,
                      enum mode mode, struct str event, const struct record_last *last, int64_t wall);

/* The line that tells that the one before it is torn, by a process that was killed: @torn bytes of it are there.
 * @before: the digest of the line before that, which the torn one does not hold; empty: it is unknown. */
void record_add_mend(struct text *out, size_t torn, struct str before, int64_t wall);

/* The line that tells of records before it that are lost: so many, refusals among them, and all of this process. */
#define RECORD_LOSS_MOST 256 /* bytes */
void record_add_loss(struct text *out, uint64_t lost, uint64_t refused, uint64_t total, int64_t wall);

/* The line of an end in order: after it no record of this process is missing, but for @lost of them. @seq: the last. */
void record_add_stop(struct text *out, uint64_t seq, uint64_t lost, int64_t wall);
