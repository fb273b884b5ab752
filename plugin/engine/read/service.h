#pragma once
/*
 * service: a swarm's service: the body of POST /services/create and /services/{id}/update.
 *
 * Its containers are judged as any other: what a service can say of them fills the same facts (group GROUP_WORKLOAD,
 * mounts, variables, texts, image), and what it can't say has none there, so that no rule asks for what nobody could
 * write. moby daemon/cluster/convert, daemon/cluster/executor/container; GUIDANCE 3.2; PROTOCOL 5.4.
 */
#include "reading.h"

void service_create_decode(struct reading *in);
void service_update_decode(struct reading *in);

/* Can it be the id of a network, whole or its beginning? Most names can. */
bool service_network_may_be_id(struct str target);
