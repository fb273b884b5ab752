#pragma once
/*
 * rule-test-lookup: `lookup:` of a rule's test: what is told beside the request, by the host, the engine and scanners.
 */
#include "compiler.h"
#include "docksill/rules/rule.h"
#include "docksill/rules/schema.h"

extern const struct schema rule_test_lookup_schema;

/* Fills what @out knows of lookups; @map may be NULL. Reports; returns 0, -EINVAL or -ENOMEM. */
must_check_ int rule_test_lookup(struct compiler *c, const struct yaml_node *map, struct rule_test *out);

/* A map as it is sent, in JSON. @node may be NULL: then *@out stays. Returns likewise. */
must_check_ int rule_test_json(struct compiler *c, const struct yaml_node *node, struct str *out);
