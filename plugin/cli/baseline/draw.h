#pragma once
/*
 * draw: a plan as the two files that put it into force.
 */
#include "plan.h"

/* What stands in the files beside the plan. */
struct draw {
        struct str extends; /* an environment's name, or the absolute path of its file */
        struct str name;    /* of the environment that is drawn */
        struct str source;  /* where the containers are from, for people */
        struct str owner, reason, day;
        const struct containers *containers;
};

/* Both append; the head tells a reader what the file is, and what to do with it. */
void draw_environment(struct text *out, const struct draw *draw, const struct plan *p);

/* Writes ids and lines into the entries. */
void draw_exemptions(struct text *out, const struct draw *draw, struct plan *p);
