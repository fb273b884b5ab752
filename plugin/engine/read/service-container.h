#pragma once
/*
 * service-container: the containers of a swarm's service, as far as ContainerSpec says what they are.
 *
 * moby daemon/cluster/convert/container.go, daemon/cluster/executor/container. Its words are judged as a container's
 * own are.
 */
#include "reading.h"
#include "service-spec.h"

/* Into container.*, mounts, variables, texts, image.* and the like. Mounts of @spec are spelt as a container has them.
 */
void container_spec_read(struct reading *in, struct container_spec *spec);
