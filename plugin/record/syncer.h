#pragma once
/*
 * syncer: has the disk store what was written to a file, in a thread of its own, since a disk takes its time.
 *
 * Once a second at most, and one sync at a time. A disk that never comes back keeps one thread, and nobody waits for
 * it.
 */
#include "docksill/base/cleanup.h"
#include <stdbool.h>

#define SYNCER_PERIOD 1000 /* milliseconds between two syncs */

struct syncing;

/* Zeroed: nothing was asked for yet. */
struct syncer {
        struct syncing *syncing; /* its thread's too */
};

/**
 * syncer_ask() - what was written to @fd by now is to be on its disk soon
 * @fd: the same until syncer_deinit(); it may be closed before
 *
 * Never waits. Returns 0, or the errno of an fdatasync(2) that has failed since it was last asked: what was written
 * then may be lost. Where there is no memory, descriptor or thread, nothing is
 * synced.
 */
must_check_ int syncer_ask(struct syncer *s, int fd);

/* Zeroes it. A sync that has begun goes on, or one that was the first to be asked for; what was asked for meanwhile is
 * not done any more. */
void syncer_deinit(struct syncer *s);
