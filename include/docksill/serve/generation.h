#pragma once
/*
 * generation: all that a reload replaces at once: the rules, the mode and what else the configuration says of judging.
 *
 * Immutable, with counted references: a request that waits pins the one it began under (STYLE 5). References may be
 * taken and given back in any thread.
 */
#include "docksill/rules/ruleset.h"
#include <stdatomic.h>

struct generation_options {
        struct ruleset *rules; /* the generation takes its own reference */
        enum mode mode;
        struct str config_digest; /* copied */
        bool record_reads;        /* record allowed reads too (records: {reads: all}) */
        int64_t path_deadline;    /* microseconds that following a request's host paths may take; 0: they are judged as
                                     written */
        unsigned warnings;        /* that reading it gave, for people */
};

struct generation {
        atomic_uint references;
        struct ruleset *rules;
        enum mode mode;
        struct str config_digest; /* of the generation's own */
        bool record_reads;
        int64_t path_deadline;
        unsigned warnings;
};

/* Returns 0 or -ENOMEM. */
must_check_ int generation_new(struct generation **out, const struct generation_options *options);

struct generation *generation_ref(struct generation *g);
void generation_unref(struct generation *g); /* NULL does nothing */
DEFINE_CLEANUP(struct generation *, generation_unref);
