#pragma once
/*
 * work: one request on its way from call to answer, with the memory that it is read and judged in.
 *
 * Most begin and end within one call of the server. One that is looked up, or held until its record has a place, waits
 * meanwhile, and keeps its memory for itself.
 */
#include "lookup.h"

/* Works kept for reuse; an idle one holds a request and at most 64 KiB. */
#define WORKS_KEPT 8

struct held;

struct work {
        struct work *next;     /* of those kept */
        struct list_link link; /* of those that are held */
        struct held *held;     /* it is decided, and waits for its record (holding.h); NULL: not */
        void *connection;      /* the server's, to wake it by */
        struct arena arena;
        struct request request;        /* views of the call's body and of the arena */
        int64_t since;                 /* clock_monotonic() when the call was there */
        bool cut;                      /* the call is a response, of which only the beginning was kept */
        struct generation *generation; /* pinned while it is looked up; else NULL */
        struct lookup lookup;          /* while .generation is set; else zeroed */
};

/* Zeroed: empty. */
struct work_pool {
        struct work *kept;
        size_t n;
};

/* NULL: no memory. */
must_check_ struct work *work_new(struct work_pool *pool);

/* It is to be looked up, by the settings of @generation, of which it takes a reference. */
void work_look_up(struct work *work, struct generation *generation);

/* Ends what it waits for, and back to the pool. NULL does nothing. */
void work_free(struct work_pool *pool, struct work *work);

void work_pool_deinit(struct work_pool *pool);
