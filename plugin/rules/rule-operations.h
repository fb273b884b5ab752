#pragma once
/*
 * rule-operations: operations as files name them, and those that a rule is judged for.
 */
#include "docksill/rules/yaml.h"

struct compiler;

/**
 * rule_operations() - where the rule at hand is judged; after its conditions
 * @on:         of the rule, or NULL: wherever the facts are that it uses
 * @at:         of the rule
 * @operations: one byte for each operation and one for the unknown, zeroed
 *
 * Reports unknown ones (DS219) and those that do not yield the facts (DS222). Returns 0 or -EINVAL.
 */
must_check_ int rule_operations(struct compiler *c, const struct yaml_node *on, struct position at,
                                uint8_t *operations);

/* Reports that there is no operation of this name (DS219), with a suggestion. */
int operation_unknown(struct diag *diag, const struct yaml_node *name);

/* Whether a rule with these fact groups can be judged where @operation yields; NULL: the unknown operation. */
struct operation;
bool rule_can_judge(uint64_t uses, const struct operation *operation);

/* Whether @pattern is the id, or its family: "service.*" is that of "service.create". */
bool rule_names_operation(struct str pattern, struct str id);
