#pragma once
/*
 * lookup: what a request does not say itself, found out while the decision thread goes on with others (DESIGN 1.6).
 *
 * A lookup goes from step to step: the engine is asked what the request leaves open, a helper looks for a scanner's
 * report on its image, another follows its host paths, those that answers named too, then it can be judged. Where there
 * is something to wait for it waits until that is there, or until the step's deadline: then it goes on with what is
 * known by then, and the rest is unknown.
 *
 * Bounded in number, and in memory: while others take it all, a request is not looked up but judged at once, and what
 * lookups would tell is unknown.
 */
#include "docksill/base/complaint.h"
#include "docksill/base/list.h"
#include "docksill/engine/request-path.h"
#include "docksill/host/engine-client.h"
#include "docksill/host/pool.h"
#include "docksill/host/scan-lookup.h"
#include "docksill/serve/generation.h"

#define LOOKUP_MOST    512
#define LOOKUP_HELPERS 32
#define LOOKUP_QUEUED  256 /* for a helper */
#define LOOKUP_MEMORY  ((size_t)64 * 1024 * 1024)

/* Bytes of one: who has more is refused as too large, wherever lookups are on. */
#define LOOKUP_ONE_MEMORY (LOOKUP_MEMORY / 2)

/* What it waits for; at LOOKUP_JUDGE nothing. */
enum lookup_step { LOOKUP_ASK, LOOKUP_SCAN, LOOKUP_FOLLOW, LOOKUP_JUDGE };

/* That of one request. Zeroed: there is none. It may not move while it waits. */
struct lookup {
        const struct lookups *how; /* these five are given, and borrowed; NULL: there is none */
        struct request *request;
        struct arena *arena;
        int64_t since; /* clock_monotonic() from which its deadlines count */
        void *giver;   /* to find the request by; never looked into */

        struct lookup_queue *queue;
        struct list_link link; /* of those that wait */
        bool waits;
        enum lookup_step step;
        int64_t deadline; /* of the step */
        struct asking asking;
        struct scan_lookup *scanning;  /* NULL: none, or its helper's */
        struct path_lookup *following; /* likewise */
        struct request_path *paths;
        size_t kept, call; /* bytes that it keeps, and those of them that are its call's */
};

/* All that wait, and who is asked. */
struct lookup_queue {
        struct pool *pool; /* of helpers */
        struct engine_client engine_client;
        struct list waiting; /* by deadline */
        size_t most, n;
        size_t held;     /* bytes */
        char stuck[256]; /* the path at which a helper was given up last; longer ones are cut */
        struct complaint complaint;
        char report[sizeof(((struct scan_trouble *)NULL)->text)]; /* the report that could not be used last, and why */
        bool bad_report;
        struct complaint report_complaint;
};

/* @most: how many may wait; beyond LOOKUP_MOST it is that. Returns 0, -ENOMEM or the errno of eventfd(2). */
must_check_ int lookup_queue_init(struct lookup_queue *q, size_t most);

/* Nobody may be waiting any more. Zeroed memory is fine too. */
void lookup_queue_deinit(struct lookup_queue *q);

/* Readable when a helper is done. */
int lookup_queue_fd(const struct lookup_queue *q);

/* Milliseconds from @now until a deadline passes or the engine_client has something to do; -1: nobody waits. */
int lookup_queue_timeout(const struct lookup_queue *q, int64_t now);

/* What is to be told by @now: helpers that do not come back, and that they did. @helpers: how many are stuck. */
enum complaint_news lookup_queue_news(struct lookup_queue *q, int64_t now, unsigned *helpers);

/* Whether it is to be told by @now that q->report can't be used. */
bool lookup_queue_bad_report(struct lookup_queue *q, int64_t now);

/**
 * lookup_begin() - find out what its request leaves open
 * @call: bytes of the call that are kept meanwhile, beside the arena
 *
 * Says whether it waits: lookup_next() hands it back then. Else there was nothing to wait for, or no room to wait: it
 * can be judged at once.
 */
must_check_ bool lookup_begin(struct lookup *l, struct lookup_queue *q, size_t call);

/* One that can be judged; NULL: none by @now, clock_monotonic(). */
struct lookup *lookup_next(struct lookup_queue *q, int64_t now);

/* Waits no longer, and zeroes it: what is not known by now stays unknown. */
void lookup_end(struct lookup *l);
