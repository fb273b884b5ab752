#pragma once
/*
 * compiler: what the parts of the loader share while a rule set is being built.
 */
#include "docksill/rules/schema.h"
#include "list.h"

#include "docksill/rules/condition.h"

struct path_index;
struct regex_engine;

struct compiler {
        struct yaml yaml; /* .keep is the rule set's arena, .scratch dies with the load */
        struct definitions definitions;
        struct regex_engine *regexes; /* the rule set's */
        struct path_index *paths;     /* likewise; NULL: none is made */

        /* The rule at hand. */
        struct str rule;          /* its id; empty: none, or one without */
        const struct fact *each;  /* what for_each walks; NULL: none */
        struct str alias;         /* what for_each calls the element */
        uint64_t uses;            /* GROUP_… of the facts its conditions use */
        const struct fact *about; /* the first of them that is no element's */
};

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

/* The type of a set's items, or FACT_TYPES when @type is no set. */
enum fact_type fact_item_type(enum fact_type type);
