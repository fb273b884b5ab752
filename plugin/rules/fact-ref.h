#pragma once
/*
 * fact-ref: the fact that a name in a rule means.
 */
#include "docksill/base/diag.h"
#include "docksill/engine/facts.h"

struct compiler;

/* A fact as a rule names it: its own, or of the element. */
struct fact_ref {
        const struct fact *fact;
        enum fact_type type; /* of the cell: an element of a set has the type of its items */
        bool element;        /* the cell lies in the element */
        size_t at;
        struct str name; /* as written */
};

/**
 * fact_resolve() - the fact that @name means in the rule at hand
 *
 * Reports an unknown name (DS214) with a suggestion. Returns 0 or -EINVAL.
 */
must_check_ int fact_resolve(const struct compiler *c, struct str name, struct position at, struct fact_ref *out);
