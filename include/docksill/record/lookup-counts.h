#pragma once
/*
 * lookup-counts: what came of lookups, and how long requests waited for them (base/counter.h says who may write).
 */
#include "docksill/record/histogram.h"

/* What one request waited for. */
enum lookup_asked { LOOKUP_OF_ENGINE, LOOKUP_OF_SCANS, LOOKUP_OF_PATHS, LOOKUP_OF };

enum lookup_result {
        LOOKUP_ANSWERED,
        LOOKUP_FAILED,  /* somebody did not answer, or said what can't be read */
        LOOKUP_LATE,    /* not within the deadline */
        LOOKUP_SKIPPED, /* too much was waited for already */
        LOOKUP_RESULTS,
};

/* Of each enum lookup_asked. Zeroed: nothing was counted. */
struct lookup_counts {
        counter results[LOOKUP_RESULTS];
        struct histogram durations; /* of all but LOOKUP_SKIPPED */
};

/* One has ended, @duration microseconds after it began. */
void lookup_count(struct lookup_counts *counts, enum lookup_asked asked, enum lookup_result result, int64_t duration);
