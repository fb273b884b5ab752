#pragma once
/*
 * variable: environment variables; the list `variables`.
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

/* Adds each NAME=value of @env (of struct go_string). Returns 0 or -ENOMEM. */
must_check_ int variables_read(struct facts *f, struct arena *arena, const struct go_list *env);
