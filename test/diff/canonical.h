#pragma once
/*
 * canonical: a decoded body as JSON with one spelling, the same that decode/canonical.go writes of Go's structs.
 *
 * Walks the tables that the decoder itself is driven by, so that no member is forgotten here.
 */
#include "docksill/base/text.h"
#include "docksill/wire/gojson.h"

/* A struct, {} when nothing in it is worth a word. Members that an engine whose newest API is 1.@api does not know are left out. */
void canonical_struct(struct text *t, unsigned api, const struct gojson_type *type, const void *value);

/* A string, with only what JSON wants escaped. */
void canonical_string(struct text *t, struct str s);
