#pragma once
/*
 * written: the folders that a container must be able to write to, from what it wrote.
 *
 * They become a tmpfs or a volume each under a read-only root file system. So they are as narrow as can be told, and
 * never a folder that programs are installed in.
 */
#include "docksill/base/arena.h"
#include <jansson.h>

/* How many folders are told. */
#define WRITTEN_MOST 12

struct written {
        struct str *items; /* absolute and clean */
        size_t n, capacity;
        bool elsewhere; /* it wrote where no folder can be offered: a file in /, in /etc, or too many folders */
};

/* Whether @path is a folder in the container. */
typedef bool written_is_folder(void *closure, struct str path);

/**
 * written_read() - from the engine's answer to /containers/{id}/changes
 * @out:     zeroed; texts of @arena
 * @mounted: where something is mounted: what is there is no part of the file system
 *
 * What the engine itself makes (/etc/hosts, mount points) is left out, and so is what lies below /tmp. A folder below
 * another one is left out. Returns 0 or -ENOMEM.
 */
must_check_ int written_read(struct written *out, struct arena *arena, const json_t *changes, const struct str *mounted,
                             size_t n_mounted, written_is_folder *is_folder, void *closure);

/**
 * written_add_line() - the folder that an error is about
 * @line: such as "touch: /var/lib/x/lock: Read-only file system"; any other adds nothing
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int written_add_line(struct written *out, struct arena *arena, struct str line,
                                 written_is_folder *is_folder, void *closure);
