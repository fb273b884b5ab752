#pragma once
/*
 * network: POST /networks/create, and a container that is connected or disconnected.
 *
 * moby api/types/network, libnetwork's drivers; PROTOCOL 5.3.
 */
#include "docksill/engine/request.h"

/* Each reads request->body into the facts. They return 0 or -ENOMEM. */
must_check_ int network_create_decode(struct request *request, struct arena *arena);
must_check_ int network_connect_decode(struct request *request, struct arena *arena);
must_check_ int network_disconnect_decode(struct request *request, struct arena *arena);
