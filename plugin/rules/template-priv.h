#pragma once
/*
 * template-priv: how a rule's text becomes one.
 */
#include "compiler.h"
#include "docksill/rules/template.h"

/**
 * template_new() - compile a text with {fact}, {element.field}, {$value}, "{{" and "}}" for braces
 * @node: a scalar
 *
 * Facts that only a text mentions do not count as used: a rule is not judged for fewer operations because its message
 * says more. Where the operation does not yield such a fact, its default is shown.
 *
 * Reports unknown facts (DS214) and values (DS218), confidential facts (DS220) and braces (DS223).
 * Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int template_new(struct compiler *c, const struct yaml_node *node, const struct template **out);
