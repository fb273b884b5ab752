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
        struct remedy remedy;       /* of a refusal */
        struct explain_style style; /* of what the refused user reads */
};

/* For people. @arena: scratch. Returns 0 or -ENOMEM. */
must_check_ int explained_text(struct text *out, const struct explained *e, struct arena *arena, bool colour);

/* "docksill.explain/1"; NULL when there is no memory. */
json_t *explained_json(const struct explained *e, struct arena *arena);
