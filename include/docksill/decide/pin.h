#pragma once
/*
 * pin: what tells one thing that a rule found from others: the host path of a mount, the name of a capability.
 *
 * An exemption names it under `only`, and a record keeps it, so that one can be written later. What is confidential is
 * never pinned.
 */
#include "docksill/rules/rule.h"

#define PINS_MOST 3

struct pin {
        struct str alias;        /* what the rule calls its element; empty: a fact of the request */
        const struct fact *fact; /* NULL: the element of a set, which has no name but the alias */
        const void *cell;
};

struct pins {
        struct pin items[PINS_MOST];
        size_t n;
};

enum pinned {
        PINNED_NOT,   /* there is nothing to name: the rule is about the request as a whole */
        PINNED,       /* all of it stands in the pins */
        PINNED_NEVER, /* there is, and it can't be: a path with a star in it, which a condition would take for a
                         pattern; a value of more than a kilobyte; what nobody could look at */
};

/**
 * pins_of() - what to name of an instance of @rule
 * @element: as in struct scope; NULL: none
 * @wanted:  of a rule without for_each: a bool or a word as well, which says no more than that the rule fires
 *
 * @out is written whenever PINNED is returned.
 */
enum pinned pins_of(struct pins *out, const struct rule *rule, const void *element, const struct facts *facts,
                    bool wanted);

/* "mount.source", "cap", "container.runtime". */
void pin_add_name(struct text *out, const struct pin *pin);

/* As conditions of the rule language, joined by ", ": mount.source: {in: ["/a", "/b"]}, cap: "NET_ADMIN". */
void pins_add_yaml(struct text *out, const struct pins *pins);

/* As the members of a JSON object: "mount.source":["/a","/b"], "port.host":"8080". */
void pins_add_json(struct text *out, const struct pins *pins);
