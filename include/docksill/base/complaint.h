#pragma once
/*
 * complaint: when a trouble that may come back a thousand times a second is to be told of.
 *
 * Decides only when; whoever asks words the line and writes it. Times are clock_monotonic()'s.
 */
#include <stdbool.h>
#include <stdint.h>

#define COMPLAINT_PERIOD (60 * INT64_C(1000000)) /* microseconds between two lines of one trouble */

/* Zeroed: nothing was told yet. */
struct complaint {
        int64_t at; /* when the trouble was last told of; 0: never */
        bool told;  /* of a trouble that is not over yet, as far as it was told */
};

/* For a trouble that has no end of its own: whether a line is due by @now. Then it counts as told. */
bool complaint_due(struct complaint *c, int64_t now);

enum complaint_news {
        COMPLAINT_NONE,
        COMPLAINT_BEGUN,
        COMPLAINT_OVER,
};

/* For one that ends: what is to be told by @now. Each trouble once, and none within COMPLAINT_PERIOD of the last; that
 * one is over is told at once, if it was told of. */
enum complaint_news complaint_news(struct complaint *c, bool trouble, int64_t now);
