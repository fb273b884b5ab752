#include "docksill/rules/schema.h"

#include "printable.h"
#include <assert.h>

#define NAME_MOST   63
#define NUMBER_MOST 1000000

const char *const schema_severities[] = { "none", "info", "low", "medium", "high", "critical", NULL };
const char *const schema_modes[] = { "enforce", "enforce-hard", "audit", NULL };

/* Nothing stands behind the key. The word null is a text where the schema wants one: somebody's test is called so. */
static bool is_nothing(const struct yaml_node *node) {
        return node->kind == NODE_SCALAR && !node->quoted && node->text.n == 0;
}

static const char *node_kind_name(const struct yaml_node *node) {
        if (is_nothing(node))
                return "nothing";
        switch (node->kind) {
        case NODE_SCALAR: return "a text";
        case NODE_SEQUENCE: return "a list";
        case NODE_MAP: return "a map";
        }
        return "";
}

bool schema_is_name(struct str text) {
        if (text.n == 0 || text.n > NAME_MOST || text.p[0] < 'a' || text.p[0] > 'z')
                return false;
        for (size_t i = 0; i < text.n; ++i)
                if (!(text.p[i] >= 'a' && text.p[i] <= 'z') && !ascii_digit(text.p[i]) && text.p[i] != '-')
                        return false;
        return true;
}

static bool is_flag(const struct yaml_node *node) {
        return str_eqz(node->text, "true") || str_eqz(node->text, "false");
}

bool schema_flag(const struct yaml_node *node) {
        return node && str_eqz(node->text, "true");
}

unsigned schema_number(const struct yaml_node *node) {
        int64_t v = 0;

        return node && str_int(node->text, &v) == 0 && v >= 0 && v <= NUMBER_MOST ? (unsigned)v : 0;
}

static bool is_number(const struct yaml_node *node) {
        int64_t v;

        return str_int(node->text, &v) == 0 && v >= 0 && v <= NUMBER_MOST;
}

static int wrong_shape(const struct schema_key *key, const struct yaml_node *node, const char *wanted,
                       struct diag *diag) {
        return diag_error(diag, node->at, DIAG_WRONG_TYPE, "\"%s\" is %s, not %s", key->name, wanted,
                          node_kind_name(node));
}

static int check_choice(const struct schema_key *key, const struct yaml_node *node, struct diag *diag) {
        struct nearest nearest;
        char words[200];
        struct text t;

        nearest_init(&nearest, node->text);
        text_init_fixed(&t, words, sizeof(words));
        for (const char *const *choice = key->choices; *choice; ++choice) {
                if (str_eqz(node->text, *choice))
                        return 0;
                nearest_offer(&nearest, str_from(*choice));
                text_addz(&t, choice == key->choices ? "" : choice[1] ? ", " : " or ");
                text_addz(&t, *choice);
        }
        assert(!t.failed);
        return diag_error(diag, node->at, DIAG_WRONG_TYPE, "\"%s\" is %s, not \"%s\"%s", key->name, words,
                          PRINTABLE(node->text), SUGGESTION(&nearest));
}

static int check_texts(const struct schema_key *key, const struct yaml_node *node, struct diag *diag) {
        int r = 0;

        if (node->kind == NODE_MAP || is_nothing(node))
                return wrong_shape(key, node, "a text or a list of texts", diag);
        for (size_t i = 0; node->kind == NODE_SEQUENCE && i < node->n; ++i)
                if (node->items[i]->kind != NODE_SCALAR || is_nothing(node->items[i]))
                        r = diag_error(diag, node->items[i]->at, DIAG_WRONG_TYPE, "an item of \"%s\" is a text, not %s",
                                       key->name, node_kind_name(node->items[i]));
        return r;
}

static int check_scalar(const struct schema_key *key, const struct yaml_node *node, struct diag *diag) {
        if (node->kind != NODE_SCALAR || is_nothing(node))
                return wrong_shape(key, node,
                                   key->shape == SHAPE_FLAG     ? "true or false"
                                   : key->shape == SHAPE_NUMBER ? "a number"
                                   : key->shape == SHAPE_TEXT   ? "a text"
                                                                : "one word",
                                   diag);
        if (key->shape == SHAPE_NAME && !schema_is_name(node->text))
                return diag_error(
                        diag, node->at, DIAG_BAD_NAME,
                        "\"%s\" is no name: lower-case letters, digits and dashes, a letter first, at most 63",
                        PRINTABLE(node->text));
        if (key->shape == SHAPE_FLAG && !is_flag(node))
                return diag_error(diag, node->at, DIAG_WRONG_TYPE, "\"%s\" is true or false, not \"%s\"", key->name,
                                  PRINTABLE(node->text));
        if (key->shape == SHAPE_NUMBER && !is_number(node))
                return diag_error(diag, node->at, DIAG_WRONG_TYPE, "\"%s\" is a number from 0 to 1000000, not \"%s\"",
                                  key->name, PRINTABLE(node->text));
        return key->shape == SHAPE_CHOICE ? check_choice(key, node, diag) : 0;
}

