#pragma once
/*
 * own-call: the create of a container that exists, less what its image and its engine brought.
 *
 * The engine shows a container's command, user, variables and labels merged with its image's (moby daemon/commit.go,
 * merge), and its own defaults filled in: masked paths, the log driver, what it learnt of networks. Whoever made it did
 * not write those, and will not write them again.
 */
#include "containers.h"

/**
 * own_call() - the call, written anew
 * @out:   AuthZReq; in @arena
 * @image: what the engine's inspect says of the image; NULL: nobody knows, and what may be its own is kept
 * @info:  what the engine says of itself (GET /info); NULL: nobody knows
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int own_call(struct str *out, struct arena *arena, const struct container *c, const json_t *image,
                         const json_t *info);

/* The call that starts it. */
must_check_ int start_call(struct str *out, struct arena *arena, const struct container *c);
