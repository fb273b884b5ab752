#pragma once
/*
 * capability: names of capabilities as dockerd normalises them.
 *
 * moby oci/caps/utils.go; PROTOCOL 6.8. White space is kept, as dockerd would refuse it.
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

/* @name in upper case and without CAP_, in @arena or a view of @name; empty without memory. */
struct str capability_normalise(struct arena *arena, struct str name);

/* Normalises each item of @names (of struct go_string) into @out. More than anybody needs make the arena full. */
void capabilities_read(struct arena *arena, const struct go_list *names, struct fact_set *out);