static int check_shape(const struct schema_key *key, const struct yaml_node *node, struct diag *diag) {
        switch (key->shape) {
        case SHAPE_ANY: return 0;
        case SHAPE_TEXTS: return check_texts(key, node, diag);
        case SHAPE_SEQUENCE: return node->kind == NODE_SEQUENCE ? 0 : wrong_shape(key, node, "a list", diag);
        case SHAPE_MAP: return node->kind == NODE_MAP ? 0 : wrong_shape(key, node, "a map", diag);
        default: return check_scalar(key, node, diag);
        }
}

static int unknown_key(const struct schema *schema, const struct yaml_node *key, struct diag *diag) {
        struct nearest nearest;

        nearest_init(&nearest, key->text);
        for (const struct schema_key *k = schema->keys; k->name; ++k)
                nearest_offer(&nearest, str_from(k->name));
        return diag_error(diag, key->at, DIAG_UNKNOWN_KEY, "%s has no key \"%s\"%s", schema->what, PRINTABLE(key->text),
                          SUGGESTION(&nearest));
}

static size_t key_index(const struct schema *schema, struct str name) {
        size_t i = 0;

        while (schema->keys[i].name && !str_eqz(name, schema->keys[i].name))
                ++i;
        return i;
}

int schema_read(const struct schema *schema, const struct yaml_node *node, const struct yaml_node **values,
                struct diag *diag) {
        bool seen[SCHEMA_KEYS_MOST] = { false };
        size_t n = 0;
        int r = 0;

        while (schema->keys[n].name)
                values[n++] = NULL;
        assert(n <= SCHEMA_KEYS_MOST);
        if (node->kind != NODE_MAP)
                return diag_error(diag, node->at, DIAG_WRONG_TYPE, "%s is a map, not %s", schema->what,
                                  node_kind_name(node));

        for (size_t i = 0; i < node->n; ++i) {
                size_t k = key_index(schema, node->pairs[i].key->text);

                if (k == n) {
                        r = unknown_key(schema, node->pairs[i].key, diag);
                        continue;
                }
                seen[k] = true;
                if (check_shape(&schema->keys[k], node->pairs[i].value, diag) < 0)
                        r = -EINVAL;
                else
                        values[k] = node->pairs[i].value;
        }
        for (size_t k = 0; k < n; ++k)
                if (schema->keys[k].required && !seen[k])
                        r = diag_error(diag, node->at, DIAG_MISSING_KEY, "%s needs \"%s\"", schema->what,
                                       schema->keys[k].name);
        return r;
}

static const char *const kinds[] = { "rules",  "environment", "configuration", "exemptions", "framework",
                                     "access", "profile",     "scan-ignore",   NULL };

static int unknown_kind(const struct yaml_node *node, struct diag *diag) {
        struct nearest nearest;

        nearest_init(&nearest, node->text);
        for (const char *const *k = kinds; *k; ++k)
                nearest_offer(&nearest, str_from(*k));
        return diag_error(diag, node->at, DIAG_WRONG_DOCUMENT, "no document has the kind \"%s\"%s",
                          PRINTABLE(node->text), SUGGESTION(&nearest));
}

struct str schema_document(const struct yaml_node *root, const char *kind, struct diag *diag) {
        const struct yaml_node *version = yaml_get(root, "docksill"), *is = yaml_get(root, "kind");
        int r = 0;

        if (!version || !is)
                r = diag_error(diag, root->at, DIAG_WRONG_DOCUMENT,
                               "no docksill document: it begins with `docksill: v1` and `kind: %s`",
                               kind ? kind : "rules");
        else if (!str_eqz(version->text, "v1"))
                r = diag_error(diag, version->at, DIAG_WRONG_DOCUMENT, "this docksill reads v1, not \"%s\"",
                               PRINTABLE(version->text));
        else if (!str_is_one_of(is->text, kinds))
                r = unknown_kind(is, diag);
        else if (kind && !str_eqz(is->text, kind))
                r = diag_error(diag, is->at, DIAG_WRONG_DOCUMENT, "a document of kind \"%s\" belongs here, not \"%s\"",
                               kind, PRINTABLE(is->text));
        return r < 0 ? (struct str){ 0 } : is->text;
}
