#pragma once
/*
 * refusal: the parts that the text of a refusal is put together from, in one line or in several.
 */
#include "docksill/decide/explain-lists.h"
#include "docksill/decide/explain-style.h"
#include "docksill/decide/remedy.h"

#define REFUSAL_NAME    80  /* bytes shown of a name */
#define REFUSAL_LISTED  6   /* findings named */
#define REFUSAL_MESSAGE 200 /* bytes shown of a message */
#define REFUSAL_COLUMNS 100 /* of a line, where it can be */

struct refusal {
        const struct decision *d;
        const struct request *request;
        const struct ruleset *rules;
        const struct limits *limits;
        const struct explain_style *style;
        const struct finding *listed[REFUSAL_LISTED]; /* in the order they are told */
        size_t n_listed, n_more;                      /* beside those listed */
        struct remedy remedy;
        struct explain_lists lists;
        struct arena arena; /* its own: the request's may be full */
};

/* -- refusal-findings.c -- */

void refusal_list(struct refusal *r);

/* Up to the first full stop: who refuses, by which gate, how many points of which limit. */
void refusal_add_head(struct text *out, const struct refusal *r);

/* " user-root +10 message (place); … 2 more." in @room bytes. */
void refusal_add_findings(struct text *out, struct refusal *r, size_t room);

/* A line a finding, in columns, in @room bytes and, where it can be, @lines lines. */
void refusal_add_table(struct text *out, struct refusal *r, size_t room, size_t lines);

/* -- refusal-remedy.c: phrases without an end; nothing where there is nothing to say -- */

/* "If the engine or the host was too slow to answer, try again" */
void refusal_add_retry(struct text *out, const struct refusal *r);

/* "Without unsafe-sysctl it would pass: exemption web-today holds beside nothing else" */
void refusal_add_lapse(struct text *out, const struct refusal *r);

/* "No flag lifts host-pid, privileged-container" */
void refusal_add_unlifted(struct text *out, const struct refusal *r);

/* "drop --pid host; use a named volume": what to do by hand. */
void refusal_add_fixes(struct text *out, struct refusal *r);

/* "--read-only --user 10001:10001", or the same for other clients, with @between between two keys. */
void refusal_add_flags(struct text *out, struct refusal *r, const char *between);

/* "from 2027-03-01 on, high or 120 points (today: what is hard alone)": the next step. */
void refusal_add_next(struct text *out, const struct refusal *r);

/* "May stop the program: --user; try with docksill suggest --try", in the client's own words. */
void refusal_add_caution(struct text *out, const struct refusal *r);

/* "an admin adds under override: - {list: allowed-host-paths, append: [\"/srv\"]}" in @room bytes; or as much of it as
 * is right alone. */
void refusal_add_allow(struct text *out, const struct refusal *r, size_t room);

/* A rule's text without the blanks around it and its full stop. */
static inline struct str refusal_phrase(struct str s) {
        s = str_trim(s);
        while (s.n > 0 && s.p[s.n - 1] == '.')
                --s.n;
        return s;
}
