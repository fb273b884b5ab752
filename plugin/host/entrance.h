#pragma once
/*
 * entrance: how many helpers look into one folder of the host at a time, so that a mount whose server is gone costs two
 * of them and not all.
 *
 * One list for the process. Whoever comes to a folder where two are waits until they are through; where two have been
 * for too long below one mount point, nobody is let in any more until they come back. The root does not count as one: a
 * slow disk must not close all of the host.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

/* Helpers at a time, wherever they look; a pool of them has no more threads. */
#define ENTRANCE_PLACES 64

/* Helpers in one folder, or stuck below one mount point. */
#define ENTRANCE_MOST 2

/* Microseconds that a look may take before it is taken for stuck. */
#define ENTRANCE_PATIENCE 100000

/* Before a look into @folder, an absolute path without links; may wait for ENTRANCE_PATIENCE. Returns a place to leave,
 * or -EBUSY. */
must_check_ int entrance_enter(struct str folder);

void entrance_leave(int place);

/* The mount point that @path lies below, by the lines of @mountinfo as in /proc/self/mountinfo: how much of @path it
 * is; 1 is the root. */
size_t entrance_mount(struct str mountinfo, struct str path);
