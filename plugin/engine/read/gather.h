#pragma once
/*
 * gather: lists and maps of a body, as the lists and sets that facts are.
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

/* Adds each entry of @map (a string map), which stands in @field, to a list of struct pair_fact. */
void gather_pairs(struct arena *arena, struct fact_list *out, const char *field, const struct go_list *map);

/* Adds each item of @strings, or each key of @map, to a set. */
void gather_strings(struct arena *arena, struct fact_set *out, const struct go_list *strings);
void gather_keys(struct arena *arena, struct fact_set *out, const struct go_list *map);

/* Adds each entry of @labels as "name=value", as docker's filters write it. */
void gather_labels(struct arena *arena, struct fact_set *out, const struct go_list *labels);
