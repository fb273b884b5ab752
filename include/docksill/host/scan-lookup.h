#pragma once
/*
 * scan-lookup: the report on a request's image, looked for in a thread of the pool.
 *
 * Holds copies of all it needs, since it may outlive its request.
 */
#include "docksill/host/pool.h"
#include "docksill/host/scans.h"

struct scan_lookup {
        struct job job; /* first: the pool knows no more of it */
        struct scans *scans;
        struct scan_keys keys; /* views of .digits */
        char digits[SCAN_KEYS_MOST * 64];
        int64_t now;
        /* The helper's until it is done. */
        struct arena arena;
        struct scan scan;
        struct scan_trouble trouble;
        int found; /* as scans_find() */
};

/**
 * scan_lookup_new() - copy @keys
 * @now: as clock_wall() counts
 *
 * Until it is submitted, and again once the pool hands it back, the caller's to end with lookup->job.free(). Returns 0
 * or -ENOMEM.
 */
must_check_ int scan_lookup_new(struct scan_lookup **out, struct scans *scans, const struct scan_keys *keys,
                                int64_t now);

/* Once the pool has handed it back: writes what was found to the facts. What there is no memory for is unknown. */
void scan_lookup_tell(const struct scan_lookup *lookup, struct request *request, struct arena *arena);
