#pragma once
/*
 * work: one request on its way from call to answer, with the memory that it is read and judged in.
 *
 * Most begin and end within one call of the server. One that is looked up waits meanwhile, first for the engine's
 * answers to what it leaves open, then for where its host paths lead, and keeps its memory and its generation for
 * itself.
 */
#include "docksill/engine/request-path.h"
#include "docksill/host/asker.h"
#include "docksill/host/path-lookup.h"
#include "docksill/serve/generation.h"

/* Works kept for reuse; an idle one holds a request and at most 64 KiB. */
#define WORKS_KEPT 8

/* What it waits for. */
enum work_stage {
        WORK_READY, /* nothing: it can be judged */
        WORK_ASKING,
        WORK_FOLLOWING,
};

struct held;

struct work {
        struct work *next, *previous; /* of those kept, or of those that wait */
        struct held *held;            /* it is decided, and waits for its record (holding.h); NULL: not */
        void *connection;             /* the server's, to wake it by */
        struct arena arena;
        struct request request; /* views of the call's body and of the arena */
        int64_t since;          /* clock_monotonic() when the call was there */
        bool cut;               /* the call is a response, of which only the beginning was kept */

        /* While it is looked up, hence while .generation is set; zeroed otherwise. */
        struct generation *generation; /* pinned */
        enum work_stage stage;
        int64_t deadline; /* of the stage */
        struct asking asking;
        struct path_lookup *lookup;
        struct request_path *paths;
        size_t kept, call; /* bytes that it keeps, and those of them that are its call's */
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

/**
 * work_ask() - put what the request leaves open to the engine, where that is on
 *
 * Says whether it waits for answers: then it is at WORK_ASKING, and asker_next() or work_stop() has it go on.
 */
must_check_ bool work_ask(struct work *work, struct asker *asker);

/**
 * work_follow() - make a lookup of its host paths, those that answers named too, where that is on
 *
 * Says whether there is any: then it is at WORK_FOLLOWING, and work->lookup is to be run by a helper.
 */
must_check_ bool work_follow(struct work *work);

/* Ends its stage: what is not known by now is untold. The lookup is left to whoever holds it. */
void work_stop(struct work *work);

/* It is not looked up at all: all that could be told is untold. */
void work_skip(struct work *work);
