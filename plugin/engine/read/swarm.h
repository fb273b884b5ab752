#pragma once
/*
 * swarm: a swarm made, joined, changed and left; its nodes, and the secrets and configs it keeps.
 *
 * moby api/types/swarm, daemon/cluster; PROTOCOL 5.4. The handlers read one JSON value whatever the content type says.
 * Keys, tokens and the data of secrets are read past and kept nowhere.
 */
#include "reading.h"

/* Each fills swarm.*. */
void swarm_init_decode(struct reading *in);
void swarm_join_decode(struct reading *in);
void swarm_update_decode(struct reading *in);
void swarm_unlock_decode(struct reading *in);
void swarm_force_decode(struct reading *in); /* of a node that goes */
void node_update_decode(struct reading *in);
