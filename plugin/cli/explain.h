#pragma once
/*
 * explain: a judged request, told at length.
 */
#include "docksill/decide/decision.h"

struct explained {
        const struct ruleset *rules;
        struct request request;
        struct decision decision;
};

/* For people. @arena: scratch. Returns 0 or -ENOMEM. */
must_check_ int explained_text(struct text *out, const struct explained *e, struct arena *arena, bool colour);

/* "docksill.explain/1". Returns 0 or -ENOMEM. */
must_check_ int explained_json(struct text *out, const struct explained *e, struct arena *arena);
