#pragma once
/*
 * trouble: what the writer says on stderr of records that can't be written: once a minute at most, when all is well
 * again, and at the end.
 */
#include "docksill/base/complaint.h"
#include "docksill/record/writer-counts.h"

struct trouble {
        const char *name; /* of the outlet, for people; borrowed */
        struct complaint complaint;
        uint64_t said_lost; /* lost, of which stderr has told */
};

/* @what: "can't write"; @error: an errno, or 0. Nothing when the last one was less than a minute ago. */
void trouble_say(struct trouble *t, const struct writer_counts *counts, const char *what, int error);

/* Once for each trouble that was told of. */
void trouble_over(struct trouble *t, const struct writer_counts *counts);

/* The last word: on losses that were not told of. */
void trouble_last(struct trouble *t, const struct writer_counts *counts);

/* A write does not return. */
void trouble_hung(const struct trouble *t, const struct writer_counts *counts);
