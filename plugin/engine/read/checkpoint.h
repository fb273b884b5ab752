#pragma once
/*
 * checkpoint: a container's memory kept in a folder, and a start from there.
 *
 * Only with dockerd's experimental features; dockerd takes any folder of the host, as root (moby daemon/checkpoint.go;
 * PROTOCOL 5.1).
 */
#include "reading.h"

/* Of a list and a removal the query says all; so it does of a start. Each fills checkpoint.*. */
void checkpoint_create_decode(struct reading *in);
void checkpoint_list_decode(struct reading *in);
void checkpoint_delete_decode(struct reading *in);
void start_decode(struct reading *in);
