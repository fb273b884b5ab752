#pragma once
/*
 * host-config: what Go's container.HostConfig means as facts.
 */
#include "go-host-config.h"
#include "reading.h"

/* Is it a name that dockerd knows, or nothing? */
bool restart_policy_known(struct str name);

/* The other kinds are for Windows; dockerd elsewhere knows the default alone (moby
 * api/types/container/hostconfig_unix.go). */
void isolation_read(struct reading *in, const char *field, struct str isolation);

/* Adds each of @ulimits, which stand in @field, to a list of struct ulimit_fact. */
void ulimits_read(struct arena *arena, struct fact_list *out, const char *field, const struct go_list *ulimits);

/* Do these two lists take the mask off a path that every engine masks? Of struct go_string; none given: they don't. */
bool host_config_unmasks(const struct go_list *masked_paths, const struct go_list *readonly_paths);

/* container.* and mounts of @h, with the defaults of the request's API version. */
void host_config_read(struct reading *in, const struct host_config *h);
