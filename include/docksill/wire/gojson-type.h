#pragma once
/*
 * gojson-type: tables that describe Go types, and the C structs that hold their values.
 */
#include "docksill/base/str.h"

enum gojson_kind {
        GOJSON_BOOL,     /* struct go_bool */
        GOJSON_INT,      /* struct go_int: a signed Go integer of .bits */
        GOJSON_UINT,     /* struct go_int: an unsigned one (of at most 63 bits in use: beyond is number-range) */
        GOJSON_STRING,   /* struct go_string */
        GOJSON_STRUCT,   /* a C struct whose first member is bool given; Go's struct or pointer to struct */
        GOJSON_LIST,     /* struct go_list of .element */
        GOJSON_STRSLICE, /* struct go_list of struct go_string; a bare string is one element, and FLAW_BARE_STRING */
        GOJSON_MAP, /* struct go_list of entries: struct str key, then one .element (at offset sizeof(struct str)) */
        GOJSON_ANY, /* struct go_any: checked for syntax, not decoded */
};

/* Values. given: there and not null. Zeroed is Go's zero value. */
struct go_bool {
        bool value, given;
};
struct go_int {
        int64_t value;
        bool given;
};
struct go_string {
        struct str value; /* view of the body or of the arena */
        bool given;
};
struct go_list {
        void *items; /* contiguous; see gojson_item() */
        size_t n, capacity;
        bool given; /* [] is given and empty; null is not given */
};
struct go_any {
        struct str raw; /* the value's bytes */
        bool given;
};

struct gojson_field;

struct gojson_type {
        enum gojson_kind kind;
        unsigned bits;                     /* of GOJSON_INT, GOJSON_UINT */
        size_t size;                       /* of one C value; of GOJSON_MAP and GOJSON_LIST: sizeof(struct go_list) */
        const struct gojson_type *element; /* of lists and maps */
        const struct gojson_field *fields; /* of structs, in the order of the Go struct: clients send them so */
        size_t n_fields;
};

struct gojson_field {
        struct str name; /* ASCII, as Go's encoder spells it */
        const struct gojson_type *type;
        size_t at;     /* offset in the C struct */
        unsigned flaw; /* of a gojson_any: enum flaw + 1 raised when its value is not zero; 0: none */
        const struct gojson_type
                *zero_in;  /* the struct whose field of that name says what is zero; without one it is "" */
        bool empty_counts; /* an empty list there is not zero */
};

/* The usual types. */
extern const struct gojson_type gojson_bool, gojson_int64, gojson_uint64, gojson_uint32, gojson_uint16, gojson_string,
        gojson_strings, gojson_strslice, gojson_string_map, gojson_any;

/* An entry of a gojson_string_map. */
struct go_pair {
        struct str key;
        struct go_string value;
};

static inline const void *gojson_item(const struct go_list *list, size_t i, size_t size) {
        return (const char *)list->items + i * size;
}
