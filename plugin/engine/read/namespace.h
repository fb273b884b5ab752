#pragma once
/*
 * namespace: which namespaces a container shares, with the host or with another container. PROTOCOL 6.5.
 */
#include "reading.h"

struct host_config;

/* The modes "container:X" among these, appended to @out, of struct join_fact. */
void joins_read(struct fact_list *out, struct arena *arena, struct str network, struct str pid, struct str ipc);

/* container.network, .pid, .ipc, .uts, .userns, .cgroupns and .joins, in effect for the request's API version. */
void namespaces_read(struct reading *in, const struct host_config *h);
