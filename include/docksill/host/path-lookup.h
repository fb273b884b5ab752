#pragma once
/*
 * path-lookup: where the host paths of one request lead, asked in a thread of the pool.
 *
 * Holds copies of all it needs, since it may outlive its request: a helper stuck on a dead mount keeps its lookup,
 * whoever asked goes on at the deadline with what is known by then.
 */
#include "docksill/engine/request-path.h"
#include "docksill/host/pool.h"
#include <stdatomic.h>

/* Threads that may look at a time: no pool of lookups has more. */
#define PATH_LOOKUPS_MOST 64

struct path_lookup_item {
        struct str path, leads;
        int error;   /* leads and socket are there when it is 0 */
        bool socket; /* what lies there is one */
};

struct path_lookup {
        struct job job;     /* first: the pool knows no more of it */
        int root;           /* as resolve_path() takes it; borrowed */
        struct arena arena; /* the helper's, once it is submitted */
        struct path_lookup_item *items;
        size_t n;
        atomic_size_t done;   /* items that the helper has finished */
        atomic_bool given_up; /* it need not go on */
};

/**
 * path_lookup_new() - copy @paths
 * @root: as resolve_path() takes it; -1 outside of tests
 *
 * Until it is submitted, and again once the pool hands it back, the caller's to end with lookup->job.free(). Returns 0
 * or -ENOMEM.
 */
must_check_ int path_lookup_new(struct path_lookup **out, const struct request_path *paths, size_t n, int root);

/**
 * path_lookup_tell() - write what is known by now to the cells of @paths, the same as given to path_lookup_new()
 * @arena: the request's
 *
 * May be called while a helper still works at it. What is not known is unknown, and so is what @arena has no room for.
 */
void path_lookup_tell(const struct path_lookup *lookup, const struct request_path *paths, struct arena *arena);

/* Before pool_abandon(): its helper shall stop at the next path. */
void path_lookup_give_up(struct path_lookup *lookup);
