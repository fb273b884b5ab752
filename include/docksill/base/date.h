#pragma once
/*
 * date: a calendar day as people write it, in UTC.
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
