#pragma once
/*
 * environment: limits, mode, the rules to load and what is changed about them; with all that it extends.
 */
#include "docksill/rules/limits.h"
#include "docksill/rules/mode.h"
#include "loader.h"

/* Items of a list of the file. */
struct items_written {
        const struct yaml_node **items;
        size_t n, capacity;
};

struct environment {
        struct str name;
        enum mode mode;
        struct limits limits;
        struct limit_places places;
        struct rules_paths rules;               /* of what it extends first */
        struct items_written overrides, access; /* maps, as written; of what it extends first */
        struct items_written requires;          /* ids */
        const struct yaml_node *steps;          /* as written, by the last that has them; NULL: none has */
};

/**
 * environment_read() - read an environment and what it extends
 * @name:  a name, or a path when it holds a '/' or ends in .yaml
 * @named: where it is named; zeroed: in no file
 * @out:   nodes live in the loader's scratch arena
 *
 * Reports (DS2xx, DS301 to DS305). Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int environment_read(struct loader *l, struct str name, struct position named, struct environment *out);

/* Are the rules there that it can't do without? Reports (DS315). After rules are compiled. Returns 0 or -EINVAL. */
int environment_requires(struct loader *l, const struct environment *e);
