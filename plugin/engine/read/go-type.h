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
#define GO_STRUCT(of) GO_STRUCT_BY(of, of##_fields)

/* The same by rows of another name, where several Go types share a C struct. */
#define GO_STRUCT_BY(of, rows)                                                                                         \
        { .kind = GOJSON_STRUCT, .size = sizeof(struct of), .fields = rows, .n_fields = ARRAY_SIZE(rows) }

/* []T and map[string]T. */
#define GO_LIST(of)                                                                                                    \
        { .kind = GOJSON_LIST, .size = sizeof(struct go_list), .element = &(of) }
#define GO_MAP(of)                                                                                                     \
        { .kind = GOJSON_MAP, .size = sizeof(struct go_list), .element = &(of) }
