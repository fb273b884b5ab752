#pragma once
/*
 * host-view: what the host tells of a container's processes: /proc and its cgroup.
 *
 * The engine may run elsewhere, and its process ids be others' here: a process counts only if its cgroup or its mounts
 * name the container. Nothing inside is followed out of the container.
 */
#include "observed.h"
#include <jansson.h>

/* Where to look; tests bring their own. */
struct host_places {
        const char *proc, *cgroup; /* "/proc", "/sys/fs/cgroup" */
};

struct host_view {
        const struct host_places *places;
        int64_t first;       /* its process 1; among o->pids_told or not */
        int64_t started;     /* when, as clock_wall() counts; UNTOLD: nobody knows */
        bool shares_network; /* the host's, or another container's */
};

/**
 * host_view() - add what can be seen
 * @o: with .pids_told; what can't be seen is said in .unseen
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int host_view(struct observed *o, const struct host_view *view);

/* -- its parts, for its own modules and their tests; @arena is o->arena throughout -- */

#define HOST_FILE_MOST ((size_t)4 << 20) /* bytes of one file of /proc */

/* PROC/PID/NAME, a file. Returns as file_read(). */
must_check_ int host_file(struct observed *o, const struct host_places *places, int64_t pid, const char *name,
                          struct str *out);

/* Is process @pid one of the container @o->id? */
bool process_belongs(struct observed *o, const struct host_places *places, int64_t pid);

/* Adds process @pid. Returns 0, or a negative errno when it is gone or can't be read. */
must_check_ int process_view(struct observed *o, const struct host_places *places, int64_t pid);

/* Adds the files that @pid, called @name, has open for writing, and its sockets. Returns as above. */
must_check_ int files_view(struct observed *o, const struct host_places *places, int64_t pid, struct str name);

/* What is mounted in the sight of @pid. Returns as above. */
must_check_ int mounts_view(struct observed *o, const struct host_places *places, int64_t pid);

/* What is listened on, and connected to, in the network of @pid; @shared: by those of @o->sockets alone, since others
 * are in that network too. Returns as above. */
must_check_ int sockets_view(struct observed *o, const struct host_places *places, int64_t pid, bool shared);

/* What the cgroup of @pid was counted to use, and adds the processes in it to @o->pids_told. */
void cgroup_view(struct observed *o, const struct host_places *places, int64_t pid);
