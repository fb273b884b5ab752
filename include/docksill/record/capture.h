#pragma once
/*
 * capture: judged calls, masked, a file each, so that other rules can be tried on them later (`docksill diff
 * --captured`, `docksill explain`).
 *
 * Off unless the configuration asks for it: what is captured says more than records do. Calls are masked
 * (docksill/record/mask.h) before they are written; what can't be masked faithfully is not. Files are 0600, in a folder
 * 0700 that is refused where others may look into it; the oldest are removed. One thread masks and writes; the decision
 * thread hands it copies and never waits. What finds no room, or can't be written, is counted and said.
 */
#include "docksill/base/cleanup.h"
#include "docksill/record/capture-folder.h"

#define CAPTURE_QUEUE ((size_t)8 * 1024 * 1024) /* bytes of calls that wait to be written */
#define CAPTURE_CALL  ((size_t)2 * 1024 * 1024) /* of one; dockerd shows bodies below 1 MiB (PROTOCOL 2.3) */

struct ruleset;
struct capture;

struct capture_counts {
        uint64_t taken, written;
        uint64_t lost;     /* no room in the queue, no memory, or larger than CAPTURE_CALL or than may be kept */
        uint64_t unmasked; /* it could not be masked so that it is read as before */
        uint64_t failed;   /* the folder could not be opened, or a file not written */
};

/* Off. No thread is started until it is used. Returns 0 or -ENOMEM, or the errno of initialising a lock. */
must_check_ int capture_new(struct capture **out);

/* Writes what is queued, within two seconds. NULL does nothing. */
void capture_free(struct capture *c);
DEFINE_CLEANUP(struct capture *, capture_free);

/**
 * capture_use() - from now on capture there, or no more
 * @rules: by which secrets are told; it takes its own reference
 *
 * Never waits for the disk: what is wrong with the folder is said on stderr later. Returns 0, -ENOMEM, or the errno of
 * pthread_create(3).
 */
must_check_ int capture_use(struct capture *c, const struct capture_place *place, struct ruleset *rules);

/* Is it on? */
bool capture_wants(const struct capture *c);

/**
 * capture_put() - hand over a call
 * @id:   of the decision on it: part of the file's name
 * @wall: clock_wall() when it came
 * @call: as it came; copied
 */
void capture_put(struct capture *c, uint64_t id, int64_t wall, struct str call);

struct capture_counts capture_counts(struct capture *c);
