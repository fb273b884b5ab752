#pragma once
/*
 * rule-priv: how one entry of `rules:` becomes a rule.
 */
#include "compiler.h"
#include "docksill/rules/rule.h"
#include "docksill/rules/schema.h"

extern const struct schema rule_schema, test_schema;

/**
 * rule_new() - compile one rule
 * @out:        written on success only; in the rule set's arena
 * @operations: one byte for each operation and one for the unknown: whether the rule is judged there
 *
 * Reports everything that is wrong with it. Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int rule_new(struct compiler *c, const struct yaml_node *node, struct rule *out, uint8_t *operations);

/* The least of the severities that its cases have, of those that are not none; none where there is no such case. */
enum severity rule_mildest(const struct rule *rule);

/* One entry of `tests:`. Reports; returns 0, -EINVAL or -ENOMEM. */
must_check_ int rule_test_new(struct compiler *c, const struct yaml_node *node, struct rule_test *out);
