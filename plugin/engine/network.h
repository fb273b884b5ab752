#pragma once
/*
 * network: POST /networks/create, and a container that is connected or disconnected.
 *
 * moby api/types/network, libnetwork's drivers; PROTOCOL 5.3.
 */
#include "docksill/engine/request.h"

/* Each reads request->body into the facts. */
void network_create_decode(struct request *request, struct arena *arena);
void network_connect_decode(struct request *request, struct arena *arena);
void network_disconnect_decode(struct request *request, struct arena *arena);
