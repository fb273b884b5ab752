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
        struct host_gaps gaps;
        struct host_notes notes;
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
 * @engine:  its answer to GET /info, whose daemon.new_privileges is filled where an older engine does not tell it;
 * NULL: it did not answer
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int posture_in_force(struct posture *out, struct request *request, struct request *engine,
                                 const char *socket, struct arena *arena);
