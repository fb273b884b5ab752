#pragma once
/*
 * survey: from containers to a plan that lets them through, tried by the rules themselves.
 *
 * What is planned is drawn, loaded as serve would load it and held against each call that is refused, until nothing
 * more can be let through; then what lifts nothing is dropped, and all calls are judged once more.
 */
#include "draw.h"
#include "frame/setup.h"

/* One container's calls, and what becomes of them. */
struct surveyed {
        struct str calls[PHASES];
        struct {
                enum verdict before, after;
                struct str why; /* after: what still refuses, line by line; for people, visible */
        } phases[PHASES];
};

struct survey {
        const struct setup *setup; /* its rules are those without the baseline */
        struct engine_api *engine; /* NULL: of files */
        const struct containers *containers;
        struct surveyed *items; /* one a container */
        struct scales scales;
        struct plan plan;
        struct draw draw;
        const char *replaced;                /* the file of exemptions that the plan's will replace, or NULL */
        struct text environment, exemptions; /* as drawn last; exemptions: empty when there are none */
        struct arena *arena;
};

/**
 * survey_run() - make the plan
 * @s: .setup to .draw and .replaced set, .plan.arena and .arena too; the texts initialised
 *
 * Says on stderr what failed. Returns EXIT_FINE, or another enum exit_code when there is no plan.
 */
must_check_ int survey_run(struct survey *s);
