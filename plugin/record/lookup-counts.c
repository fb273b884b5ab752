#include "docksill/record/lookup-counts.h"

void lookup_count(struct lookup_counts *counts, enum lookup_asked asked, enum lookup_result result, int64_t duration) {
        struct lookup_counts *c = &counts[asked];

        counter_add(&c->results[result], 1);
        if (result != LOOKUP_SKIPPED)
                histogram_add(&c->durations, &histogram_durations, duration > 0 ? duration : 0);
}
