#pragma once
/*
 * volume: POST /volumes/create and PUT /volumes/{name}.
 *
 * A volume of the local driver with options is a mount of the host's root (PROTOCOL 5.3, 6.2), so it is an element of
 * `mounts` and judged by the rules for them. moby api/types/volume.
 */
#include "reading.h"

/* Each reads the body into the facts. */
void volume_create_decode(struct reading *in);
void volume_update_decode(struct reading *in);
