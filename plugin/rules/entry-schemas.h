#pragma once
/*
 * entry-schemas: of the entries in an environment's lists, each kept where its entries are read.
 */
#include "docksill/rules/schema.h"

extern const struct schema override_schema, access_schema, step_schema;
