#pragma once
/*
 * explained: a judged request, told at length.
 */
#include "docksill/decide/explain.h"
#include "docksill/decide/remedy.h"
#include <jansson.h>

struct explained {
        const struct ruleset *rules;
        struct request request;
        struct decision decision;
        struct remedy remedy;       /* of a refusal, or of what a later step will refuse */
        struct explain_style style; /* of what the refused user reads */
};

/* What the remedy is to pass: today's limits, or those of the first step that refuses it. */
static inline const struct limits *remedy_limits(const struct decision *d) {
        return d->due ? &d->due->limits : d->limits;
}

/* For people. @arena: scratch. Returns 0 or -ENOMEM. */
must_check_ int explained_text(struct text *out, const struct explained *e, struct arena *arena, bool colour);

/* "docksill.explain/1"; NULL when there is no memory. */
json_t *explained_json(const struct explained *e, struct arena *arena);
