#pragma once
/*
 * existing-mount: one line of what the engine says that a container mounts.
 */
#include "inspected.h"

/* Where one of its mounts turns up: in its own start, in a container that shares its volumes, or where it is reached.
 */
struct place {
        struct origin origin;
        bool shared, read_only;
};

/* As the container itself has it; a tmpfs' options are left out. */
struct mount_fact existing_mount(struct reading *in, const struct place *place, const struct inspected_mount *from);
