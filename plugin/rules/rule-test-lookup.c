#include "rule-test-lookup.h"
#include "printable.h"
#include <errno.h>

enum {
        LOOKUP_PATHS,
        LOOKUP_SOCKETS,
        LOOKUP_INFO,
        LOOKUP_IMAGE,
        LOOKUP_VOLUME,
        LOOKUP_CONTAINER,
        LOOKUP_EXEC,
        LOOKUP_NETWORK,
        LOOKUP_PLUGIN,
        LOOKUP_SCAN,
        LOOKUP_HISTORY,
        LOOKUP_KEYS,
};

static const struct schema_key lookup_keys[LOOKUP_KEYS + 1] = {
        [LOOKUP_PATHS] = { "paths", SHAPE_MAP, .doc = "host paths, and where they lead" },
        [LOOKUP_SOCKETS] = { "sockets", SHAPE_TEXTS, .doc = "host paths where sockets are" },
        [LOOKUP_INFO] = { "info", SHAPE_MAP, .doc = "what GET /info said before" },
        [LOOKUP_IMAGE] = { "image", SHAPE_ANY, .doc = "what the engine says of the image that the request names" },
        [LOOKUP_VOLUME] = { "volume", SHAPE_MAP, .doc = "by name, what it says of volumes" },
        [LOOKUP_CONTAINER] = { "container", SHAPE_MAP, .doc = "by name or id, what it says of containers" },
        [LOOKUP_EXEC] = { "exec", SHAPE_MAP, .doc = "by id, what it says of an exec" },
        [LOOKUP_NETWORK] = { "network", SHAPE_MAP, .doc = "by name or id, what it says of networks" },
        [LOOKUP_PLUGIN] = { "plugin", SHAPE_MAP, .doc = "by name, what it says of plugins" },
        [LOOKUP_HISTORY] = { "history", SHAPE_TEXTS,
                             .doc = "what it says of how the image was built, the first line first" },
        [LOOKUP_SCAN] = { "scan", SHAPE_ANY, .doc = "a scanner's report on the image; none: there is none" },
};
const struct schema rule_test_lookup_schema = { "a lookup", lookup_keys };

int rule_test_json(struct compiler *c, const struct yaml_node *node, struct str *out) {
        struct text t;
        int r;

        if (!node)
                return 0;
        text_init_arena(&t, c->yaml.keep);
        r = yaml_json(node, &t, c->yaml.diag);
        *out = text_str(&t);
        return r;
}

static int make_path(struct compiler *c, const struct yaml_pair *pair, struct rule_test_path *out) {
        struct str path = pair->key->text, leads = pair->value->text;

        if (yaml_is_null(pair->value)) {
                *out = (struct rule_test_path){ .path = path };
                return 0;
        }
        if (pair->value->kind != NODE_SCALAR || leads.n == 0 || leads.p[0] != '/')
                return diag_error(c->yaml.diag, pair->value->at, DIAG_WRONG_TYPE,
                                  "where \"%s\" leads is an absolute path, or null when nobody can tell",
                                  PRINTABLE(path));
        *out = (struct rule_test_path){ .path = path, .leads = leads };
        return 0;
}

static int make_paths(struct compiler *c, const struct yaml_node *map, struct rule_test *test) {
        struct rule_test_path *paths;
        int r = 0;

        if (!map)
                return 0;
        paths = ARENA_ARRAY(c->yaml.keep, struct rule_test_path, map->n);
        if (!paths)
                return -ENOMEM;
        for (size_t i = 0; i < map->n; ++i)
                r = worse(r, make_path(c, &map->pairs[i], &paths[i]));
        test->paths = paths;
        test->n_paths = map->n;
        return r;
}

static int make_sockets(struct compiler *c, const struct yaml_node *node, struct rule_test *test) {
        size_t n = !node ? 0 : node->kind == NODE_SEQUENCE ? node->n : 1;
        struct str *sockets;

        if (n == 0)
                return 0;
        sockets = ARENA_ARRAY(c->yaml.keep, struct str, n);
        if (!sockets)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i)
                sockets[i] = node->kind == NODE_SEQUENCE ? node->items[i]->text : node->text;
        test->sockets = sockets;
        test->n_sockets = n;
        return 0;
}

