#include "gather.h"
#include "cell.h"
#include <errno.h>

int gather_pairs(struct arena *arena, struct fact_list *out, const char *field, const struct go_list *map) {
        out->head.given = map->given;
        for (size_t i = 0; i < map->n; ++i) {
                const struct go_pair *pair = pair_item(map, i);
                struct pair_fact *p = fact_list_push(arena, out, sizeof(*p));

                if (!p)
                        return -ENOMEM;
                *p = (struct pair_fact){ .origin = { .field = field, .key = pair->key },
                                         .name = cell_str(pair->key),
                                         .value = cell_str(pair->value.value) };
        }
        return 0;
}

int gather_strings(struct arena *arena, struct fact_set *out, const struct go_list *strings) {
        out->head.given = strings->given;
        for (size_t i = 0; i < strings->n; ++i) {
                int r = fact_set_add(arena, out, string_item(strings, i));

                if (r < 0)
                        return r;
        }
        return 0;
}

int gather_keys(struct arena *arena, struct fact_set *out, const struct go_list *map) {
        for (size_t i = 0; i < map->n; ++i) {
                int r = fact_set_add(arena, out, pair_item(map, i)->key);

                if (r < 0)
                        return r;
        }
        return 0;
}

int gather_labels(struct arena *arena, struct fact_set *out, const struct go_list *labels) {
        out->head.given = labels->given;
        for (size_t i = 0; i < labels->n; ++i) {
                const struct go_pair *pair = pair_item(labels, i);
                struct str name = pair->key, value = pair->value.value;
                char *p = arena_bytes(arena, name.n + 1 + value.n);
                int r;

                if (!p)
                        return -ENOMEM;
                if (name.n)
                        memcpy(p, name.p, name.n);
                p[name.n] = '=';
                if (value.n)
                        memcpy(p + name.n + 1, value.p, value.n);
                r = fact_set_add(arena, out, (struct str){ p, name.n + 1 + value.n });
                if (r < 0)
                        return r;
        }
        return 0;
}
