#include "rule-test-host.h"

#include "printable.h"
#include "value.h"

static int fill(struct compiler *c, const struct fact *fact, const struct yaml_node *node, void *cell);

static size_t cell_size(enum fact_type type) {
        switch (type) {
        case FACT_BOOL: return sizeof(struct fact_bool);
        case FACT_INT:
        case FACT_BYTES:
        case FACT_DURATION: return sizeof(struct fact_int);
        case FACT_STRINGS: return sizeof(struct fact_set);
        case FACT_LIST: return sizeof(struct fact_list);
        default: return sizeof(struct fact_str);
        }
}

static int wrong_shape(struct compiler *c, const struct fact *fact, const struct yaml_node *node, const char *wanted) {
        return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE, "%" STR_FMT " is %s here", STR_ARG(fact->name),
                          wanted);
}

static int fill_scalar(struct compiler *c, const struct fact *fact, const struct yaml_node *node, void *cell) {
        const struct fact_ref ref = { .fact = fact, .type = fact->type, .name = fact->name };
        const struct item item = { .node = node };
        struct operand operand;
        int r;

        if (node->kind != NODE_SCALAR)
                return wrong_shape(c, fact, node, "one value");
        r = value_read(c, &ref, TAKES_ONE, &item, &operand);
        if (r < 0)
                return r;
        switch (fact->type) {
        case FACT_BOOL: ((struct fact_bool *)cell)->value = operand.flag; break;
        case FACT_INT:
        case FACT_BYTES:
        case FACT_DURATION: ((struct fact_int *)cell)->value = operand.number; break;
        default: ((struct fact_str *)cell)->value = operand.text; break;
        }
        return 0;
}

static int fill_set(struct compiler *c, const struct fact *fact, const struct yaml_node *node, struct fact_set *set) {
        int r = 0;

        if (node->kind != NODE_SEQUENCE)
                return wrong_shape(c, fact, node, "a list of texts");
        set->items = ARENA_ARRAY(c->yaml.keep, struct str, node->n);
        if (!set->items)
                return -ENOMEM;
        for (size_t i = 0; i < node->n; ++i) {
                if (node->items[i]->kind != NODE_SCALAR)
                        r = worse(r, wrong_shape(c, fact, node->items[i], "a list of texts"));
                set->items[set->n++] = node->items[i]->text;
        }
        return r;
}

static int fill_element(struct compiler *c, const struct fact *list, const struct yaml_node *map, char *element) {
        int r = 0;

        if (map->kind != NODE_MAP)
                return wrong_shape(c, list, map, "a list of maps");
        for (size_t i = 0; i < map->n; ++i) {
                const struct yaml_node *key = map->pairs[i].key;
                const struct fact *member = fact_find_in(list->element, key->text);

                if (!member)
                        r = worse(r, diag_error(c->yaml.diag, key->at, DIAG_UNKNOWN_FACT, "%" STR_FMT " has no \"%s\"",
                                                STR_ARG(list->name), PRINTABLE(key->text)));
                else
                        r = worse(r, fill(c, member, map->pairs[i].value, element + member->at));
        }
        return r;
}

static int fill_list(struct compiler *c, const struct fact *fact, const struct yaml_node *node,
                     struct fact_list *list) {
        int r = 0;

        if (node->kind != NODE_SEQUENCE)
                return wrong_shape(c, fact, node, "a list of maps");
        list->items = arena_array(c->yaml.keep, node->n, fact->element_size);
        if (!list->items)
                return -ENOMEM;
        list->n = node->n;
        for (size_t i = 0; i < node->n; ++i)
                r = worse(r, fill_element(c, fact, node->items[i], (char *)list->items + i * fact->element_size));
        return r;
}

/* Every cell begins with its head; a null leaves what is zero, and unknown. */
static int fill(struct compiler *c, const struct fact *fact, const struct yaml_node *node, void *cell) {
        struct fact_head *head = cell;

        if (yaml_is_null(node)) {
                head->state = FACT_UNKNOWN;
                return 0;
        }
        head->given = true;
        switch (fact->type) {
        case FACT_STRINGS: return fill_set(c, fact, node, cell);
        case FACT_LIST: return fill_list(c, fact, node, cell);
        default: return fill_scalar(c, fact, node, cell);
        }
}

static int find(struct compiler *c, const struct yaml_node *key, const struct fact **out) {
        struct nearest nearest;

        *out = fact_find(key->text);
        if (*out && (*out)->group == GROUP_HOST)
                return 0;
        nearest_init(&nearest, key->text);
        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].group == GROUP_HOST)
                        nearest_offer(&nearest, fact_table[i].name);
        return diag_error(c->yaml.diag, key->at, DIAG_UNKNOWN_FACT, "an audit finds no \"%s\"%s", PRINTABLE(key->text),
                          SUGGESTION(&nearest));
}

static int fill_found(struct compiler *c, const struct yaml_pair *pair, struct rule_test_fact *out) {
        struct rule_test_fact found = { 0 };
        int r = find(c, pair->key, &found.fact);
        void *cell;

        if (r < 0)
                return r;
        found.size = cell_size(found.fact->type);
        cell = arena_alloc(c->yaml.keep, found.size);
        if (!cell)
                return -ENOMEM;
        found.cell = cell;
        *out = found;
        return fill(c, found.fact, pair->value, cell);
}

int rule_test_host(struct compiler *c, const struct yaml_node *map, struct rule_test *out) {
        struct rule_test_fact *found;
        int r = 0;

        if (!map || map->kind != NODE_MAP)
                return 0;
        found = ARENA_ARRAY(c->yaml.keep, struct rule_test_fact, map->n);
        if (!found)
                return -ENOMEM;
        for (size_t i = 0; i < map->n; ++i)
                r = worse(r, fill_found(c, &map->pairs[i], &found[i]));
        out->found = found;
        out->n_found = r < 0 ? 0 : map->n;
        return r;
}
