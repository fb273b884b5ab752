#pragma once
/*
 * earlier: what an audit found before, read from the JSON that it printed ("docksill.audit/1").
 *
 * The file may be large, and may be anything: its findings are read one at a time, and of each no more is kept than
 * what is compared.
 */
#include "diff/names.h"
#include "docksill/cli/command.h"
#include "report/report.h"

#define EARLIER_FILE_MOST     ((size_t)200 * 1024 * 1024) /* bytes */
#define EARLIER_FINDINGS_MOST ((size_t)1000 * 1000)

struct earlier_finding {
        struct str fingerprint, rule, area, subject, message;
        enum report_state state;
        enum severity severity;
        size_t instances;
};

struct earlier {
        struct arena *arena;
        const char *path;
        int64_t score; /* -1: it has none */
        struct str at; /* when it was made; empty: it does not say */
        struct {
                struct earlier_finding *items;
                size_t n, capacity;
        } findings;
        struct {
                struct str *items;
                size_t n, capacity;
        } areas;                   /* that were asked for */
        struct names fingerprints; /* by number: the finding's index */
};

/**
 * earlier_read() - the report in @path
 * @out:     in @arena
 * @command: for people: says on stderr what is wrong
 *
 * Of findings with one fingerprint the first counts. Returns EXIT_FINE, EXIT_USAGE (it is no such report, or is too
 * large) or EXIT_ENVIRONMENT (it can't be read).
 */
must_check_ int earlier_read(struct earlier *out, struct arena *arena, const struct command *command, const char *path);

/* NULL: there is none. */
const struct earlier_finding *earlier_find(const struct earlier *e, struct str fingerprint);
