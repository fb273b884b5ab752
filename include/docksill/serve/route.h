#pragma once
/*
 * route: what one call to the plugin is answered with: activate, request, response, anything else.
 *
 * Knows nothing of sockets, so that it can be tested and fuzzed without one.
 */
#include "docksill/serve/server.h"

enum route { ROUTE_ACTIVATE, ROUTE_REQUEST, ROUTE_RESPONSE, ROUTE_OTHER };
enum route route_find(struct str path);

/* All that deciding needs; the server owns it. */
struct route_context {
        struct ruleset *rules;
        enum mode mode;
        struct writer *writer;
        struct record_context record;
        struct decision_ids ids;
        struct server_counts counts;
        struct text line; /* scratch for records; kept between calls */
        uint64_t seq;
        bool record_reads;
};

/**
 * route_answer() - the JSON object for one call
 * @out:  appended to; allow and deny alike are HTTP 200 (PROTOCOL 0.11)
 * @body: the whole call; p == NULL: it was larger than SERVER_CALL_MAX
 */
void route_answer(struct text *out, struct route_context *context, enum route route, struct str body, struct arena *arena);
