#pragma once
/*
 * top: the processes of a container, as the host's own ps lists them.
 *
 * dockerd runs `ps` of the host as root with the caller's arguments and picks the rows in which one of the container's
 * numbers stands below the title PID (moby daemon/top_unix.go). A title of the caller's, columns that shift it, or a
 * way of choosing processes of its own make it pick others, with their arguments and variables.
 */
#include "reading.h"

/* Fills top.*. */
void top_decode(struct reading *in);
