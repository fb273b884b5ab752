#pragma once
/*
 * go-type: shorthand for the gojson tables that mirror Go's structs.
 */
#include "docksill/base/cleanup.h"
#include "docksill/wire/gojson.h"
#include <stddef.h>

/* A row: the struct's C name, Go's JSON key, the C member, its type. */
#define GO_FIELD(of, json, member, kind)                                                                               \
        { .name = STR(json), .type = &(kind), .at = offsetof(struct of, member) }

/* struct of, by the rows of_fields. */
#define GO_STRUCT(of)                                                                                                  \
        { .kind = GOJSON_STRUCT, .size = sizeof(struct of), .fields = of##_fields, .n_fields = ARRAY_SIZE(of##_fields) }

/* []T and map[string]T. */
#define GO_LIST(of)                                                                                                    \
        { .kind = GOJSON_LIST, .size = sizeof(struct go_list), .element = &(of) }
#define GO_MAP(of)                                                                                                     \
        { .kind = GOJSON_MAP, .size = sizeof(struct go_list), .element = &(of) }
