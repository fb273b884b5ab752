#pragma once
/*
 * program: what a command line starts, as far as its first word tells.
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

/* Adds the base name of the first word of @argv (of struct go_string), if there is one. What a shell runs in turn is
 * not looked into. */
void program_add(struct arena *arena, struct fact_set *programs, const struct go_list *argv);
