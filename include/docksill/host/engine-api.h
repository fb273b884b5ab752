#pragma once
/*
 * engine-api: calls to the engine's API over its Unix socket, or TCP, one at a time, for commands that may wait.
 *
 * serve asks through docker.h, which never blocks and only reads; a command may also make and remove things.
 */
#include "docksill/base/text.h"
#include <signal.h>

/* Bytes of one answer; a list of ten thousand containers has about 20 MB. */
#define ENGINE_ANSWER_MAX ((size_t)64 * 1024 * 1024)

struct engine_api;

struct engine_answer {
        long status;      /* of HTTP; 0: there was no answer */
        struct text body; /* whatever the status; engine_answer_deinit() frees it */
        const char *why;  /* of status 0: for people, static */
};

/**
 * engine_api_new() - a client of the engine that listens at @socket
 * @socket: an absolute path
 * @stop:   a call under way ends soon after this is no longer 0, as one without an answer; borrowed; NULL: never
 *
 * Connects when something is asked. Returns 0, -ENAMETOOLONG, -EINVAL (not absolute), -ENOMEM, or -ENOTSUP (built
 * without libcurl).
 */
must_check_ int engine_api_new(struct engine_api **out, const char *socket, const volatile sig_atomic_t *stop);

/**
 * engine_api_new_tcp() - the same of one that listens on TCP
 * @address:      "10.0.0.5:2376", "[::1]:2375"; a name that is looked up
 * @certificates: folder of ca.pem, cert.pem and key.pem, which both sides show each other; NULL: no TLS
 *
 * Returns as above; -ENAMETOOLONG of the folder too.
 */
must_check_ int engine_api_new_tcp(struct engine_api **out, const char *address, const char *certificates,
                                   const volatile sig_atomic_t *stop);
void engine_api_free(struct engine_api *e);
DEFINE_CLEANUP(struct engine_api *, engine_api_free);

/* As given. */
const char *engine_api_socket(const struct engine_api *e);

/* One call. */
struct engine_call {
        const char *method; /* "GET" */
        struct str target;  /* "/containers/json?all=1": the engine's newest version, unless it names one */
        struct str body;    /* JSON; empty: none */
        unsigned seconds;   /* 0: a time that reads take at most */
        size_t most;        /* bytes of the answer: what is beyond makes it -EFBIG, and what came before is in
                               out->body; 0: ENGINE_ANSWER_MAX */
};

/**
 * engine_api_call() - make it, and wait
 * @out: zeroed, or used before; engine_answer_deinit() it
 *
 * Returns 0 when the engine answered, whatever the status, -EFBIG (too large), -ETIMEDOUT, -EINTR (@stop), -EIO (nobody
 * answers; out->why), or -ENOMEM.
 */
must_check_ int engine_api_call(struct engine_api *e, struct engine_answer *out, const struct engine_call *call);

/* A part of a path, or a value of a query, escaped so that it can't be read as anything else. */
void engine_target_add(struct text *target, struct str part);

void engine_answer_deinit(struct engine_answer *a);
