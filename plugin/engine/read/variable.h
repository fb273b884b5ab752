#pragma once
/*
 * variable: environment variables and a build's arguments; the list `variables`.
 */
#include "reading.h"

/* Adds each NAME=value of @env (of struct go_string). */
void variables_read(struct reading *in, const struct go_list *env);

/* The same of an image's own, but for those that the request has replaced. */
void variables_of_image(struct reading *in, const struct go_list *env);

/* Adds each pair of @arguments, the string map of a build's arguments. */
void build_arguments_read(struct reading *in, const struct go_list *arguments);
