#pragma once
/*
 * stand-in: a socket that answers as an engine would, does nothing, and keeps what it was asked.
 *
 * Each call is kept as dockerd's authorization middleware would hand it to a plugin: what is judged afterwards is what
 * serve would be asked. Plain HTTP/1.1; a stream that a client takes over (attach, exec) ends at once.
 */
#include "docksill/base/arena.h"
#include "docksill/engine/operation.h"
#include <jansson.h>

/* One request. */
struct sent_call {
        struct str call; /* AuthZReq */
        struct str method, target;
        struct str service;                /* that it creates, or that it creates a container for; else empty */
        const struct operation *operation; /* NULL: unknown */
};

struct sent_calls {
        struct sent_call *items;
        size_t n, capacity;
};

struct stand_in;

/**
 * stand_in_new() - listen at @path
 * @out:   stand_in_free() it
 * @path:  of the socket, which is made and, in the end, removed
 * @there: names of networks and volumes that are there, as of stand_in_missing(); NULL: none
 * @arena: what is kept lies in it; borrowed
 *
 * Returns 0, -ENOMEM, -ENAMETOOLONG, the errno of bind(2), or -EIO when libmicrohttpd can't start.
 */
must_check_ int stand_in_new(struct stand_in **out, const char *path, json_t *there, struct arena *arena);
void stand_in_free(struct stand_in *s);
DEFINE_CLEANUP(struct stand_in *, stand_in_free);

/* To be polled for input, for stand_in_timeout() milliseconds at most (-1: for ever); then stand_in_run(). */
int stand_in_fd(const struct stand_in *s);
int stand_in_timeout(const struct stand_in *s);

/* Serves what is there. Returns 0, or -ENOMEM when a call could not be kept. */
must_check_ int stand_in_run(struct stand_in *s);

/* What was asked so far, in order; a read that was asked in the same words before is not repeated. */
const struct sent_calls *stand_in_calls(const struct stand_in *s);

/* The networks and volumes that were looked for in vain: an array, the caller's; NULL without memory. */
json_t *stand_in_missing(const struct stand_in *s);

/* Whether the client has been watching the engine's events for a while, and does nothing else: no event comes. */
bool stand_in_is_watched(const struct stand_in *s);
