#pragma once
/*
 * host-watch: how the host is set up, looked at when the server starts, when it reloads, when dockerd starts, and once
 * a day.
 *
 * A thread of its own reads the files: a look that hangs holds up nothing, and no other follows it. What could not be
 * told is no finding here, since the service need not see all of the host: `docksill audit`, as root, tells of that.
 */
#include "docksill/host/pool.h"
#include "docksill/host/posture.h"

#define HOST_WATCH_PERIOD (24 * 3600 * INT64_C(1000000))

/* Zeroed: nothing is looked at. */
struct host_watch {
        struct pool *pool;
        bool on, looking;
        int64_t due; /* clock_monotonic() */
};

/* What was found. */
struct host_look {
        struct job job;
        struct arena arena;
        struct request request; /* of host_request_init(): facts that could not be told are off */
        bool whole;             /* there was memory for all of it */
        int failed;             /* 0, or what host_root_open() returned: nothing could be looked at */
};

void host_watch_init(struct host_watch *w);

/* A look under way is left behind. */
void host_watch_deinit(struct host_watch *w);

/* Whether it looks from now on, and first of all @now. */
void host_watch_use(struct host_watch *w, bool on, int64_t now);

/* Milliseconds from @now until host_watch_run() has something to do; -1: never. */
int host_watch_timeout(const struct host_watch *w, int64_t now);

/* Begins a look that is due. Never waits. */
void host_watch_run(struct host_watch *w, int64_t now);

/* Readable when host_watch_take() has something; -1: nothing was begun yet. */
int host_watch_fd(const struct host_watch *w);

/* A look that has come back, to be freed by the caller; NULL: none. */
must_check_ struct host_look *host_watch_take(struct host_watch *w);
void host_look_free(struct host_look *look);
