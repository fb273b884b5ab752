#pragma once
/*
 * update: POST /containers/{name}/update.
 *
 * moby api/types/container UpdateConfig, daemon container_unix.go UpdateContainer; PROTOCOL 5.1.
 */
#include "reading.h"

/* Reads the body into the facts. */
void update_decode(struct reading *in);
