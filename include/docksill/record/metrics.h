#pragma once
/*
 * metrics: what is counted while docksill decides, for who watches it.
 *
 * The decision thread alone writes, without a lock and without waiting; any thread reads. The tally in force is
 * exchanged at a reload, under a lock that is held for two instructions.
 */
#include "docksill/record/lookup-counts.h"
#include "docksill/record/tally.h"
#include "docksill/record/writer.h"
#include <pthread.h>

/* What became of the calls. */
struct metrics_calls {
        counter requests, allowed, warned, denied, would_deny; /* AuthZReq */
        counter responses, refused_calls, unread_responses, activations;
        counter unrecorded, refused_unrecorded; /* passed, and refused, since there was no room for the record */
        counter record_waits;                   /* held until their record had a place */
};

/* How it stands at this moment. */
struct metrics_now {
        counter connections, places; /* taken, and all */
        counter looked_up, held;     /* calls that wait for a lookup, and for their record */
        counter stuck;               /* helpers that do not come back */
        counter opened, knocked;     /* connections so far; and how often one found no place */
};

/* Of the host (serve/host-watch.h). */
struct metrics_audits {
        counter done, findings; /* the latter: of the last */
};

struct metrics_reloads {
        counter done, failed;
        counter done_at;     /* clock_wall() of the last that came into force; the start is one */
        counter last_failed; /* 1: the last one did */
};

/* metrics_init() it. */
struct metrics {
        struct metrics_calls calls;
        struct histogram durations; /* of requests, until they are decided */
        struct histogram points;    /* of requests that are more than plain reads */
        struct lookup_counts lookups[LOOKUP_OF];
        struct metrics_now now;
        struct metrics_reloads reloads;
        struct metrics_audits audits;
        int64_t started; /* clock_wall() */

        struct tally *tally; /* the decision thread's to read; metrics_tally() for others; NULL: nothing is in force */
        pthread_mutex_t lock;
};

void metrics_init(struct metrics *m);
void metrics_deinit(struct metrics *m);

/* These rules are in force from now on. Returns 0 or -ENOMEM: then what was counted goes on being counted. */
must_check_ int metrics_use(struct metrics *m, const struct tally_of *of);

/* A request was decided, @duration microseconds after it was there. @operation: NULL: it is unknown. */
void metrics_decided(struct metrics *m, const struct decision *d, const struct operation *operation, int64_t duration);

/* Of any thread: the tally in force, tally_unref() it; NULL: none. */
must_check_ struct tally *metrics_tally(struct metrics *m);

/* All of it as Prometheus reads it (exposition.h). @records: NULL: none are written. For any thread. */
void metrics_add(struct text *out, struct metrics *m, const struct writer_counts *records);
