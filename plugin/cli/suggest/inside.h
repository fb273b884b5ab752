#pragma once
/*
 * inside: files of a container, looked at from the host through its process's root, PROC/PID/root.
 *
 * Links are followed as in the container, never out of it: what a container's programs write is theirs to choose, also
 * while it is looked at. What may wait for a network is left alone.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"
#include <sys/types.h>

struct inside_status {
        mode_t mode;
        uid_t user; /* as the host counts */
        gid_t group;
};

/* Returns 0 or a negative errno; written on success only. */
must_check_ int inside_status(const char *proc, int64_t pid, struct str path, struct inside_status *out);

/**
 * inside_names() - go through what a folder holds
 * @each: called with each name; not 0 ends it, and is returned
 *
 * Returns 0 or a negative errno.
 */
must_check_ int inside_names(const char *proc, int64_t pid, struct str path, int (*each)(void *data, struct str name),
                             void *data);

#define INSIDE_LOOKED_MOST 5000 /* files and folders */

/**
 * inside_look() - is anything in @path newer than @since, and how many bytes are there?
 * @since: as clock_wall() counts
 * @all:   all was looked at; else INSIDE_LOOKED_MOST of it
 *
 * Looks at one file system, does not follow links. Returns 0, -ENOTSUP when it may wait for a network or is neither a
 * folder nor a file, or a negative errno.
 */
must_check_ int inside_look(const char *proc, int64_t pid, struct str path, int64_t since, bool *changed,
                            int64_t *bytes, bool *all);
