#pragma once
/*
 * rule-test-host: `host:` of a rule's test: facts that an audit would have found, by their names.
 */
#include "compiler.h"
#include "docksill/rules/rule.h"

/* Fills .found of @out; @map may be NULL. Reports; returns 0, -EINVAL or -ENOMEM. */
must_check_ int rule_test_host(struct compiler *c, const struct yaml_node *map, struct rule_test *out);
