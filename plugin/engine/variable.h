#pragma once
/*
 * variable: environment variables and a build's arguments; the list `variables`.
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

/* Adds each NAME=value of @env (of struct go_string). */
void variables_read(struct facts *f, struct arena *arena, const struct go_list *env);

/* The same of an image's own, but for those that the request has replaced. */
void variables_of_image(struct facts *f, struct arena *arena, const struct go_list *env);

/* Adds each pair of @arguments, the string map of a build's arguments. */
void build_arguments_read(struct facts *f, struct arena *arena, const struct go_list *arguments);
