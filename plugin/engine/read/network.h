#pragma once
/*
 * network: POST /networks/create, and a container that is connected or disconnected.
 *
 * moby api/types/network, libnetwork's drivers; PROTOCOL 5.3.
 */
#include "reading.h"

/* Each reads the body into the facts. */
void network_create_decode(struct reading *in);
void network_connect_decode(struct reading *in);
void network_disconnect_decode(struct reading *in);
