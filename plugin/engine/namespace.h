#pragma once
/*
 * namespace: which namespaces a container shares, with the host or with another container. PROTOCOL 6.5.
 */
#include "docksill/engine/request.h"

struct host_config;

/* container.network, .pid, .ipc, .uts, .userns, .cgroupns and .joins, in effect for the request's API version. Returns
 * 0 or -ENOMEM. */
must_check_ int namespaces_read(struct request *request, struct arena *arena, const struct host_config *h);
