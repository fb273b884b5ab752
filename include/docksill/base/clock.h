#pragma once
/*
 * clock: now, in one unit (microseconds), and as people write it.
 */
#include "docksill/base/text.h"

/* Microseconds of the monotonic clock: for durations. */
int64_t clock_monotonic(void);

/* Microseconds since 1970 UTC: for records. */
int64_t clock_wall(void);

/* RFC 3339 with microseconds, UTC: "2026-01-31T12:00:00.000000Z". @wall as from clock_wall(). */
void clock_add_rfc3339(struct text *t, int64_t wall);
