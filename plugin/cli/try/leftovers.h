#pragma once
/*
 * leftovers: what runs made on an engine and did not remove, found by its label (owner.h).
 */
#include "docksill/host/engine-api.h"
#include "owner.h"

struct leftovers {
        unsigned containers, networks, volumes; /* removed */
        unsigned stuck;                         /* that could not be */
};

/**
 * leftovers_remove() - containers with their volumes, networks, volumes
 * @own: what has exactly this label; NULL: that whose process is gone
 *
 * Returns 0, -EPROTO (no answer that is one), or what engine_api_call() returns; with status in *answer that is no
 * success, -EPERM.
 */
must_check_ int leftovers_remove(struct leftovers *out, struct engine_api *api, struct engine_answer *answer,
                                 const struct owner *own);
