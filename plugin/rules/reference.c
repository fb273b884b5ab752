#include "reference-priv.h"

#include "compiler.h"
#include "docksill/rules/schema.h"
#include "shown.h"

static int read_reference(struct compiler *c, const struct yaml_pair *pair, struct rule_reference *out) {
        const struct yaml_node *node = pair->value;
        size_t n = node->kind == NODE_SEQUENCE ? node->n : 1;

        out->framework = pair->key->text;
        if (!schema_is_name(pair->key->text))
                return diag_error(c->yaml.diag, pair->key->at, DIAG_BAD_NAME, "\"%s\" is no name of a framework",
                                  SHOWN(pair->key->text));
        if (node->kind == NODE_MAP || yaml_is_null(node))
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE, "references are written framework: [items]");
        out->items = ARENA_ARRAY(c->yaml.keep, struct str, n);
        if (!out->items)
                return -ENOMEM;
        out->n = n;
        for (size_t i = 0; i < n; ++i) {
                const struct yaml_node *item = node->kind == NODE_SEQUENCE ? node->items[i] : node;

                if (item->kind != NODE_SCALAR || yaml_is_null(item))
                        return diag_error(c->yaml.diag, item->at, DIAG_WRONG_TYPE,
                                          "references are written framework: [items]");
                out->items[i] = item->text;
        }
        return 0;
}

static struct rule_reference *place_of(struct rule_reference *items, size_t n, struct str framework) {
        size_t i = 0;

        while (i < n && !str_eq(items[i].framework, framework))
                ++i;
        return &items[i];
}

int references_new(struct compiler *c, const struct yaml_node *node, const struct references *base,
                   struct references *out) {
        struct rule_reference *items = ARENA_ARRAY(c->yaml.keep, struct rule_reference, base->n + (node ? node->n : 0));
        size_t n = 0, kept = 0;
        int r = 0;

        if (!items)
                return -ENOMEM;
        while (n < base->n) {
                items[n] = base->items[n];
                ++n;
        }
        for (size_t i = 0; node && i < node->n; ++i) {
                struct rule_reference *place = place_of(items, n, node->pairs[i].key->text);

                n += place == &items[n];
                r = worse(r, read_reference(c, &node->pairs[i], place));
        }
        for (size_t i = 0; i < n; ++i)
                if (items[i].n > 0)
                        items[kept++] = items[i];
        *out = (struct references){ items, kept };
        return r;
}
