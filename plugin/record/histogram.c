#include "docksill/record/histogram.h"

const struct histogram_scale histogram_durations = {
        .bounds = { 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
                    2500000 },
        .n = 17,
        .unit = 1000000,
};

const struct histogram_scale histogram_points = {
        .bounds = { 0, 3, 10, 20, 29, 40, 49, 75, 109, 139, 199, 300, 500 },
        .n = 13,
        .unit = 1,
};

/* Most values are small: the first bounds that are looked at are theirs. */
void histogram_add(struct histogram *h, const struct histogram_scale *scale, int64_t value) {
        size_t i = 0;

        while (i < scale->n && value > scale->bounds[i])
                ++i;
        counter_add(&h->counts[i], 1);
        counter_add(&h->sum, (uint64_t)value);
}
