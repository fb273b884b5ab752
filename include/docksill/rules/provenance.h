#pragma once
/*
 * provenance: what is in force, and which line of which file says so.
 *
 * An environment extends others, overrides lists and rules, names folders: the effective setting is seldom where one
 * looks first. All of it lives in the rule set.
 */
#include "docksill/rules/limits.h"

/* A file or folder of rules, and where an environment names it. */
struct rules_place {
        struct str path;
        struct position named;
};

/* As written: "$name" is not unfolded. */
struct definition_item {
        struct str text;
        struct position at;
};

/* A list or a value after all overrides; what an override brought has its place in the environment. */
struct definition_place {
        struct str name;
        bool list; /* else a value: one item */
        struct position at;
        const struct definition_item *items;
        size_t n;
};

enum override_kind { OVERRIDE_OF_RULE, OVERRIDE_OF_LIST, OVERRIDE_OF_VALUE };

struct override_place {
        enum override_kind kind;
        struct str name;                     /* of the rule, list or value */
        struct str severity, at_least, mode; /* of a rule; empty: left as it is */
        bool hard;                           /* of a rule: refuses everywhere */
        bool set, append;                    /* of a list or value */
        struct str reason;
        struct position at;
};

struct provenance {
        struct limit_places limits;
        const struct rules_place *rules;
        size_t n_rules;
        const struct definition_place *definitions; /* by name */
        size_t n_definitions;
        const struct override_place *overrides; /* in the order applied */
        size_t n_overrides;
};

/* "rules/environments/production.yaml:7"; "default" without a source. */
struct text;
void position_add(struct text *t, struct position at);
