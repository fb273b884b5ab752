#pragma once
/*
 * shower: lines of the records, those that are wanted of them shown on standard output as they come.
 */
#include "filter.h"
#include "row.h"

#define SHOWER_LIMIT 100000

struct shower {
        const struct command *command;
        struct record_filter filter;
        struct row_style style;
        bool json;
        size_t limit;    /* the last so many are shown, at the end; 0: all, at once */
        uint64_t passed; /* lines that are none of docksill's */
        uint64_t read;   /* lines that are, wanted or not */
        uint64_t taken;

        /* the module's */
        struct text out;
        struct text *last; /* .limit of them, a ring */
        size_t next;
};

/* From the options of @in. Says on stderr what is wrong. Returns an enum exit_code; shower_deinit() it in any case. */
must_check_ int shower_init(struct shower *s, const struct invocation *in);
void shower_deinit(struct shower *s);

/* The next line. Returns EXIT_FINE or EXIT_ENVIRONMENT, said on stderr. */
must_check_ int shower_line(struct shower *s, const struct record_file *file, struct str line);

/* What was held back is to be seen now. @last: of a limit too, which then is none any more. */
must_check_ int shower_flush(struct shower *s, bool last);
