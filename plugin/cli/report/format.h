#pragma once
/*
 * format: the formats that a report is written in.
 */
#include "docksill/base/text.h"
#include "docksill/cli/invocation.h"
#include "report.h"

struct report_format {
        const char *name;   /* "sarif": of --format; a second row of a name is for another ending alone */
        const char *ending; /* ".sarif": of a file's name; of the last two, ".sarif.json", the last is enough where
                               --format names it */
        /* Appends; how much it tells is up to @verbose where people read it. Returns 0 or -ENOMEM. */
        int (*write)(struct text *out, const struct report *r, bool verbose);
};

/* The options of a command that writes reports; a test holds them against report_formats. */
#define OPTION_ROW_REPORT_FORMAT                                                                                       \
        {                                                                                                              \
                "format", "text|json|csv|markdown|html|sarif|junit|oscal|bench",                                       \
                        "how to print it; default text, or as FILE of --output ends"                                   \
        }
#define OPTION_ROW_REPORT_OUTPUT                                                                                       \
        {                                                                                                              \
                "output", "FILE",                                                                                      \
                        "write it to FILE, in the format of its ending (.txt, .json, .csv, .md, .html, .sarif, .xml, " \
                        ".oscal.json); may be given more than once; - is stdout"                                       \
        }

/* Ended by one without a name. */
extern const struct report_format report_formats[];

/* NULL: there is none of that name. */
const struct report_format *report_format_named(struct str name);

/* By the longest ending that fits, of whatever case: "audit.sarif.json" is SARIF. NULL: none does. */
const struct report_format *report_format_of_file(struct str path);

/**
 * report_can_write() - before the work is done: is there a format for each --output?
 *
 * Says on stderr which has none. Returns EXIT_FINE or EXIT_USAGE.
 */
must_check_ int report_can_write(const struct invocation *in);

/**
 * report_write() - a report where --format and --output want it
 *
 * --output may be given more than once; a file is written whole or not at all, and replaces what is there: its mode
 * stays, a new one is for its owner alone. Without it, and for "-", the report goes to stdout in the format that
 * --format names. A file's ending names its format, unless it is one that the format of --format has too (".json" of
 * SARIF). Says on stderr what failed; a file that can't be written keeps none of the others from being written. Returns
 * EXIT_FINE, EXIT_USAGE, EXIT_ENVIRONMENT or EXIT_FAULT.
 */
must_check_ int report_write(const struct report *r, const struct invocation *in);

int report_text(struct text *out, const struct report *r, bool verbose);
/* The same for a terminal that wants colour. */
int report_text_coloured(struct text *out, const struct report *r, bool verbose);
int report_json(struct text *out, const struct report *r, bool verbose);
int report_csv(struct text *out, const struct report *r, bool verbose);
int report_markdown(struct text *out, const struct report *r, bool verbose);
int report_html(struct text *out, const struct report *r, bool verbose);
int report_sarif(struct text *out, const struct report *r, bool verbose);
int report_junit(struct text *out, const struct report *r, bool verbose);
int report_oscal(struct text *out, const struct report *r, bool verbose);
/* By CIS number, as docker-bench-security prints it. */
int report_bench(struct text *out, const struct report *r, bool verbose);
