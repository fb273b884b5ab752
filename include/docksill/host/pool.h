#pragma once
/*
 * pool: a few threads that ask the machine what the decision thread must not wait for.
 *
 * A job that never comes back (a dead network mount) costs one thread of the pool, not the server: whoever gave it in
 * stops waiting at its deadline and the fact is unknown (DESIGN 1.6). When all threads are stuck, jobs are turned away
 * at once.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

struct pool;

/* What a thread does. Embedded as the first member in the caller's own job; the pool never looks beyond. */
struct job {
        void (*run)(struct job *job);      /* in a thread of the pool */
        void (*free)(struct job *job);     /* when neither the pool nor the giver needs it any more */
        void *giver;                       /* the giver's own; never looked into */
        struct job *next;                  /* the pool's */
        bool abandoned, running, finished; /* the pool's, under its lock */
};

/**
 * pool_new() - a pool of @threads threads and room for @queued waiting jobs
 *
 * The threads block all signals; each starts when a job finds no idle one. Returns 0, -ENOMEM or the errno of
 * eventfd(2).
 */
must_check_ int pool_new(struct pool **out, unsigned threads, unsigned queued);

/* Ends idle threads. Stuck ones are left behind with their job: they end with the process. NULL does nothing. */
void pool_free(struct pool *p);
DEFINE_CLEANUP(struct pool *, pool_free);

/* Readable when a job has finished. */
int pool_fd(const struct pool *p);

/* Takes @job, the giver's until pool_next() hands it back or pool_abandon() is called. Returns 0 or -EAGAIN: no room,
 * not taken. */
must_check_ int pool_submit(struct pool *p, struct job *job);

/* A finished job, or NULL. Clears pool_fd() when there is none left. */
struct job *pool_next(struct pool *p);

/* Threads that run a job of which nobody waits any more. Asked for after pool_abandon(), pool_fd() tells when they come
 * back. */
unsigned pool_lost(struct pool *p);

/* Its giver waits no longer; job->free() is called as soon as no thread needs it. Returns whether a thread is at it. */
bool pool_abandon(struct pool *p, struct job *job);
