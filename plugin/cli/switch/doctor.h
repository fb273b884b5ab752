#pragma once
/*
 * doctor: what is looked at, and what was found, each with its remedy.
 */
#include "asked.h"
#include "docksill/rules/ruleset.h"
#include "frame/setup.h"
#include "registration.h"

struct doctor_finding {
        const char *id; /* permanent: "flag-only" */
        struct str what, remedy;
};

struct doctor {
        struct registration r;
        struct setup setup; /* docksill's own settings and rules, as far as they can be read */
        bool rules_read;
        bool engine; /* may be asked: it is this host's, or was named */

        struct asked_answer asked; /* through the engine; ASKED_SILENT where it may not be asked */
        struct asked_answer own;   /* straight */
        struct str version;        /* of the engine; empty: not told */

        struct {
                struct doctor_finding *items;
                size_t n, capacity;
        } findings;
        bool failed; /* no memory */
};

/* One more. Foreign text in @what must be visible. */
printf_(4, 5) void doctor_find(struct doctor *d, const char *id, const char *remedy, const char *what, ...);

/* @path below the root that was named; false: it is too long. */
bool doctor_path(const struct doctor *d, const char *path, char *out, size_t size);

/* Where docksill stands in dockerd's settings, and whether it is asked. */
void doctor_look_at_registration(struct doctor *d);

/* What of the engine itself is open, or reads otherwise than plugins are shown. */
void doctor_look_at_engine(struct doctor *d);

/* docksill's own: socket, rules, exemptions, records, lookups. */
void doctor_look_at_docksill(struct doctor *d);
