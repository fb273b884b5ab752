#pragma once
/*
 * draft: an exemption that docksill writes for somebody, as narrow as what it is about.
 *
 * explain offers one for a refusal, `exempt` for a decision of the past, `baseline` for what runs today.
 */
#include "docksill/decide/pin.h"
#include "docksill/rules/exemption.h"

/* What `only` lets through: of one rule, one thing or several. */
struct draft_only {
        struct str *items; /* conditions, as pins_add_yaml() writes them; none twice */
        size_t n, capacity;
};

/* Returns whether it was not there before; false without memory, too, as arena_latch() remembers. */
bool draft_only_add(struct draft_only *only, struct arena *arena, const struct pins *pins);

struct draft {
        struct str id;
        const struct str *rules;
        size_t n_rules;
        struct str match; /* the inside of its braces */
        const struct draft_only *only;
        enum severity up_to;           /* none: not said */
        bool bounded;                  /* remaining-points: is said */
        unsigned remaining_points;     /* then: so many */
        struct str owner, reason, day; /* the first two empty: to be filled in; day: the last one */
};

/* "docksill: v1", and what else stands above the first. */
void drafts_begin(struct text *out);

/* One item of exemptions:, its dash in the third column. */
void draft_add(struct text *out, const struct draft *d);

/* "2026-12-31": the day @days from now, in UTC. */
void draft_add_day(struct text *out, unsigned days);
