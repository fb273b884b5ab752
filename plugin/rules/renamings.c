#include "renamings.h"

#include "printable.h"

static int add(struct renamings *out, const struct yaml *y, const struct yaml_pair *pair) {
        const struct yaml_node *value = pair->value, *const *items = (const struct yaml_node *const *)value->items;
        size_t n = value->kind == NODE_SEQUENCE ? value->n : 1;
        struct renaming *slot;
        struct str *ids;

        if (renaming_find(renamings_view(out), pair->key->text))
                return diag_error(y->diag, pair->key->at, DIAG_DUPLICATE_ID, "\"%s\" was renamed already",
                                  PRINTABLE(pair->key->text));
        ids = ARENA_ARRAY(y->keep, struct str, n);
        if (!ids)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i) {
                const struct yaml_node *id = value->kind == NODE_SEQUENCE ? items[i] : value;

                if (id->kind != NODE_SCALAR)
                        return diag_error(y->diag, id->at, DIAG_WRONG_TYPE, "\"%s\" is a rule's id, or a list of some",
                                          PRINTABLE(pair->key->text));
                ids[i] = id->text;
        }
        if (n == 0)
                return diag_error(y->diag, value->at, DIAG_WRONG_TYPE, "\"%s\" is a rule's id, or a list of some",
                                  PRINTABLE(pair->key->text));
        slot = ARENA_PUSH(y->keep, out);
        if (!slot)
                return -ENOMEM;
        *slot = (struct renaming){ pair->key->text, ids, n, pair->key->at };
        return 0;
}

int renamings_add(struct renamings *out, const struct yaml *y, const struct yaml_node *map) {
        int r = 0;

        for (size_t i = 0; map && map->kind == NODE_MAP && i < map->n; ++i) {
                int one = add(out, y, &map->pairs[i]);

                if (one == -ENOMEM)
                        return one;
                r = one < 0 ? one : r;
        }
        return r;
}
