#pragma once
/*
 * compiler: what the parts of the loader share while a rule set is being built.
 */
#include "docksill/engine/facts.h"
#include "docksill/rules/yaml.h"

struct defaults;
struct definitions;
struct path_index;
struct regex_engine;

struct compiler {
        struct yaml yaml; /* .keep is the rule set's arena, .scratch dies with the load */
        struct definitions *definitions;
        struct regex_engine *regexes; /* the rule set's */
        struct path_index *paths;     /* likewise; NULL: none is made */

        const struct defaults *defaults; /* of the file at hand; NULL: none */

        /* The rule at hand. */
        struct str rule;          /* its id; empty: none, or one without */
        const struct fact *each;  /* what for_each walks; NULL: none */
        struct str alias;         /* what for_each calls the element */
        uint64_t uses;            /* GROUP_… of the facts its conditions use */
        const struct fact *about; /* the first of them that is no element's */
};
