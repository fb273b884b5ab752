#pragma once
/*
 * engine-place: where the engine is that an audit asks: as it is told, else where the docker client would look, else
 * this host's own socket.
 */
#include "docksill/base/arena.h"
#include "docksill/cli/invocation.h"
#include "docksill/host/engine-api.h"

struct engine_place {
        const char *url;          /* for people; "/run/docker.sock", "tcp://10.0.0.5:2376" */
        const char *socket;       /* an absolute path; NULL: it is asked over TCP */
        const char *address;      /* of TCP */
        const char *certificates; /* of TLS; NULL: none */
        const char *chosen;       /* "DOCKER_HOST", "the docker context"; NULL: told, or the default */
};

/**
 * engine_place_find() - of --engine or --host, DOCKER_HOST, DOCKER_CONTEXT or the current context of the docker client
 * @out:       in @arena
 * @otherwise: the socket where nothing is told
 *
 * Over TCP an engine counts as another machine's: its files are not here. What can't be asked (ssh://, npipe://) is
 * said on stderr, with what to do instead. Returns EXIT_FINE or EXIT_USAGE.
 */
must_check_ int engine_place_find(struct engine_place *out, struct arena *arena, const struct invocation *in,
                                  const char *otherwise);

/* Returns as engine_api_new(). */
must_check_ int engine_place_open(const struct engine_place *e, struct engine_api **out);
