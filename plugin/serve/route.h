#pragma once
/*
 * route: what one call to the plugin is answered with: activate, request, response, anything else.
 *
 * Knows nothing of sockets, so that it can be tested and fuzzed without one.
 */
#include "docksill/base/complaint.h"
#include "docksill/record/capture.h"
#include "docksill/record/metrics.h"
#include "docksill/record/record.h"
#include "docksill/record/writer.h"
#include "docksill/serve/generation.h"
#include "docksill/serve/server-limits.h"
#include "engine-watch.h"

struct engine_client;
struct pending;
struct holding;

enum route { ROUTE_ACTIVATE, ROUTE_REQUEST, ROUTE_RESPONSE, ROUTE_OTHER };
enum route route_find(struct str path);

/* How many bytes of a call's body its answer needs; what follows is read and forgotten. */
size_t route_keeps(enum route route);

/* As many of a response that may tell of the engine: 64 KiB of answer in base64 (PROTOCOL 2.6), headers and the
 * request. What is larger is let through unread. */
#define ROUTE_RESPONSE_MAX (256u * 1024)

/* The answers that are always the same; the server makes them once. */
#define ROUTE_ALLOWS    "{\"Allow\":true}"
#define ROUTE_ACTIVATES "{\"Implements\":[\"authz\"]}"

/* All that deciding needs; the server owns it. */
struct route_context {
        /* Given; the server's. */
        struct generation *generation;       /* in force; a reload swaps it between two calls */
        struct writer *writer;               /* NULL: no records */
        struct capture *capture;             /* NULL: no calls are captured, ever */
        struct holding *holding;             /* of calls that wait for their record; NULL: none waits */
        struct engine_client *engine_client; /* whose memory is to be dropped in time; NULL: there is none */
        struct str host;                     /* this machine's name */
        struct str plugin;             /* what dockerd calls us: our socket's name without .sock; empty: not known */
        struct engine_folders folders; /* of the engine's own, as the host's files tell */
        struct host_size size;         /* likewise */

        /* What came of it so far; .metrics is metrics_init()ed. */
        struct decision_ids ids;
        struct metrics metrics;
        uint64_t seq;      /* of the last record */
        int64_t latest;    /* the latest clock_wall() so far: a clock set back does not revive what has ended */
        int64_t step_from; /* when the step began that was told of last */
        struct engine_watch watch;
        bool activated;                       /* dockerd has started since the server looked */
        struct complaint refused, unrecorded; /* of calls that were refused as no request; that have no record */
        uint64_t refused_unsaid;              /* those that no line has told of */
        struct text line;                     /* scratch for records and messages; kept between calls */
};

enum route_step {
        ROUTE_ANSWERED,
        ROUTE_OPEN, /* the request may leave something open that is to be looked up first */
        ROUTE_HELD, /* it is decided, and waits for its record: holding_next() gives it back */
};

/* Is the next response to be kept whole, whatever it answers? */
bool route_curious(const struct route_context *context);

/**
 * route_begin() - the JSON object for one call, or what must be known before
 * @out:  appended to when it is answered; allow and deny alike are HTTP 200 (PROTOCOL 1.4)
 * @body: the whole call, or its first route_keeps() bytes; p == NULL: it was larger than SERVER_CALL_MAX
 * @pending: of the call; with @body it must live until route_finish() when that is to come. NULL will do for
 * ROUTE_ACTIVATE and ROUTE_OTHER
 *
 * ROUTE_OPEN: the call has its generation; lookup_begin() finds out what it leaves open, then route_finish() has the
 * answer.
 */
enum route_step route_begin(struct text *out, struct route_context *context, enum route route, struct str body,
                            struct pending *pending);

/* The answer to a request that was looked up, by the generation that it began under, or to one that was held. As
 * route_begin(), but never ROUTE_OPEN. */
enum route_step route_finish(struct text *out, struct route_context *context, struct pending *pending);

/* A line among the records that says what is in force from now on. @event: "start", "reload", "reload-failed" or
 * "step". */
void route_record_start(struct route_context *context, struct str event, const struct record_last *last);

/* What an audit of the host finds is recorded when it is news. @request: of host_request_init(), in @arena. */
void route_observe_host(struct route_context *context, struct request *request, struct arena *arena);

/* What a process that was killed has left of its last line is known for what it is. */
void route_record_mend(struct route_context *context, const struct chain_head *head);

/* The last line of all: the end is in order. */
void route_record_stop(struct route_context *context);

/* A line on stderr of all that was answered; none when that would have to wait. */
void route_sum_up(const struct route_context *context);

/* Frees the scratch and the metrics; the rest is borrowed. */
void route_deinit(struct route_context *context);
