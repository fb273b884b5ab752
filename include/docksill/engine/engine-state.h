#pragma once
/*
 * engine-state: what responses have told of the engine, kept for the requests that follow.
 *
 * Believed until dockerd activates the plugin anew, which it does at each of its starts: neither its version nor its
 * no-new-privileges default changes without one (moby daemon/reload.go). Never facts of images or volumes: those
 * change under us.
 */
#include "docksill/engine/engine-folder.h"
#include "docksill/engine/host-size.h"

/* Zeroed: nothing. Times are clock_monotonic(). */
struct engine_state {
        char version[64], api[16]; /* of the engine, and the newest API it speaks; empty: not told */
        int64_t version_at, api_at;
        bool no_new_privileges;
        int64_t no_new_privileges_at; /* 0: not told */
        bool unconfined;              /* neither AppArmor nor SELinux */
        bool remapped;                /* users of containers are others on the host */
        bool rootless;                /* and so is the engine */
        struct engine_folders folders;
        struct host_size size;
};

/* From a response that was read. */
void engine_state_take(struct engine_state *l, const struct request *response, int64_t now);

/* Fills daemon.* of a request that was read. */
void engine_state_tell(const struct engine_state *l, struct request *request);
