#pragma once
/*
 * difference: all that one run of `docksill diff` has found out.
 */
#include "recharge.h"
#include "ruleset-change.h"

enum difference_source {
        DIFFERENCE_NOTHING, /* settings and rules alone */
        DIFFERENCE_CALLS,
        DIFFERENCE_CAPTURED,
        DIFFERENCE_CONTAINERS,
        DIFFERENCE_RECORDS,
};

#define DIFFERENCE_NAMED 10 /* of what could not be read, so many are named */

/* What was passed over, and the first of it by name. */
struct passed_over {
        uint64_t n;
        struct str named[DIFFERENCE_NAMED]; /* "decisions.jsonl:17: no record" */
};

struct difference {
        struct arena *arena; /* borrowed */
        const struct side *before, *after;
        enum difference_source source;
        int64_t at; /* the day that both judge on, as clock_wall() counts */
        struct ruleset_change rules;
        struct comparison comparison;
        struct passed_over passed;
        uint64_t gone; /* containers that were removed meanwhile */

        /* Of records. */
        struct recharge_doubts doubts;
        uint64_t lost;    /* that the file says were not written */
        uint64_t foreign; /* that neither of the two rule sets made */
};

/* @what: for people; copied, made visible. Returns 0 or -ENOMEM. */
must_check_ int passed_over_add(struct passed_over *p, struct arena *arena, struct str what, const char *why);

/* "calls", "captured calls", "containers", "decisions"; of @n: one is one. */
const char *difference_noun(const struct difference *d, uint64_t n);

/* What is read of, one after the other. Each says on stderr what failed; returns EXIT_FINE or EXIT_ENVIRONMENT. */
struct diff_lookups {
        const struct command *command;
        const char *engine; /* asked what calls leave open; NULL: not */
        bool resolve;
        const struct config *config; /* where scanners' reports are, of a call that either is looked up for */
};
must_check_ int difference_add_file(struct difference *d, const struct diff_lookups *l, const char *path);
must_check_ int difference_add_captured(struct difference *d, const struct diff_lookups *l, const char *folder);
must_check_ int difference_add_inspected(struct difference *d, const struct diff_lookups *l, const char *path);
must_check_ int difference_add_engine(struct difference *d, const struct diff_lookups *l, const char *socket);
must_check_ int difference_add_records(struct difference *d, const struct command *command, const char *path);

/* For people, and "docksill.diff/1". @all: lists are not cut short. */
void difference_text(struct text *out, const struct difference *d, bool all);
struct json_t *difference_json(const struct difference *d);
