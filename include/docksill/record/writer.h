#pragma once
/*
 * writer: the one thread that writes records, so that the decision thread never waits for a disk.
 *
 * Two buffers of WRITER_BUFFER bytes: the decision thread appends to one, every WRITER_PERIOD, or when it is half full,
 * the thread takes it and writes it in one go; no wake-up per record, and none while nothing happens. What was taken
 * but not written is tried again, so a line is never torn.
 *
 * Whoever floods us must not be able to hide what he tried: a buffer has room that only records of a higher class may
 * use. What finds none is not lost yet: its caller may wait for the thread and try again. What he gives up is counted,
 * said on stderr (at most once a minute, and when all is well again) and, as soon as there is room, told in the file by
 * a line {"schema":"docksill.loss/1","lost":N,"refused":N,…}: "refused" are those of N that were of the highest class.
 *
 * Lines are linked (docksill/record/chain.h): numbered where they are queued, under the lock; digested by the thread.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"
#include "docksill/record/chain.h"

#define WRITER_BUFFER (1024 * 1024) /* bytes; a typical record is 1 KB */
#define WRITER_PERIOD 100           /* milliseconds */

/* From the highest; each has room that the next has not. */
enum record_class {
        RECORD_REFUSED, /* or would be, were it not for audit mode */
        RECORD_WARNED,
        RECORD_CHANGED, /* allowed; reads of what a container holds are among them */
        RECORD_READ,
};

struct writer;

struct writer_counts {
        uint64_t queued, written, lost; /* records */
        uint64_t lost_refused;          /* of those lost, of RECORD_REFUSED */
        bool failing;                   /* the last write did not succeed */
        int64_t troubled; /* clock_monotonic() since which writes fail, or the one under way has not come back; 0:
                             none */
};

/**
 * writer_new() - open @path for appending and start the thread
 * @path:  "-" is stdout; created 0640. A FIFO needs its reader first (-ENXIO) and is never waited for; a link is not
 *         followed (-ELOOP)
 * @after: what the first line follows (record_last())
 *
 * The thread blocks all signals. Returns 0, -ENOMEM, WRITER_E_THREAD (none can be started), or the errno of open(2) or
 * eventfd(2).
 */
#define WRITER_E_THREAD 1
must_check_ int writer_new(struct writer **out, const char *path, const struct chain_head *after);

/* As writer_new(), with other measures: so that a test can fill a buffer, or have its own time. */
struct writer_options {
        const char *path;
        size_t buffer;                  /* bytes */
        unsigned period;                /* milliseconds */
        const struct chain_head *after; /* NULL: lines are written as they are, without links */
};
must_check_ int writer_new_with(struct writer **out, const struct writer_options *options);

/* Writes what is queued, ends the thread; says on stderr what was lost. A disk that fails has two seconds, counted from
 * when it began to. NULL does nothing. */
void writer_free(struct writer *w);
DEFINE_CLEANUP(struct writer *, writer_free);

/**
 * writer_put() - queue one record, a whole line: an object and a newline
 *
 * Never blocks on I/O. Returns which record it is, from 1: writer_counts.written reaches that once it is written. 0: it
 * is no whole line, or there is no room for its class; the caller's to writer_lose(), or to put again once writer_fd()
 * is readable.
 */
must_check_ uint64_t writer_put(struct writer *w, struct str line, enum record_class class);

/* One that could not be put is given up. */
void writer_lose(struct writer *w, enum record_class class);

/* What is queued is to be written now, and writer_fd() to tell when it is. */
void writer_hurry(struct writer *w);

/* An eventfd, readable after writer_put() found no room or writer_hurry() was called, when there is news: room, or
 * something is written. The caller reads it. */
int writer_fd(const struct writer *w);

/* Opens the path anew before the next write: after log rotation, on SIGUSR1. Asynchronous. A path that can't be opened
 * is tried again; until then the old file is written on. A file that was deleted is made anew without being asked. */
void writer_reopen(struct writer *w);

struct writer_counts writer_counts(struct writer *w);
