#pragma once
/*
 * waiting: the requests that are being looked up, so that the decision thread need not wait (DESIGN 1.6).
 *
 * Each asks the engine first and has its host paths followed by a helper then; each goes on when it knows all, or at
 * its deadline with what is known by then. Bounded in number, and in memory: while others take it all, a request is not
 * looked up but judged at once, and what lookups would tell is unknown.
 */
#include "docksill/host/pool.h"
#include "work.h"

#define WAITING_MOST    512
#define WAITING_THREADS 32
#define WAITING_QUEUED  256 /* for a thread */
#define WAITING_MEMORY  ((size_t)64 * 1024 * 1024)

/* Bytes of one: who has more is refused as too large, wherever lookups are on. */
#define WAITING_WORK_MEMORY (WAITING_MEMORY / 2)

struct waiting {
        struct pool *pool;
        char stuck[256]; /* the path at which a helper was given up last; longer ones are cut */
        bool told;       /* of stuck helpers */
        int64_t told_at;
        struct asker asker;
        struct work *first, *last; /* by deadline */
        size_t most, n;
        size_t held; /* bytes */
};

/* @most: how many may wait; beyond WAITING_MOST it is that. Returns 0, -ENOMEM or the errno of eventfd(2). */
must_check_ int waiting_init(struct waiting *w, size_t most);

/* Nobody may be waiting any more. Zeroed memory is fine too. */
void waiting_deinit(struct waiting *w);

/* Readable when a helper is done. */
int waiting_fd(const struct waiting *w);

/**
 * waiting_add() - look up what @work leaves open, by its generation
 * @call: bytes of the call that it keeps meanwhile, beside its arena
 *
 * False: there is nothing to wait for, or no room to wait: it can be judged at once.
 */
must_check_ bool waiting_add(struct waiting *w, struct work *work, size_t call);

/* One that can go on: with all that it waited for, or as far as was known at its deadline. NULL: none by @now,
 * clock_monotonic(). */
struct work *waiting_next(struct waiting *w, int64_t now);

/* Helpers that do not come back, and that they did. */
enum waiting_news { WAITING_NO_NEWS, WAITING_STUCK, WAITING_BACK };

/* What is to be told by @now: each trouble once, and none again within a minute. @helpers: how many are stuck. */
enum waiting_news waiting_news(struct waiting *w, int64_t now, unsigned *helpers);

/* Milliseconds from @now until a deadline passes or the asker has something to do; -1: nobody waits. */
int waiting_timeout(const struct waiting *w, int64_t now);
