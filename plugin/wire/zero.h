#pragma once
/*
 * zero: values that leave a field as it was.
 */
#include "docksill/wire/gojson-type.h"
#include "docksill/wire/json.h"

/* null, false, 0, "", an empty map, an empty list unless @empty_counts, and structs of nothing else. @token is the
 * value's first; what is read of @j stops where it is told. */
bool gojson_is_zero(struct json *j, enum json_token token, const struct gojson_type *type, bool empty_counts);
