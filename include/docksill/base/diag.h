#pragma once
/*
 * diag: what is wrong with a person's file, where, and how to mend it.
 *
 * Every problem of a run is collected, not the first alone. Each has a position, a code that keeps its meaning for ever
 * (the table in base/diag-codes.h) and a sentence; printing shows the line with a caret.
 */
#include "docksill/base/diag-codes.h"
#include "docksill/base/text.h"

/* A text being read. Lives at least as long as positions into it are reported; afterwards entries stand alone. */
struct source {
        struct str name; /* as shown to people: a path, or "-" */
        struct str text;
};

struct position {
        const struct source *source; /* NULL: no file, for example a command line */
        unsigned line, column;       /* from 1; column counts bytes; 0: the whole file */
};

struct diag_entry {
        bool error; /* else a warning */
        enum diag_code code;
        struct str name, message, excerpt; /* copies in the diag's arena; excerpt: the line, without its end, or the
                                              part of it around the column when it is long */
        unsigned line, column;
        unsigned caret; /* where the column stands in the excerpt, from 1; 0: no excerpt */
};

struct diag {
        struct arena arena;
        struct diag_entry *items;
        size_t n, capacity;
        unsigned errors, warnings; /* counted beyond the 200 that are kept */
};

void diag_init(struct diag *d);
void diag_deinit(struct diag *d);

/* Adds an error. Always returns -EINVAL, so that one line reports and leaves. Foreign text in arguments must have gone
 * through text_add_visible(). */
printf_(4, 5) int diag_error(struct diag *d, struct position at, enum diag_code code, const char *fmt, ...);

printf_(4, 5) void diag_warning(struct diag *d, struct position at, enum diag_code code, const char *fmt, ...);

/* "file:line:col: error: DS214: message", the line, a caret; in the order found. */
void diag_render(const struct diag *d, struct text *out);

/* One of them. */
void diag_entry_render(const struct diag_entry *e, struct text *out);

/* "DS214". */
const char *diag_code_id(enum diag_code code);

/* What the code means and what to do, for `explain-code`. */
const char *diag_code_meaning(enum diag_code code);
const char *diag_code_remedy(enum diag_code code);

/* The code with this id ("DS214" in any case, or "214"), or DIAG_CODES when there is none. */
enum diag_code diag_code_find(struct str id);

/* Did-you-mean: feed every known name, then ask. */
struct nearest {
        struct str given, best;
        unsigned distance; /* of best: two an edit */
};
void nearest_init(struct nearest *n, struct str given);
void nearest_offer(struct nearest *n, struct str candidate);
/* The closest name when it is close enough to be worth saying, else empty. */
struct str nearest_name(const struct nearest *n);
