#pragma once
/*
 * operator: what conditions may ask of a fact, for those who print it.
 */
#include "docksill/engine/fact.h"

/* What stands behind an operator in a rule. */
enum operator_takes {
        TAKES_ONE,
        TAKES_MANY,  /* one or a list */
        TAKES_TWO,   /* [low, high] */
        TAKES_FLAG,  /* true or false */
        TAKES_GLOB,  /* as MANY, texts */
        TAKES_REGEX, /* as MANY, regular expressions */
        TAKES_SIZE,  /* a number, or a map of operators on numbers */
};

struct operator_view {
        struct str name;
        enum operator_takes takes;
        const char *doc;
};

/* The one at @i of the table; false: there are fewer. */
bool operator_at(size_t i, struct operator_view *out);

/* Whether it can be asked of a fact of @type; of a set it may be asked of some element. */
bool operator_fits(size_t i, enum fact_type type);
