#pragma once
/*
 * inventory: what the engine's lists of images and containers tell, as facts of the host: what nobody uses, and what
 * runs an older image than its name stands for.
 */
#include "auditing.h"
#include "docksill/engine/host-request.h"

/* @gaps: is told of what could not be told. Returns 0 or -ENOMEM. */
must_check_ int inventory_tell(struct auditing *a, struct request *request, struct host_gaps *gaps,
                               struct arena *arena);
