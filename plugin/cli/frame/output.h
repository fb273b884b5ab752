#pragma once
/*
 * output: what a command found out, printed as text or as JSON.
 */
#include "docksill/cli/invocation.h"
#include <jansson.h>

/* On stdout. Says on stderr what went wrong. Returns EXIT_FINE or EXIT_ENVIRONMENT. */
must_check_ int output_text(const struct command *command, const struct text *t);

/* The same, and frees @tree; NULL stands for a tree that there was no memory for. */
must_check_ int output_json(const struct command *command, json_t *tree);

/* A string made visible, since jansson refuses what is not UTF-8; NULL when there is no memory, which jansson's setters
 * pass on as failure. An empty view is "". */
json_t *shown_json(struct str s);

/* A list of such. */
json_t *shown_list_json(const struct str *items, size_t n);
