#pragma once
/*
 * search: an expression of a rule set, compiled once more for somebody who looks where it matches.
 *
 * Apart from the rule set, so that another thread may use it: one thread at a time.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

struct ruleset;
struct search;

/**
 * search_new() - of the value called @name in @rules, such as "credential"
 * @out: NULL where the rules have no such value, or it is no expression
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int search_new(struct search **out, const struct ruleset *rules, struct str name);
void search_free(struct search *s);
DEFINE_CLEANUP(struct search *, search_free);

/* Before it is held against texts of @bytes in all, which bounds the steps that it may take; NULL does nothing. */
void search_begin(struct search *s, size_t bytes);

/* Whether they were used up since: what it said then may be wrong. */
bool search_spent(const struct search *s);

/* Whether it matches in @text, and where: bytes @start to @end; NULL never does. Once its steps are used up all of
 * every text matches. */
bool search_find(struct search *s, struct str text, size_t *start, size_t *end);
