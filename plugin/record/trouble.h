#pragma once
/*
 * trouble: what is said on stderr of writing records: that it fails, what is lost, and that it is over.
 *
 * One line a minute while it lasts. The writer's thread's.
 */
#include "docksill/base/complaint.h"
#include <stdint.h>

/* Records that are lost by now, and those of them that are of refusals. */
struct losses {
        uint64_t all, refusals;
};

struct trouble {
        struct complaint complaint;
        uint64_t said_lost; /* lost, of which stderr has told */
};

/* "can't write FILE: why; N lost so far". @error: 0, or an errno. */
void trouble_complain(struct trouble *t, const char *file, const char *what, int error, struct losses lost);

/* It is over, after it was told of. */
void trouble_reassure(struct trouble *t, const char *file, struct losses lost);

/* The last word, on losses that were not told of. */
void trouble_say_last(const struct trouble *t, struct losses lost);

/* A write that does not return: the writer's thread can't say it. @unwritten: records, those lost before among them. */
void trouble_say_hung(const char *file, uint64_t unwritten);
