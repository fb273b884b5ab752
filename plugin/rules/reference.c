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

/* Where @framework stands in @base; its end when it does not. */
static size_t place_of(const struct references *base, struct str framework) {
        size_t i = 0;

        while (i < base->n && !str_eq(base->items[i].framework, framework))
                ++i;
        return i;
}

int references_new(struct compiler *c, const struct yaml_node *node, const struct references *base,
                   struct references *out) {
        struct rule_reference *items;
        size_t n = base->n, kept = 0;
        int r = 0;

        *out = *base;
        if (!node)
                return 0;
        items = ARENA_ARRAY(c->yaml.keep, struct rule_reference, base->n + node->n);
        if (!items)
                return -ENOMEM;
        if (base->n)
                memcpy(items, base->items, base->n * sizeof(*items));
        for (size_t i = 0; i < node->n; ++i) {
                size_t place = place_of(base, node->pairs[i].key->text);

                r = worse(r, read_reference(c, &node->pairs[i], &items[place < base->n ? place : n++]));
        }
        for (size_t i = 0; i < n; ++i)
                if (items[i].n > 0)
                        items[kept++] = items[i];
        *out = (struct references){ items, kept };
        return r;
}
