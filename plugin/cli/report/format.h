#pragma once
/*
 * format: the formats that a report is written in.
 */
#include "docksill/base/text.h"
#include "docksill/cli/invocation.h"
#include "report.h"

struct report_format {
        const char *name;   /* "sarif": of --format */
        const char *ending; /* ".sarif": of a file's name */
        /* Appends; how much it tells is up to @verbose where people read it. Returns 0 or -ENOMEM. */
        int (*write)(struct text *out, const struct report *r, bool verbose);
};

/* Ended by one without a name. */
extern const struct report_format report_formats[];

/* NULL: there is none of that name. */
const struct report_format *report_format_named(struct str name);

/* By the longest ending that fits: "audit.sarif.json" is SARIF. NULL: none does. */
const struct report_format *report_format_of_file(struct str path);

/**
 * report_write() - a report where --format and --output want it
 *
 * --output may be given more than once; a file is written whole or not at all, and replaces what is there. Without it
 * the report goes to stdout in the format that --format names. Says on stderr what failed; a file that can't be written
 * keeps none of the others from being written. Returns EXIT_FINE, EXIT_USAGE or EXIT_ENVIRONMENT.
 */
must_check_ int report_write(const struct report *r, const struct invocation *in);

int report_text(struct text *out, const struct report *r, bool verbose);
int report_json(struct text *out, const struct report *r, bool verbose);
int report_csv(struct text *out, const struct report *r, bool verbose);
int report_markdown(struct text *out, const struct report *r, bool verbose);
int report_html(struct text *out, const struct report *r, bool verbose);
int report_sarif(struct text *out, const struct report *r, bool verbose);
int report_junit(struct text *out, const struct report *r, bool verbose);
int report_oscal(struct text *out, const struct report *r, bool verbose);
/* By CIS number, as docker-bench-security prints it. */
int report_bench(struct text *out, const struct report *r, bool verbose);
