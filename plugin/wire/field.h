#pragma once
/*
 * field: which field of a Go struct a key of a JSON object is decoded into.
 */
#include "docksill/wire/gojson-type.h"
#include "docksill/wire/json.h"

/* The field that Go would decode @key into, or n_fields: the one of that very name if there is one, else the first that
 * folds to it (encoding/json fold.go). */
size_t gojson_field_find(const struct gojson_type *type, struct str key);

/**
 * gojson_field_expected() - the field of the next key, where it is one of the next fields
 * @from:  the field that would come next
 * @first: nothing of the object has been read
 *
 * Clients send the keys in the order of the struct and leave some out, and most of them write no white space: then the
 * next key is told by comparing it with the names that may come, without reading it as a string first. Passes over the
 * key and its colon. Returns the field, or n_fields: nothing was passed over, and the key has to be read.
 */
size_t gojson_field_expected(struct json *j, const struct gojson_type *type, size_t from, bool first);
