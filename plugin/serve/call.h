#pragma once
/*
 * call: the body of one HTTP call, as it comes in piece by piece.
 *
 * Most bodies are small and live in the call itself, which is reused; a larger one has a buffer of its own, freed at
 * once.
 */
#include "docksill/base/str.h"
#include "route.h"

/* An envelope around a create body of 3 KB is about 6 KB. */
#define CALL_SMALL (12 * 1024)

/* Calls kept for reuse: 384 KiB at most. */
#define CALLS_KEPT 32

/* What is read of a call that is larger than SERVER_CALL_MAX, so that its answer can be heard; then we hang up. */
#define CALL_DRAIN_MAX (64u * 1024 * 1024)

struct peer;

struct call {
        struct call *next;
        struct peer *peer; /* who calls */
        struct work *work; /* of a request, until it is answered */
        enum route route;
        size_t keeps;     /* bytes to store; beyond that: too_large for requests, forgotten for others. Of a response:
                             RESPONSE_LOOK, until that look says more */
        size_t announced; /* Content-Length; 0: not given */
        size_t seen;      /* bytes that came in */
        char *p;          /* small, or a buffer of its own */
        size_t n, size;
        bool too_large; /* nothing of it is stored any more */
        bool no_memory; /* too_large for want of memory alone */
        char small[CALL_SMALL];
};

/* Zeroed: empty. */
struct call_pool {
        struct call *free;
        size_t n;
};

/* A call for @route; @announced: its Content-Length, 0 when it is not known. NULL: no memory. */
must_check_ struct call *call_new(struct call_pool *pool, enum route route, size_t announced);

/* Back to the pool, or freed. NULL does nothing. */
void call_free(struct call_pool *pool, struct call *call);

/* Frees what the pool keeps. */
void call_pool_deinit(struct call_pool *pool);

/**
 * call_append() - the next piece
 *
 * A piece that can't be stored (over SERVER_CALL_MAX, or no memory: .no_memory) makes the call too large and frees what
 * was stored.
 * Returns 0, or -EFBIG: more came than is drained, hang up.
 */
must_check_ int call_append(struct call *call, struct str piece);

/* What was stored; p == NULL when the call is too large. Lives as long as the call. */
struct str call_body(const struct call *call);
