#pragma once
/*
 * swarm: a swarm made, joined, changed and left; its nodes, and the secrets and configs it keeps.
 *
 * moby api/types/swarm, daemon/cluster; PROTOCOL 5.4. The handlers read one JSON value whatever the content type says.
 * Keys, tokens and the data of secrets are read past and kept nowhere.
 */
#include "docksill/engine/request.h"

/* Each fills swarm.* and returns 0 or -ENOMEM. */
must_check_ int swarm_init_decode(struct request *request, struct arena *arena);
must_check_ int swarm_join_decode(struct request *request, struct arena *arena);
must_check_ int swarm_update_decode(struct request *request, struct arena *arena);
must_check_ int swarm_unlock_decode(struct request *request, struct arena *arena);
must_check_ int swarm_force_decode(struct request *request, struct arena *arena); /* of a node that goes */
must_check_ int node_update_decode(struct request *request, struct arena *arena);
