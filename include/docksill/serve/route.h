#pragma once
/*
 * route: what one call to the plugin is answered with: activate, request, response, anything else.
 *
 * Knows nothing of sockets, so that it can be tested and fuzzed without one.
 */
#include "docksill/serve/server.h"

struct work;

enum route { ROUTE_ACTIVATE, ROUTE_REQUEST, ROUTE_RESPONSE, ROUTE_OTHER };
enum route route_find(struct str path);

/* How many bytes of a call's body its answer needs; what follows is read and forgotten. */
size_t route_keeps(enum route route);

/* The answers that are always the same; the server makes them once. */
#define ROUTE_ALLOWS    "{\"Allow\":true}"
#define ROUTE_ACTIVATES "{\"Implements\":[\"authz\"]}"

/* All that deciding needs; the server owns it. */
struct route_context {
        struct generation *generation; /* in force; a reload swaps it between two calls */
        struct writer *writer;         /* NULL: no records */
        struct str host;               /* this machine's name */
        struct decision_ids ids;
        struct server_counts counts;
        struct text line; /* scratch for records and messages; kept between calls */
        uint64_t seq;
        int64_t refused_said;    /* clock_monotonic() of the last line on stderr about refused calls; 0: never */
        uint64_t refused_unsaid; /* those that no line has told of */
};

enum route_step {
        ROUTE_ANSWERED,
        ROUTE_WAITS, /* for the lookup of its work */
};

/**
 * route_begin() - the JSON object for one call, or what must be known before
 * @out:  appended to when it is answered; allow and deny alike are HTTP 200 (PROTOCOL 0.11)
 * @body: the whole call, or its first route_keeps() bytes; p == NULL: it was larger than SERVER_CALL_MAX
 * @work: of the call; with @body it must live until route_finish() when it waits. NULL will do for others than requests
 *
 * ROUTE_WAITS: work->lookup is to be run elsewhere; after work_tell(), at the latest at work->deadline, route_finish()
 * has the answer.
 */
enum route_step route_begin(struct text *out, struct route_context *context, enum route route, struct str body,
                            struct work *work);

/* The answer to a request that waited, by the generation that it began under. */
void route_finish(struct text *out, struct route_context *context, struct work *work);

/* Frees the scratch; the rest is borrowed. */
void route_deinit(struct route_context *context);
