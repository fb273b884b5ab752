#pragma once
/*
 * generation: all that a reload replaces at once: the rules, the mode and what else the configuration says of judging.
 *
 * Immutable, with counted references: a request that waits pins the one it began under. References may be
 * taken and given back in any thread.
 */
#include "docksill/decide/explain.h"
#include "docksill/host/scans.h"
#include "docksill/record/capture.h"
#include "docksill/record/journal-wants.h"
#include "docksill/record/writer.h"
#include "docksill/rules/ruleset.h"
#include <stdatomic.h>

/* What is found out beside what a request says itself. */
struct lookups {
        int64_t deadline;    /* microseconds that a request may wait for all of it */
        bool paths;          /* where its host paths lead; else they are judged as written */
        struct str engine;   /* the engine's socket, which is asked what it leaves open; empty: it is not */
        struct scans *scans; /* where scanners' reports are; NULL: they are not looked for */
};

/* Which reads are recorded when they are allowed; what is refused, or would be, always is. */
enum record_reads { RECORD_READS_NONE, RECORD_READS_CONTENT, RECORD_READS_ALL };

/* What becomes of a call whose record finds no room within record_wait. */
enum record_full {
        RECORD_FULL_WAIT,   /* by the mode: it is refused in enforce, and passes in audit */
        RECORD_FULL_REFUSE, /* it is refused */
        RECORD_FULL_DROP,   /* it passes; and nothing is waited for */
};

/* Whose record is written, and not only queued, before the answer is given. */
enum record_first { RECORD_FIRST_NONE, RECORD_FIRST_REFUSALS, RECORD_FIRST_ALL };

struct recording {
        enum record_full full;
        enum record_first first;
        enum record_sync sync;
        int64_t wait; /* microseconds */
        enum journal_wants journal;
};

/* Which calls are captured, and where. */
struct capturing {
        struct capture_place place; /* without a folder: none are */
        enum record_reads reads;
};

struct generation_options {
        struct ruleset *rules; /* the generation takes its own reference */
        enum mode mode;
        struct str config_digest; /* copied */
        enum record_reads record_reads;
        struct recording recording;
        struct capturing capturing; /* copied */
        struct lookups lookups;     /* copied; a reference of its own to .scans */
        enum explain_form refusal;
        struct str contact; /* copied; empty: nobody */
        bool host_audit;    /* how the host is set up is looked at too */
        unsigned warnings;  /* that reading it gave, for people */
        bool last_good;     /* not what the files say, which are bad, but what was in force before */
};

struct generation {
        atomic_uint references;
        struct ruleset *rules;
        enum mode mode;
        struct str config_digest; /* of the generation's own */
        enum record_reads record_reads;
        struct recording recording;
        struct capturing capturing; /* likewise */
        struct lookups lookups;     /* likewise */
        enum explain_form refusal;
        struct str contact; /* likewise */
        bool host_audit;
        unsigned warnings;
        bool last_good;
};

/* Returns 0 or -ENOMEM. */
must_check_ int generation_new(struct generation **out, const struct generation_options *options);

struct generation *generation_ref(struct generation *g);
void generation_unref(struct generation *g); /* NULL does nothing */
DEFINE_CLEANUP(struct generation *, generation_unref);

/* Where the next one comes from: what SIGHUP has read anew, in a thread of its own. The thread may be stuck in it after
 * the server is gone, so the context is freed by whoever needs it last. */
struct generation_source {
        /* Writes @out and returns 0; or has said on stderr what is wrong, returns a negative errno, and nothing
         * changes. */
        int (*read)(void *context, struct generation **out);
        void (*free)(void *context);
        void *context;
};
