#pragma once
/*
 * histogram: how often values were how large, counted by one thread and read by any other (base/counter.h).
 */
#include "docksill/base/counter.h"
#include <stddef.h>

#define HISTOGRAM_MOST 20 /* bounds */

/* Rising; a value that is a bound lies below it. */
struct histogram_scale {
        int64_t bounds[HISTOGRAM_MOST];
        size_t n;
        int64_t unit; /* values and bounds are shown divided by it: 1000000 for seconds from microseconds */
};

/* Zeroed: nothing was counted. */
struct histogram {
        counter counts[HISTOGRAM_MOST + 1]; /* of each bound alone; the last: of what is above all */
        counter sum;
};

/* Durations in microseconds, from 10 µs to 2.5 s. */
extern const struct histogram_scale histogram_durations;

/* Points of a decision. The most that each shipped environment lets pass is a bound. */
extern const struct histogram_scale histogram_points;

/* @value: not negative */
void histogram_add(struct histogram *h, const struct histogram_scale *scale, int64_t value);
