#pragma once
/*
 * machine: how much this host has. Read from the kernel, which never waits for it.
 */
#include "docksill/engine/host-size.h"

/* What can't be told stays 0. */
void machine_size(struct host_size *out);
