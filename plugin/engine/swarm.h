#pragma once
/*
 * swarm: a swarm made, joined, changed and left; its nodes, and the secrets and configs it keeps.
 *
 * moby api/types/swarm, daemon/cluster; PROTOCOL 5.4. The handlers read one JSON value whatever the content type says.
 * Keys, tokens and the data of secrets are read past and kept nowhere.
 */
#include "docksill/engine/request.h"

/* Each fills swarm.*. */
void swarm_init_decode(struct request *request, struct arena *arena);
void swarm_join_decode(struct request *request, struct arena *arena);
void swarm_update_decode(struct request *request, struct arena *arena);
void swarm_unlock_decode(struct request *request, struct arena *arena);
void swarm_force_decode(struct request *request, struct arena *arena); /* of a node that goes */
void node_update_decode(struct request *request, struct arena *arena);
