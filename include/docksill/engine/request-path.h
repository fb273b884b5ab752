#pragma once
/*
 * request-path: the host paths that a request names, for whoever can tell where they lead.
 *
 * Nothing here looks at a disk. A path is judged as it is written and, where that is known, as it is resolved: the
 * worst spelling counts (DESIGN 5).
 */
#include "docksill/engine/request.h"

/* One path, and the cell that it was written to. */
struct request_path {
        struct fact_path *cell;   /* in the request's facts */
        struct fact_bool *socket; /* whether it is a socket; NULL where nobody asks */
        struct str path;          /* as dockerd hands it to the kernel: absolute; a view of the arena or of the call */
};

/**
 * request_paths() - all host paths among the facts of @request: sources of mounts, devices
 * @out, @n: written on success only; the array is in @arena
 *
 * A request without any allocates nothing. dockerd cleans the source of a bind and leaves a device or a volume's option
 * as it is (PROTOCOL 6.1, 6.2, 6.4): there "/link/../x" lies beside what the link leads to, so that the text of .path
 * may hold "." and "..". Returns 0 or -ENOMEM.
 */
must_check_ int request_paths(struct request *request, struct arena *arena, struct request_path **out, size_t *n);

/**
 * request_path_resolved() - the path leads to @to
 * @to: absolute; may die after the call
 * @socket: what lies there is a socket
 *
 * Becomes the second spelling when it differs from the first, cleaned and folded alike. Returns 0 or -ENOMEM.
 */
must_check_ int request_path_resolved(const struct request_path *p, struct arena *arena, struct str to, bool socket);

/* Nobody can tell where it leads: its second spelling is unknown. */
void request_path_mark_unknown(const struct request_path *p);

/* Of all of them, without any memory: when there is none to list them. */
void request_paths_mark_unknown(struct request *request);
