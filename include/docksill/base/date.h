#pragma once
/*
 * date: a calendar day as people write it, in UTC, and a moment as engines write it.
 */
#include "docksill/base/str.h"

#define DATE_DAY INT64_C(86400000000) /* microseconds */

/**
 * date_parse() - "2026-12-31"
 * @out: when the day begins, as clock_wall() counts; written on success only
 *
 * Four, two and two digits and a day that there is. Returns 0 or -EINVAL.
 */
int date_parse(struct str text, int64_t *out);

/**
 * date_time_parse() - RFC 3339: "2026-12-31T23:59:59.5Z", "2026-12-31T23:59:59+02:00"
 * @out: as clock_wall() counts; what is finer than a microsecond is cut off; written on success only
 *
 * Returns 0 or -EINVAL, also for a year before 1970.
 */
int date_time_parse(struct str text, int64_t *out);
