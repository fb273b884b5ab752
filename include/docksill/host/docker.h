#pragma once
/*
 * docker: a client of the engine's API over its Unix socket, GETs alone, that never blocks.
 *
 * docker.c uses libcurl's multi interface; docker-none.c stands in where it is not built in. What the engine says is
 * bounded and believed as little as a request: nothing is followed, decoded or kept but the body of a 200.
 */
#include "docksill/base/list.h"
#include "docksill/base/text.h"
#include "docksill/engine/question.h"

/* Connections at once; what is asked beyond that waits its turn. */
#define DOCKER_CONNECTIONS 16

/* Bytes of one answer; a larger one is ANSWER_LARGE. An inspected container or image has 3 to 20 KB. */
#define DOCKER_ANSWER_MAX (1024u * 1024)

/* Bytes of one target; dockerd itself turns headers over 1 MiB away. */
#define DOCKER_TARGET_MAX (64u * 1024)

/* Of a path that a Unix socket can have (sun_path), with its NUL. */
#define DOCKER_SOCKET_MAX 108

/* Where the engine listens unless told otherwise. */
#define DOCKER_SOCKET "/run/docker.sock"

struct docker;

/* One GET, in the memory of who asks: it may not move or die before docker_next() or docker_cancel(). */
struct docker_get {
        struct list_link link; /* the client's, like the next two */
        struct list *in;
        struct docker_slot *slot;
        struct str target;  /* of the asker, as question_target() writes it */
        enum answer answer; /* once it is done */
        const char *why;    /* of ANSWER_NONE and ANSWER_LARGE: for people, static */
        struct text json;   /* of ANSWER_TOLD; docker_get_deinit() frees it */
};

/* False: this docksill was built without a client, and docker_new() always fails. */
bool docker_built(void);

/**
 * docker_new() - a client of the engine that listens at @socket
 * @socket: an absolute path, shorter than DOCKER_SOCKET_MAX; nobody need listen there yet
 *
 * Connects when something is asked, again and again by itself. Returns 0, -ENOMEM, -ENOTSUP (not built), or the errno
 * of epoll_create1(2).
 */
must_check_ int docker_new(struct docker **out, const char *socket);

/* Nothing may be under way: docker_fail() and docker_next() before. NULL does nothing. */
void docker_free(struct docker *d);
DEFINE_CLEANUP(struct docker *, docker_free);

/* Readable when docker_run() has something to do. */
int docker_fd(const struct docker *d);

/* Milliseconds from @now, clock_monotonic(), until docker_run() or docker_next() has something to do anyway; -1: never.
 */
int docker_timeout(const struct docker *d, int64_t now);

/* Does what is due, without waiting. */
void docker_run(struct docker *d, int64_t now);

/**
 * docker_ask() - begin a GET
 * @get: zeroed but for .target, which must live as long
 *
 * docker_next() hands it back once it is done. There is no time limit: who waits no longer cancels.
 */
void docker_ask(struct docker *d, struct docker_get *get);

/* One that is done, no longer the client's; NULL: none. */
struct docker_get *docker_next(struct docker *d);

/* Forgets @get, under way or done; its connection is closed when an answer was still to come. */
void docker_cancel(struct docker *d, struct docker_get *get);

/* All that is under way is done, as ANSWER_NONE. @why: static. */
void docker_fail(struct docker *d, const char *why);

void docker_get_deinit(struct docker_get *get);
