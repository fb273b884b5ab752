#pragma once
/*
 * oscal: the parts that assessment results in OSCAL are made of.
 *
 * Titles, descriptions and remarks are Markdown there; values are not, but are never empty.
 */
#include "frame/json-out.h"
#include "report.h"
#include "uuid.h"

struct oscal {
        struct json_out j;
        const struct report *r;
        bool verbose;
        char at[40]; /* r->at, RFC 3339 */
        char tool[UUID_SIZE], plan[UUID_SIZE];
        struct text scratch; /* of one part */
};

void oscal_markdown(struct oscal *o, const char *key, struct str text);

/* An item of "props"; an empty value is none. */
void oscal_property(struct oscal *o, const char *name, struct str value);
void oscal_number(struct oscal *o, const char *name, uint64_t value);

/* A token: letters, digits, '.', '-' and '_', and no digit first: "cis-docker-5.4". */
void oscal_token(struct oscal *o, const char *key, struct str framework, struct str control);

/* A UUID of what @parts are; the same in the next report. */
void oscal_name(struct oscal *o, char uuid[static UUID_SIZE], const char *kind, const struct str *parts, size_t n);
void oscal_name_subject(struct oscal *o, char uuid[static UUID_SIZE], size_t index);
void oscal_name_observation(struct oscal *o, char uuid[static UUID_SIZE], const struct report_finding *f);
/* Of all that passed a check. */
void oscal_name_passes(struct oscal *o, char uuid[static UUID_SIZE], size_t check);

/* Is it an observation? */
bool oscal_tells(const struct oscal *o, const struct report_finding *f);

/* The list "findings": how controls ended, or without a framework the checks. */
void oscal_findings(struct oscal *o);
