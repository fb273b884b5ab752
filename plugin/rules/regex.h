#pragma once
/*
 * regex: regular expressions that can't be made to run long.
 *
 * PCRE2's interpreter (its JIT needs memory that is writable and executable, which the unit forbids), with limits. Who
 * sends a request chooses the text, so there is a budget of steps for all texts of a request and all expressions; once
 * it is spent every text counts as matched, and the request is refused for that (decide/own-finding.h): nobody gains
 * anything by making us give up.
 *
 * Most texts never reach the engine: where each way through an expression needs a literal run of three bytes or more,
 * texts without any of these are turned away by one pass over them.
 */
#include "docksill/base/arena.h"
#include "docksill/base/diag.h"

struct regex;

/* What the expressions of one rule set share. Matching writes to it: one thread at a time. */
struct regex_engine;

must_check_ int regex_engine_new(struct regex_engine **out, struct arena *arena);

/* A step is a byte passed over; an item of an expression that is tried counts for eight. A request with @bytes may
 * take: */
#define REGEX_STEPS(bytes) (2000000 + (int64_t)((bytes) / 4))

/* Begins a request. An engine that is new has steps for one without bytes. */
void regex_engine_begin(struct regex_engine *engine, size_t bytes);

/* Whether the steps were used up since. */
bool regex_engine_spent(const struct regex_engine *engine);

/* Frees what PCRE2 holds, for the expressions too; the rest is the arena's. */
void regex_engine_free(struct regex_engine *engine);

/**
 * regex_new() - compile an expression
 * @out: in @arena; lives as long as @engine
 * @at:  where it stands, for the report (DS221)
 *
 * Bytes are matched as bytes unless the expression itself goes beyond ASCII. Returns 0, -EINVAL (reported) or -ENOMEM.
 */
must_check_ int regex_new(const struct regex **out, struct regex_engine *engine, struct arena *arena,
                          struct str pattern, struct position at, struct diag *diag);

/* Whether it matches somewhere in @text, or the engine's steps are used up. Allocates nothing for ordinary texts. */
bool regex_matches(const struct regex *regex, struct str text);

/* The same, and where: bytes @start to @end of @text; all of it where the steps are used up. */
bool regex_find(const struct regex *regex, struct str text, size_t *start, size_t *end);

/* As it is written. */
struct str regex_pattern(const struct regex *regex);

/* Whether the filter lets @text through to the engine; always true without a filter. For tests. */
bool regex_candidate(const struct regex *regex, struct str text);
bool regex_filtered(const struct regex *regex);
