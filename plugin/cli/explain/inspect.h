#pragma once
/*
 * inspect: what `docker inspect` says of containers, turned back into the create bodies that would have made them.
 *
 * Values are copied as they are spelt, so that they are read as strictly as a request. What dockerd adds by itself is
 * taken out again: label=disable where the container is privileged or shares the host's pid or ipc
 * namespace (moby daemon generateSecurityOpt), and CgroupnsMode host, which every container has on cgroup v1, all that
 * it fills in of an endpoint, and the paths that the engine masks by itself. What
 * comes in through --volumes-from is added, since only inspect knows it.
 */
#include "docksill/base/arena.h"

struct inspected {
        struct str name, id; /* without the slash; 12 digits */
        struct str body;
        bool cgroupns_host; /* left out: nobody can tell whether it was asked for */
};

struct inspected_list {
        struct inspected *items;
        size_t n, capacity;
};

/* Whether @text is such output, by its shape: a list, or an object with HostConfig and, unlike any create body,
 * Config. */
bool inspect_is(struct arena *arena, struct str text);

/**
 * inspect_read() - one body for each container
 * @out: views of @text and of @arena
 *
 * Returns 0, -EINVAL when some element is no container (an image has no HostConfig), or -ENOMEM.
 */
must_check_ int inspect_read(struct arena *arena, struct str text, struct inspected_list *out);
