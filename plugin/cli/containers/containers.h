#pragma once
/*
 * containers: the containers that exist, of an engine or as `docker inspect` printed them, each with the call that
 * would have made it.
 */
#include "docksill/cli/command.h"
#include "docksill/host/engine-api.h"
#include "explain/subject.h"
#include <jansson.h>

/* What `docker inspect` of very many containers has. */
#define CONTAINERS_MOST 10000

struct container {
        struct str id, name; /* 64 digits; without the slash */
        struct str image;    /* as it was asked for: Config.Image */
        struct str image_id; /* "sha256:…" */
        bool running;
        int64_t pid;     /* of its first process; 0: it does not run */
        json_t *inspect; /* the containers' */
        struct str call; /* AuthZReq of its create: for judge() */
        struct str note; /* what could not be taken from inspect; empty: nothing */
};

struct containers {
        struct container *items; /* by name */
        size_t n, capacity;
        size_t gone; /* that were listed, and removed before they could be inspected */
};

/**
 * containers_ask() - of the engine
 * @out:     zeroed; containers_deinit() it, also after a failure
 * @names:   names or ids, ended by NULL; NULL: all, running or not
 * @command: for what is said on stderr
 *
 * Says what failed, and what to do. Returns EXIT_FINE or EXIT_ENVIRONMENT.
 */
must_check_ int containers_ask(struct containers *out, struct arena *arena, struct engine_api *engine,
                               const char *const *names, const struct command *command);

/* The same of a file, "-": standard input, that `docker inspect` printed; may be called again for the next. */
must_check_ int containers_read(struct containers *out, struct arena *arena, const char *path,
                                const struct command *command);

/**
 * containers_take() - the same of a text
 * @text: of the arena
 *
 * Says nothing. Returns 0, -EINVAL (not what `docker inspect` prints of containers), -E2BIG or -ENOMEM.
 */
must_check_ int containers_take(struct containers *out, struct arena *arena, struct str text);

void containers_deinit(struct containers *c);

/* Why, behind "the engine at … ": of @error 0 it is the answer's own words. */
void engine_reason_add(struct text *out, int error, const struct engine_answer *answer);

/* Says on stderr why a call to the engine at @socket failed: of engine_api_new() or engine_api_call(), or a status that
 * is no success. Always returns EXIT_ENVIRONMENT. */
int engine_failed(const struct command *command, const char *socket, int error, const struct engine_answer *answer);
