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

/* Whether it matches in @text, and where: bytes @start to @end. NULL never does. What takes too long to find out counts
 * as a match of the whole. */
bool search_find(struct search *s, struct str text, size_t *start, size_t *end);
