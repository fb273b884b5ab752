#pragma once
/*
 * writer-priv: what the writer and its thread share. The thread takes over what was put, and writes it.
 *
 * Who owns what: the lock guards `front`, the counts and the requests to the thread. `back`, the file and what is said
 * on stderr are the thread's alone, and so is the chain but for the count of links. The lock is held for the copy of
 * one record or a swap of two pointers, never across a system call that can wait for a disk.
 */
#include "docksill/base/thread.h"
#include "docksill/record/writer.h"
#include "journal.h"
#include "lines.h"
#include "links.h"
#include "outlet.h"
#include "trouble.h"

#define WRITER_FLUSH_TIME 2000000 /* microseconds that a failing disk has at the end */

struct writer {
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t wake;
        size_t size;
        unsigned period;

        /* under the lock */
        struct lines front;
        struct writer_counts counts;
        uint64_t front_refused;  /* records of RECORD_REFUSED in the front */
        uint64_t untold;         /* lost records that no line in the file tells of */
        uint64_t untold_refused; /* those of them that were refusals */
        bool asleep;             /* the thread waits for a first record */
        bool hurry;              /* the front is half full, or somebody waits for what is in it */
        bool watched;            /* somebody waits for room */
        uint64_t awaited;        /* or until so many records are written */
        bool eager;              /* the pipe that was full is read from */
        bool reopen, stop, ended;
        enum journal_wants journal_wants;
        int64_t journal_patience; /* microseconds */
        enum record_sync sync;

        /* the thread's */
        struct lines back;
        uint64_t back_refused;
        uint64_t seen_lost; /* lost, at the last round */
        bool loss_line;     /* the last line of back is no record, but tells of losses */
        struct outlet outlet;
        struct trouble trouble;
        struct journal journal;
        struct links links; /* its numbers are under the lock */

        int news; /* an eventfd */
};

/* The thread of a struct writer; it ends once all is written that was put before .stop. */
void *writer_thread(void *writer);
