#pragma once
/*
 * told-engine: what serve learns of the engine from its responses and from the host's files, asked for at once.
 */
#include "containers.h"
#include "docksill/engine/engine-state.h"

struct told_engine {
        struct engine_state state;
        struct engine_folders folders; /* of the host's files */
        json_t *info;                  /* GET /info; NULL: it did not say */
};

/* Asks @engine, on this machine. Says on stderr what failed. Returns EXIT_FINE or EXIT_ENVIRONMENT;
 * told_engine_deinit() it, also then. */
must_check_ int told_engine_ask(struct told_engine *out, struct engine_api *engine, const struct command *command);
void told_engine_deinit(struct told_engine *t);

/* Tells @request, once it is known where its host paths lead. */
void told_engine_tell(const struct told_engine *t, struct request *request);
