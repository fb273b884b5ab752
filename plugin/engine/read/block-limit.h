#pragma once
/*
 * block-limit: block devices whose use is bounded, by their paths on the host.
 *
 * dockerd looks at each path as root (moby daemon/daemon_unix.go): at a start, and from engine 29.6 on at an update
 * too; what it says tells whether there is such a file.
 */
#include "go-host-config.h"
#include "reading.h"

/* Into facts.block_limits. More than FACT_HEAVY_MOST of them make the arena full. */
void block_limits_read(struct reading *in, const struct host_config *h);
