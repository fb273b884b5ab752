#pragma once
/*
 * reference-priv: how a rule's `references:` are laid over those of its file.
 */
#include "docksill/rules/reference.h"
#include "docksill/rules/yaml.h"

struct compiler;

struct references {
        const struct rule_reference *items;
        size_t n;
};

/**
 * references_new() - a map of frameworks laid over those of a whole file
 * @node: NULL: none of its own
 * @base: first, in their order; a framework of @node stands in the place of the same one, and one without items takes
 *        it away
 *
 * Reports names that are none (DS205) and other shapes (DS204). Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int references_new(struct compiler *c, const struct yaml_node *node, const struct references *base,
                               struct references *out);
