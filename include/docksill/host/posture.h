#pragma once
/*
 * posture: how a host is set up, read from its files into the facts that an audit judges.
 *
 * Each fact has one of three states: a value, off (what it is about is not there), unknown (it is there, and could not
 * be told); of the last two it is said why. Bounded in memory and in what is read; nothing is written, nothing is run.
 */
#include "docksill/engine/host-request.h"
#include "docksill/host/gap.h"
#include "docksill/host/root.h"

struct posture {
        int64_t engine; /* set before: the process that listens where the engine is asked; 0: not known. Of several
                           dockerd its settings are read. */
        struct host_gaps gaps;
        struct host_notes notes;
        struct str
                new_privileges; /* "allowed" or "denied": what dockerd is told of containers; empty: it can't be told */
        struct str daemon_json; /* the file that the engine's settings stand in, or would; empty: there is no engine */
};

/**
 * posture_read() - all of it
 * @out:     zeroed; in @arena
 * @request: of host_request_init(); its facts are filled, in @arena
 *
 * What can't be read is a gap, never an error. Returns 0 or -ENOMEM (@arena is full: the facts are not whole).
 */
must_check_ int posture_read(struct posture *out, struct request *request, struct arena *arena,
                             const struct host_root *root);

/**
 * posture_in_force() - hold what dockerd is told against what it says of itself
 * @request: of posture_read(); daemon.config.not_in_force is filled where its dockerd listens at @socket
 * @engine:  its answer to GET /info; NULL: it did not answer
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int posture_in_force(struct posture *out, struct request *request, const struct request *engine,
                                 const char *socket, struct arena *arena);
