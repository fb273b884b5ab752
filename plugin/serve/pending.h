#pragma once
/*
 * pending: one request on its way from call to answer, with the memory that it is read and judged in.
 *
 * Most begin and end within one call of the server. One that is looked up, or held until its record has a place, waits
 * meanwhile, and keeps its memory for itself.
 */
#include "lookup.h"

/* Works kept for reuse; an idle one holds a request and at most 64 KiB. */
#define PENDING_KEPT 8

struct held;

struct pending {
        struct pending *next;  /* of those kept */
        struct list_link link; /* of those that are held */
        struct held *held;     /* it is decided, and waits for its record (holding.h); NULL: not */
        void *connection;      /* the server's, to wake it by */
        struct arena arena;
        struct request request;        /* views of the call's body and of the arena */
        struct str call;               /* that body */
        int64_t since;                 /* clock_monotonic() when the call was there */
        bool cut;                      /* the call is a response, of which only the beginning was kept */
        struct generation *generation; /* pinned while it is looked up; else NULL */
        struct lookup lookup;          /* while .generation is set; else zeroed */
};

/* Zeroed: empty. */
struct pending_pool {
        struct pending *kept;
        size_t n;
};

/* NULL: no memory. */
must_check_ struct pending *pending_new(struct pending_pool *pool);

/* It is to be looked up, by the settings of @generation, of which it takes a reference. */
void pending_look_up(struct pending *pending, struct generation *generation);

/* Ends what it waits for, and back to the pool. NULL does nothing. */
void pending_free(struct pending_pool *pool, struct pending *pending);

void pending_pool_deinit(struct pending_pool *pool);
