#pragma once
/*
 * renamings: `renamed:` of files of rules, as the loader collects it.
 */
#include "docksill/rules/renaming.h"
#include "docksill/rules/yaml.h"

struct renamings {
        struct renaming *items;
        size_t n, capacity;
};

/* Takes in one file's; @map may be NULL. Reports a value that is no list of names (DS204) and an old name that stands
 * twice (DS206). Returns 0, -EINVAL or -ENOMEM. */
must_check_ int renamings_add(struct renamings *out, const struct yaml *y, const struct yaml_node *map);

static inline struct renaming_view renamings_view(const struct renamings *r) {
        return (struct renaming_view){ r->items, r->n };
}
