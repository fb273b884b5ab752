#pragma once
/*
 * json-schema: a JSON Schema (draft-07) of a kind of file, for editors, made of the tables that the loader reads by.
 *
 * It takes what loads, and a little more: what one file alone can't tell (an unknown list, a rule that is not there) is
 * the loader's to say.
 */
#include "docksill/rules/schema.h"
#include <jansson.h>

/* @file: of a whole file, whose "docksill" is v1 and whose "kind" is what its .doc says. NULL: no memory. */
json_t *json_schema(const struct schema *file);

/* -- for its own modules -- */

/* A text as the loader takes it: docksill knows the type of each key, so that 1 and true are texts where one is due. */
json_t *json_schema_scalar(void);

/* One, or a list of them. */
json_t *json_schema_scalars(void);

/* {"$ref": "#/definitions/NAME"} */
json_t *json_schema_reference(const char *name);

/* What conditions refer to, into @definitions: "condition", and a test by each type of facts. Returns 0, or -1. */
int json_condition_define(json_t *definitions);
