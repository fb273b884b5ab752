#pragma once
/*
 * host-size: how much the host has, so that a limit that is no less is known for what it is.
 *
 * A container may well be given more memory than there is: dockerd takes any limit, and the kernel meets it never.
 */
#include "docksill/engine/request.h"

/* 0: not known, and then nothing is made of it. */
struct host_size {
        int64_t memory; /* bytes */
        int64_t processors;
        int64_t processes; /* that the kernel numbers: kernel.pid_max */
};

/* Tells host.* and which limits of the request limit nothing: container.….idle, update.…_idle. */
void host_size_tell(const struct host_size *size, struct request *request);

/* What @other knows and @size does not. */
void host_size_join(struct host_size *size, const struct host_size *other);
