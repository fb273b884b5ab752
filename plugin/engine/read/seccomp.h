#pragma once
/*
 * seccomp: what an inline seccomp profile lets through.
 *
 * The CLI sends the file's JSON inside SecurityOpt; dockerd decodes it as Go does and filters it by architecture,
 * kernel and capabilities (moby profiles/seccomp; PROTOCOL 6.7).
 */
#include "reading.h"

/**
 * seccomp_read() - container.seccomp.* of a profile's text
 * @f: .container.capabilities_added, _dropped and .privileged are read, so decode these first
 *
 * A profile without default action and system calls switches the filter off: mode unconfined, not custom.
 */
void seccomp_read(struct reading *in, struct str profile);
