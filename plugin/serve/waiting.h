#pragma once
/*
 * waiting: the requests whose host paths a helper is following, so that the decision thread need not wait (DESIGN 1.6).
 *
 * Each ends when its helper is done or at its deadline, whichever comes first. Bounded in number by the pool and in
 * memory by WAITING_MEMORY: beyond, a request is not looked up but judged at once, its paths unknown.
 */
#include "docksill/host/pool.h"
#include "work.h"

#define WAITING_THREADS 8
#define WAITING_QUEUED  256
#define WAITING_MEMORY  ((size_t)64 * 1024 * 1024)

struct waiting {
        struct pool *pool;
        struct work *first, *last; /* by deadline */
        size_t held;               /* bytes */
};

/* Returns 0, -ENOMEM or the errno of eventfd(2). */
must_check_ int waiting_init(struct waiting *w);

/* Nobody may be waiting any more. Zeroed memory is fine too. */
void waiting_deinit(struct waiting *w);

/* Readable when a helper is done. */
int waiting_fd(const struct waiting *w);

/**
 * waiting_add() - let a helper follow the paths of @work
 * @held: bytes that it keeps meanwhile
 *
 * False: there is no room, and it goes on at once with its paths untold.
 */
must_check_ bool waiting_add(struct waiting *w, struct work *work, size_t held);

/* One that can go on: told by its helper, or as far as was known at its deadline. NULL: none by @now,
 * clock_monotonic(). */
struct work *waiting_next(struct waiting *w, int64_t now);

/* Milliseconds from @now until a deadline passes; -1: nobody waits. */
int waiting_timeout(const struct waiting *w, int64_t now);
