#include "who.h"

#include <errno.h>

static struct yaml_node *new_node(struct compiler *c, enum node_kind kind, struct position at) {
        struct yaml_node *node = ARENA_NEW(c->yaml.scratch, struct yaml_node);

        if (node)
                *node = (struct yaml_node){ .kind = kind, .at = at };
        return node;
}

static struct yaml_node *new_word(struct compiler *c, const char *word, struct position at) {
        struct yaml_node *node = new_node(c, NODE_SCALAR, at);

        if (node)
                node->text = str_from(word);
        return node;
}

/* {key: value}, at the place of @at. NULL: no memory, or @value is NULL. */
static struct yaml_node *new_map(struct compiler *c, const char *key, const struct yaml_node *value,
                                 struct position at) {
        struct yaml_node *map = new_node(c, NODE_MAP, at), *word = new_word(c, key, at);

        if (!map || !word || !value)
                return NULL;
        map->pairs = ARENA_NEW(c->yaml.scratch, struct yaml_pair);
        if (!map->pairs)
                return NULL;
        *map->pairs = (struct yaml_pair){ word, value };
        map->n = map->capacity = 1;
        return map;
}

/* user: X  →  all: [{request.user: {glob: X}}, {request.user: {empty: false}}] */
static int unfold_user(struct compiler *c, const struct yaml_pair *pair, struct yaml_pair *out) {
        struct position at = pair->key->at;
        struct yaml_node *all = new_word(c, "all", at), *both = new_node(c, NODE_SEQUENCE, at);
        const struct yaml_node *glob = new_map(c, "request.user", new_map(c, "glob", pair->value, at), at);
        const struct yaml_node *known =
                new_map(c, "request.user", new_map(c, "empty", new_word(c, "false", at), at), at);

        if (!all || !both || !glob || !known)
                return -ENOMEM;
        both->items = ARENA_ARRAY(c->yaml.scratch, const struct yaml_node *, 2);
        if (!both->items)
                return -ENOMEM;
        both->items[0] = glob;
        both->items[1] = known;
        both->n = both->capacity = 2;
        *out = (struct yaml_pair){ all, both };
        return 0;
}

static int unfold_list(struct compiler *c, const struct yaml_node *list, const struct yaml_node **out) {
        struct yaml_node *copy = new_node(c, NODE_SEQUENCE, list->at);

        if (!copy)
                return -ENOMEM;
        copy->items = ARENA_ARRAY(c->yaml.scratch, const struct yaml_node *, list->n);
        if (!copy->items)
                return -ENOMEM;
        copy->n = copy->capacity = list->n;
        for (size_t i = 0; i < list->n; ++i)
                if (who_unfold(c, list->items[i], &copy->items[i]) < 0)
                        return -ENOMEM;
        *out = copy;
        return 0;
}

static int unfold_pair(struct compiler *c, const struct yaml_pair *pair, struct yaml_pair *out) {
        struct str key = pair->key->text;
        bool list = str_eqz(key, "all") || str_eqz(key, "any");

        if (str_eqz(key, "user"))
                return unfold_user(c, pair, out);
        *out = *pair;
        if (list && pair->value->kind == NODE_SEQUENCE)
                return unfold_list(c, pair->value, &out->value);
        if (str_eqz(key, "not"))
                return who_unfold(c, pair->value, &out->value);
        return 0;
}

/* Recursion: as deep as the file was written, YAML_DEPTH_MOST. */
int who_unfold(struct compiler *c, const struct yaml_node *map, const struct yaml_node **out) {
        struct yaml_node *copy;

        *out = map;
        if (map->kind != NODE_MAP)
                return 0;
        copy = new_node(c, NODE_MAP, map->at);
        if (!copy)
                return -ENOMEM;
        copy->pairs = ARENA_ARRAY(c->yaml.scratch, struct yaml_pair, map->n);
        if (!copy->pairs)
                return -ENOMEM;
        copy->n = copy->capacity = map->n;
        for (size_t i = 0; i < map->n; ++i)
                if (unfold_pair(c, &map->pairs[i], &copy->pairs[i]) < 0)
                        return -ENOMEM;
        *out = copy;
        return 0;
}
