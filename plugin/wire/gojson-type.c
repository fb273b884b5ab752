#include "docksill/wire/gojson-type.h"

#include <stddef.h>

const struct gojson_type gojson_bool = { .kind = GOJSON_BOOL, .size = sizeof(struct go_bool) };
const struct gojson_type gojson_int64 = { .kind = GOJSON_INT, .bits = 64, .size = sizeof(struct go_int) };
const struct gojson_type gojson_uint64 = { .kind = GOJSON_UINT, .bits = 64, .size = sizeof(struct go_int) };
const struct gojson_type gojson_uint32 = { .kind = GOJSON_UINT, .bits = 32, .size = sizeof(struct go_int) };
const struct gojson_type gojson_uint16 = { .kind = GOJSON_UINT, .bits = 16, .size = sizeof(struct go_int) };
const struct gojson_type gojson_string = { .kind = GOJSON_STRING, .size = sizeof(struct go_string) };
const struct gojson_type gojson_any = { .kind = GOJSON_ANY, .size = sizeof(struct go_any) };
const struct gojson_type gojson_strings = { .kind = GOJSON_LIST,
                                            .size = sizeof(struct go_list),
                                            .element = &gojson_string };
const struct gojson_type gojson_strslice = { .kind = GOJSON_STRSLICE,
                                             .size = sizeof(struct go_list),
                                             .element = &gojson_string };
const struct gojson_type gojson_string_map = { .kind = GOJSON_MAP,
                                               .size = sizeof(struct go_list),
                                               .element = &gojson_string };

_Static_assert(offsetof(struct go_pair, value) == sizeof(struct str), "an entry is a key, then its value");
