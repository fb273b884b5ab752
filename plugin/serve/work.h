#pragma once
/*
 * work: one request on its way from call to answer, with the memory that it is read and judged in.
 *
 * Most begin and end within one call of the server. One whose host paths are being followed waits meanwhile, and keeps
 * its memory and its generation for itself.
 */
#include "docksill/engine/request-path.h"
#include "docksill/host/path-lookup.h"
#include "docksill/serve/generation.h"

/* Works kept for reuse; an idle one holds a request and at most 64 KiB. */
#define WORKS_KEPT 8

struct work {
        struct work *next, *previous; /* of those kept, or of those that wait */
        struct arena arena;
        struct request request; /* views of the call's body and of the arena */
        int64_t since;          /* clock_monotonic() when the call was there */
        bool cut;               /* the call is a response, of which only the beginning was kept */

        /* While it waits; zeroed otherwise. */
        struct generation *generation; /* pinned */
        struct path_lookup *lookup;
        struct request_path *paths;
        int64_t deadline;
        size_t held;      /* bytes that it keeps, with its call */
        void *connection; /* the server's, to wake it by */
};

/* Zeroed: empty. */
struct work_pool {
        struct work *kept;
        size_t n;
};

/* NULL: no memory. */
must_check_ struct work *work_new(struct work_pool *pool);

/* Ends what it waits for, and back to the pool. It must not be in the hands of a helper. NULL does nothing. */
void work_free(struct work_pool *pool, struct work *work);

void work_pool_deinit(struct work_pool *pool);

/* Its paths are told as far as is known by now: it can be judged. The lookup is left to whoever holds it. */
void work_tell(struct work *work);