static int make_answer(struct compiler *c, struct str kind, struct str name, const struct yaml_node *node,
                       struct rule_test_answer *out) {
        struct text t;
        int r;

        *out = (struct rule_test_answer){ .kind = kind, .name = name };
        if (yaml_is_null(node))
                return 0;
        if (node->kind != NODE_MAP)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE,
                                  "what the engine says of this %s is a map, or null when nobody answers",
                                  PRINTABLE(kind));
        text_init_arena(&t, c->yaml.keep);
        r = yaml_json(node, &t, c->yaml.diag);
        out->json = text_str(&t);
        return r;
}

/* As the engine tells it: the last line first. */
static int make_history(struct compiler *c, const struct yaml_node *node, struct rule_test_answer *out) {
        struct text t;

        *out = (struct rule_test_answer){ .kind = str_from(lookup_keys[LOOKUP_HISTORY].name) };
        text_init_arena(&t, c->yaml.keep);
        text_add_char(&t, '[');
        for (size_t i = node->kind == NODE_SEQUENCE ? node->n : 1; i-- > 0;) {
                text_addz(&t, "{\"CreatedBy\":");
                text_add_json(&t, node->kind == NODE_SEQUENCE ? node->items[i]->text : node->text);
                text_addz(&t, i ? "}," : "}");
        }
        text_add_char(&t, ']');
        out->json = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

/* A map of names for each kind but the image and its history: of these there is one. */
static int make_answers(struct compiler *c, const struct yaml_node *const *values, struct rule_test *test) {
        struct rule_test_answer *answers;
        size_t n = (values[LOOKUP_IMAGE] ? 1u : 0u) + (values[LOOKUP_HISTORY] ? 1u : 0u);
        int r = 0;

        for (size_t k = LOOKUP_IMAGE + 1; k <= LOOKUP_PLUGIN; ++k)
                n += values[k] ? values[k]->n : 0;
        answers = ARENA_ARRAY(c->yaml.keep, struct rule_test_answer, n);
        if (!answers)
                return -ENOMEM;
        test->answers = answers;
        test->n_answers = n;
        if (values[LOOKUP_IMAGE])
                r = make_answer(c, str_from(lookup_keys[LOOKUP_IMAGE].name), (struct str){ 0 }, values[LOOKUP_IMAGE],
                                answers++);
        if (values[LOOKUP_HISTORY])
                r = worse(r, make_history(c, values[LOOKUP_HISTORY], answers++));
        for (size_t k = LOOKUP_IMAGE + 1; k <= LOOKUP_PLUGIN; ++k)
                for (size_t i = 0; values[k] && i < values[k]->n; ++i)
                        r = worse(r, make_answer(c, str_from(lookup_keys[k].name), values[k]->pairs[i].key->text,
                                                 values[k]->pairs[i].value, answers++));
        return r;
}

/* A map is a report; "none" says that there is none, null that nobody could look in time. */
static int make_scan(struct compiler *c, const struct yaml_node *node, struct rule_test *test) {
        if (!node)
                return 0;
        if (node->kind == NODE_MAP) {
                test->scan = RULE_TEST_SCAN_REPORT;
                return rule_test_json(c, node, &test->report);
        }
        test->scan = yaml_is_null(node) ? RULE_TEST_SCAN_UNKNOWN : RULE_TEST_SCAN_NONE;
        if (yaml_is_null(node) || str_eqz(node->text, "none"))
                return 0;
        return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE,
                          "\"scan\" is a scanner's report, none when there is none, or null when nobody could look");
}

int rule_test_lookup(struct compiler *c, const struct yaml_node *map, struct rule_test *test) {
        const struct yaml_node *values[LOOKUP_KEYS];
        int r;

        if (!map)
                return 0;
        test->looked_up = true;
        r = schema_read(&rule_test_lookup_schema, map, values, c->yaml.diag);
        r = worse(r, make_paths(c, values[LOOKUP_PATHS], test));
        r = worse(r, make_sockets(c, values[LOOKUP_SOCKETS], test));
        r = worse(r, rule_test_json(c, values[LOOKUP_INFO], &test->info));
        r = worse(r, make_scan(c, values[LOOKUP_SCAN], test));
        return worse(r, make_answers(c, values, test));
}
