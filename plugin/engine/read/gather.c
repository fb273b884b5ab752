#include "gather.h"
#include "facts/cell.h"

void gather_pairs(struct arena *arena, struct fact_list *out, const char *field, const struct go_list *map) {
        out->head.given = map->given;
        for (size_t i = 0; i < map->n; ++i) {
                const struct go_pair *pair = pair_item(map, i);

                FACT_ADD(arena, out,
                         (struct pair_fact){ .origin = { .field = field, .key = pair->key },
                                             .name = cell_str(pair->key),
                                             .value = cell_str(pair->value.value) });
        }
}

void gather_strings(struct arena *arena, struct fact_set *out, const struct go_list *strings) {
        out->head.given = strings->given;
        for (size_t i = 0; i < strings->n; ++i)
                fact_set_add(arena, out, string_item(strings, i));
}

void gather_keys(struct arena *arena, struct fact_set *out, const struct go_list *map) {
        for (size_t i = 0; i < map->n; ++i)
                fact_set_add(arena, out, pair_item(map, i)->key);
}

void gather_labels(struct arena *arena, struct fact_set *out, const struct go_list *labels) {
        out->head.given = labels->given;
        for (size_t i = 0; i < labels->n; ++i) {
                const struct go_pair *pair = pair_item(labels, i);
                struct str name = pair->key, value = pair->value.value;
                char *p = arena_bytes(arena, name.n + 1 + value.n);

                if (!p)
                        return;
                if (name.n)
                        memcpy(p, name.p, name.n);
                p[name.n] = '=';
                if (value.n)
                        memcpy(p + name.n + 1, value.p, value.n);
                fact_set_add(arena, out, (struct str){ p, name.n + 1 + value.n });
        }
}
