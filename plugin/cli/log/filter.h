#pragma once
/*
 * filter: which lines of the records are wanted.
 */
#include "docksill/cli/invocation.h"
#include "records/record-file.h"
#include <jansson.h>

#define OPTION_ROWS_FILTER                                                                                             \
        { "verdict", "allow|warn|deny", "over all findings, also those of rules that only audit" },                    \
                { "answer", "allow|deny", "what dockerd was told" },                                                   \
                { "rule", "GLOB", "a finding of such a rule, exempted ones too" },                                     \
                { "user", "GLOB", "who asked; '' is nobody" },                                                         \
                { "image", "GLOB", "the image's name, or the container's" },                                           \
                { "operation", "GLOB", "such as 'container.*'" }, { "environment", "GLOB", "what was in force" },      \
                { "since", "TIME", "from then on: 2026-01-31, 2026-01-31T12:00:00Z, or 30m, 2h, 3d ago" }, {           \
                "until", "TIME", "before then, or to the end of that day"                                              \
        }

struct record_filter {
        const char *verdict, *answer;                              /* NULL: any, as below */
        const char *rule, *user, *image, *operation, *environment; /* globs (fnmatch(3)) */
        char since[RECORD_TIME], until[RECORD_TIME];               /* as records write it; empty: any */
        bool decisions;                                            /* lines that are none are not wanted */
};

/* The options above. Says on stderr what is wrong. Returns EXIT_FINE or EXIT_USAGE. */
must_check_ int record_filter_read(struct record_filter *out, const struct invocation *in);

/* Quickly, by its text alone; true: ask record_filter_takes(). */
bool record_filter_may_take(const struct record_filter *f, struct str line);
bool record_filter_takes(const struct record_filter *f, const json_t *line);
