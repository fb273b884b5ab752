#pragma once
/*
 * steps: what an environment denies, by day: the way to its own limits, on which no step is milder than the one before.
 *
 * Days are UTC. Before the first step's day only what is hard is refused; the last step is the environment's own deny.
 * A step changes what is denied; what is warned of is the environment's own from the first day on, so whatever the last
 * step will refuse is at least a warning until then.
 */
#include "docksill/rules/limits.h"

struct step {
        struct str day;       /* "2027-03-01", as written; empty: the time before the first step */
        int64_t from;         /* when it begins, as clock_wall() counts; INT64_MIN before the first */
        struct limits limits; /* in force from then on */
        struct position at;
};

/* In the order of their days, the time before the first one included; none: the environment has no steps. */
struct step_view {
        const struct step *items;
        size_t n;
};

/* The one in force; NULL: there are none. */
static inline const struct step *steps_at(struct step_view steps, int64_t at) {
        while (steps.n > 1 && steps.items[steps.n - 1].from > at)
                --steps.n;
        return steps.n ? &steps.items[steps.n - 1] : NULL;
}

/* The first after @now that denies something else; NULL: none does. */
static inline const struct step *steps_next(struct step_view steps, const struct step *now) {
        for (const struct step *s = now ? now + 1 : steps.items + steps.n; s < steps.items + steps.n; ++s)
                if (!limits_deny_alike(&s->limits, &now->limits))
                        return s;
        return NULL;
}

/* "what is hard alone since 2027-01-01; high or 120 points from 2027-03-01", from the one in force on; nothing where
 * there are none. */
void steps_add(struct text *t, struct step_view steps, int64_t at);
