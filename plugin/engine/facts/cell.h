#pragma once
/*
 * cell: what gojson decoded, put into the cells of facts.
 */
#include "docksill/wire/gojson.h"
#include "word.h"

static inline struct fact_bool cell_bool(struct go_bool v) {
        return (struct fact_bool){ .head.given = v.given, .value = v.value };
}

static inline struct fact_int cell_int(struct go_int v) {
        return (struct fact_int){ .head.given = v.given, .value = v.value };
}

static inline struct fact_str cell_str(struct str v) {
        return (struct fact_str){ .head.given = true, .value = v };
}

static inline struct fact_str cell_string(struct go_string v) {
        return (struct fact_str){ .head.given = v.given, .value = v.value };
}

/* As cell_string(), but "" counts as absent, because Go's zero value is what dockerd then sees. */
static inline struct fact_str cell_string_or(struct go_string v, struct str standard) {
        return (struct fact_str){ .head.given = v.given, .value = str_empty(v.value) ? standard : v.value };
}

/* Item @i of a gojson_strings or gojson_strslice list. */
static inline struct str string_item(const struct go_list *list, size_t i) {
        return ((const struct go_string *)list->items)[i].value;
}

/* Item @i of a gojson_string_map. */
static inline const struct go_pair *pair_item(const struct go_list *list, size_t i) {
        return &((const struct go_pair *)list->items)[i];
}
