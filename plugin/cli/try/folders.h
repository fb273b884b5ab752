#pragma once
/*
 * folders: those that a container must be able to write to, from what it wrote.
 *
 * They become a tmpfs or a volume each under a read-only root file system. So they are as narrow as can be told, and
 * never a folder that programs are installed in.
 */
#include "docksill/base/arena.h"
#include <jansson.h>

/* How many folders are told. */
#define FOLDERS_MOST 12

struct folders {
        struct str *items; /* absolute and clean */
        size_t n, capacity;
        bool elsewhere; /* it wrote where no folder can be offered: a file in /, in /etc, or too many folders */
};

/* Whether @path is a folder in the container. */
typedef bool folders_is_one(void *closure, struct str path);

/**
 * folders_read() - from the engine's answer to /containers/{id}/changes
 * @out:     zeroed; texts of @arena
 * @mounted: where something is mounted: what is there is no part of the file system
 *
 * What the engine itself makes (/etc/hosts, mount points) is left out, and so is what lies below /tmp. A folder below
 * another one is left out. Returns 0 or -ENOMEM.
 */
must_check_ int folders_read(struct folders *out, struct arena *arena, const json_t *changes, const struct str *mounted,
                             size_t n_mounted, folders_is_one *is_folder, void *closure);

/**
 * folders_add_line() - the folder that an error is about
 * @line: such as "touch: /var/lib/x/lock: Read-only file system"; any other adds nothing
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int folders_add_line(struct folders *out, struct arena *arena, struct str line, folders_is_one *is_folder,
                                 void *closure);
