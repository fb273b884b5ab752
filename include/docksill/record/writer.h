#pragma once
/*
 * writer: the one thread that writes records, so that the decision thread never waits for a disk.
 *
 * Two buffers of WRITER_BUFFER bytes: the decision thread appends to one, every WRITER_PERIOD, or when it is half full,
 * the thread takes it and writes it in one go; no wake-up per record, and none while nothing happens. A full buffer or
 * a failing disk loses whole records, counts them, says so on stderr (at most once a minute) and, as soon as it can, in
 * the file by a line {"schema":"docksill.loss/1","lost":N,…}. What was taken but not written is tried again, so a line
 * is never torn.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

#define WRITER_BUFFER (1024 * 1024) /* bytes; a typical record is 1 KB */
#define WRITER_PERIOD 100           /* milliseconds */

struct writer;

struct writer_counts {
        uint64_t queued, written, lost; /* records */
        bool failing;                   /* the last write did not succeed */
};

/**
 * writer_new() - open @path for appending and start the thread
 * @path: "-" is stdout; created 0640. A FIFO needs its reader first (-ENXIO) and is never waited for
 *
 * The thread blocks all signals. Returns 0 or the errno of open(2) or pthread_create(3).
 */
must_check_ int writer_new(struct writer **out, const char *path);

/* As writer_new(), with other measures: so that a test can fill a buffer, or have its own time. */
struct writer_options {
        const char *path;
        size_t buffer;   /* bytes */
        unsigned period; /* milliseconds */
};
must_check_ int writer_new_with(struct writer **out, const struct writer_options *options);

/* Writes what is queued (giving a failing disk two seconds), ends the thread. NULL does nothing. */
void writer_free(struct writer *w);
DEFINE_CLEANUP(struct writer *, writer_free);

/* Queues one record, a whole line; what is none counts as lost. Never blocks on I/O. Returns whether it was queued. */
bool writer_put(struct writer *w, struct str line);

/* Opens the path anew before the next write: after log rotation, on SIGUSR1. Asynchronous. A path that can't be opened
 * is tried again; until then the old file is written on. */
void writer_reopen(struct writer *w);

struct writer_counts writer_counts(struct writer *w);
