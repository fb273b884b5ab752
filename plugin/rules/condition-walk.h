#pragma once
/*
 * condition-walk: what a compiled condition is made of, for those who look at it while rules are loaded.
 */
#include "condition-priv.h"

/* Whether it has a test of which @says so; NULL has none. */
typedef bool condition_says(const struct condition *test, const void *context);
bool condition_has(const struct condition *c, condition_says *says, const void *context);

/* Whether it reads the cell at @at, of the element or of the facts. */
bool condition_reads(const struct condition *c, bool element, size_t at);

/* Whether two conditions are one: same cells, same tests, same operands, in the same order. */
bool condition_same(const struct condition *a, const struct condition *b);
