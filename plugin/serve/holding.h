#pragma once
/*
 * holding: calls that are decided, and wait for their record: for room in the writer's queue, or for being written.
 *
 * The decision thread goes on with others meanwhile. First come, first served, but that a record of a higher class may
 * find room where those before it find none.
 */
#include "docksill/record/writer.h"
#include "pending.h"

/* Bytes of what waits; beyond that nobody waits, but is given up at once. */
#define HOLDING_MEMORY ((size_t)16 * 1024 * 1024)

/* What a held call keeps: its answer, its record. */
struct held {
        struct str answer, line; /* behind the struct */
        enum record_class class;
        uint64_t number;  /* of the record, once it is queued; 0: there was no room yet */
        int64_t deadline; /* clock_monotonic() */
        bool first;       /* to be written, and not only queued, before it is answered */
        bool refuse;      /* it may not pass without */
        bool late;        /* the deadline has passed */
};

/* Zeroed but for .most: nobody waits. */
struct holding {
        struct list works;
        size_t n, most, memory;
};

/* Writes a copy of both to pending->held, the caller's to fill in and to holding_add(). False: no memory, or no room.
 */
must_check_ bool holding_keep(const struct holding *h, struct pending *pending, struct str answer, struct str line);
void holding_add(struct holding *h, struct pending *pending);

/* Is there one that waits for room, to which what @class may use belongs? Then a new one stands in line. */
bool holding_waits(const struct holding *h, enum record_class class);

/* One that has what it waited for, or is late by @now; no longer held then. NULL: none. */
struct pending *holding_next(struct holding *h, struct writer *w, int64_t now);

/* Milliseconds from @now until one is late; -1: nobody waits. */
int holding_timeout(const struct holding *h, int64_t now);
