#pragma once
/*
 * places: what the settings name on this machine, tried as `serve` would: the socket, the records, the engine's socket.
 *
 * Nothing is made or changed. A place that no setting names is docksill's own, and serve makes what it lacks.
 */
#include "docksill/cli/config.h"

/* Reports where serve would not start (DS317) or dockerd would not find it (DS318). Returns 0 or -EINVAL. */
int places_check(const struct config *config, struct diag *diag);

/* Whether dockerd looks for plugins in the folder of @socket, or is told of it: /run/docker/plugins, or a .spec file of
 * /etc or /usr/lib (moby pkg/plugins/discovery.go). */
bool place_is_found(const char *socket);
