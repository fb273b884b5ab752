#include "provenance-priv.h"

#include <errno.h>

void position_add(struct text *t, struct position at) {
        if (!at.source) {
                text_addz(t, "default");
                return;
        }
        text_add(t, at.source->name);
        if (at.line)
                text_addf(t, ":%u", at.line);
}

static int copy_rules(struct provenance *out, struct arena *arena, const struct environment *e) {
        struct rules_place *places = ARENA_ARRAY(arena, struct rules_place, e->rules.n);

        if (!places)
                return -ENOMEM;
        for (size_t i = 0; i < e->rules.n; ++i)
                places[i] = (struct rules_place){ e->rules.items[i].path, e->rules.items[i].named };
        out->rules = places;
        out->n_rules = e->rules.n;
        return 0;
}

static int copy_items(struct definition_place *out, struct arena *arena, const struct definition *d) {
        struct definition_item *items = ARENA_ARRAY(arena, struct definition_item, d->n);

        if (!items)
                return -ENOMEM;
        for (size_t i = 0; i < d->n; ++i)
                items[i] = (struct definition_item){ d->items[i]->text, d->items[i]->at };
        out->items = items;
        out->n = d->n;
        return 0;
}

static int by_name(const void *a, const void *b) {
        const struct definition_place *x = a, *y = b;

        return str_cmp(x->name, y->name);
}

static int copy_definitions(struct provenance *out, struct arena *arena, const struct definitions *all) {
        struct definition_place *places = ARENA_ARRAY(arena, struct definition_place, all->n);

        if (!places)
                return -ENOMEM;
        for (size_t i = 0; i < all->n; ++i) {
                const struct definition *d = all->items[i];

                places[i] = (struct definition_place){ .name = d->name, .list = d->list, .at = d->at };
                if (copy_items(&places[i], arena, d) < 0)
                        return -ENOMEM;
        }
        if (all->n > 1)
                qsort(places, all->n, sizeof(*places), by_name);
        out->definitions = places;
        out->n_definitions = all->n;
        return 0;
}

static struct str text_at(const struct yaml_node *map, const char *key) {
        const struct yaml_node *node = yaml_get(map, key);

        return node ? node->text : (struct str){ 0 };
}

/* They have been checked: one of the three names is there. */
static struct override_place override_place(const struct yaml_node *node) {
        static const char *const names[] = {
                [OVERRIDE_OF_RULE] = "rule", [OVERRIDE_OF_LIST] = "list", [OVERRIDE_OF_VALUE] = "value"
        };
        unsigned kind = OVERRIDE_OF_RULE;

        while (kind < OVERRIDE_OF_VALUE && !yaml_get(node, names[kind]))
                ++kind;
        return (struct override_place){ .kind = kind,
                                        .name = text_at(node, names[kind]),
                                        .severity = text_at(node, "severity"),
                                        .at_least = text_at(node, "at-least"),
                                        .hard = yaml_get(node, "hard"),
                                        .mode = text_at(node, "mode"),
                                        .set = yaml_get(node, "set"),
                                        .append = yaml_get(node, "append"),
                                        .reason = text_at(node, "reason"),
                                        .at = node->at };
}

static int copy_overrides(struct provenance *out, struct arena *arena, const struct environment *e) {
        struct override_place *places = ARENA_ARRAY(arena, struct override_place, e->overrides.n);

        if (!places)
                return -ENOMEM;
        for (size_t i = 0; i < e->overrides.n; ++i)
                places[i] = override_place(e->overrides.items[i]);
        out->overrides = places;
        out->n_overrides = e->overrides.n;
        return 0;
}

int provenance_new(struct provenance *out, const struct loader *l, const struct environment *e) {
        struct arena *arena = l->compiler.yaml.keep;

        out->limits = e->places;
        return copy_rules(out, arena, e) < 0 || copy_definitions(out, arena, l->compiler.definitions) < 0 ||
                               copy_overrides(out, arena, e) < 0
                       ? -ENOMEM
                       : 0;
}
