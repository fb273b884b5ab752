#include "access-priv.h"

#include "condition-priv.h"
#include "docksill/engine/operation.h"
#include "entry-schemas.h"
#include "printable.h"
#include "rule-operations.h"
#include "who.h"

enum { ENTRY_WHO, ENTRY_ALLOW, ENTRY_DENY, ENTRY_KEYS };

static const struct schema who_schema;

static const struct schema_key entry_keys[ENTRY_KEYS + 1] = {
        [ENTRY_WHO] = { "who", SHAPE_MAP, .required = true, .of = &who_schema, .doc = "the callers it concerns" },
        [ENTRY_ALLOW] = { "allow", SHAPE_TEXTS, .doc = "operations or families; closes all others to these callers" },
        [ENTRY_DENY] = { "deny", SHAPE_TEXTS, .doc = "operations or families; wins over any allow" },
};
const struct schema access_schema = { "an access entry", entry_keys };

enum { WHO_USER, WHO_ANONYMOUS, WHO_AUTHN, WHO_KEYS };

static const struct schema_key who_keys[WHO_KEYS + 1] = {
        [WHO_USER] = { "user", SHAPE_TEXTS, .doc = "globs on the common name of the client certificate" },
        [WHO_ANONYMOUS] = { "anonymous", SHAPE_FLAG, .doc = "without a name: the Unix socket" },
        [WHO_AUTHN] = { "authn", SHAPE_TEXTS, .doc = "how dockerd came to know the caller: TLS" },
};
static const struct schema who_schema = { "who", who_keys };

static size_t texts_n(const struct yaml_node *node) {
        return node->kind == NODE_SEQUENCE ? node->n : 1;
}

static const struct yaml_node *texts_item(const struct yaml_node *node, size_t i) {
        return node->kind == NODE_SEQUENCE ? node->items[i] : node;
}

static int read_authn(struct loader *l, const struct yaml_node *node, struct access_entry *out) {
        struct str *items;

        if (!node)
                return 0;
        items = ARENA_ARRAY(l->compiler.yaml.keep, struct str, texts_n(node));
        if (!items)
                return -ENOMEM;
        for (size_t i = 0; i < texts_n(node); ++i)
                items[i] = texts_item(node, i)->text;
        out->authn = items;
        out->n_authn = texts_n(node);
        return 0;
}

/* anonymous: B  →  request.user: {empty: B}; authn is no fact and asked for apart. */
static int unfold(struct compiler *c, const struct yaml_node *who, const struct yaml_node *anonymous,
                  const struct yaml_node **out) {
        struct yaml_node *map = ARENA_NEW(c->yaml.scratch, struct yaml_node), *fact, *test, *words;
        struct yaml_pair *pairs = ARENA_ARRAY(c->yaml.scratch, struct yaml_pair, who->n + 1);
        size_t n = 0;

        fact = ARENA_NEW(c->yaml.scratch, struct yaml_node);
        test = ARENA_NEW(c->yaml.scratch, struct yaml_node);
        words = ARENA_NEW(c->yaml.scratch, struct yaml_node);
        if (!map || !pairs || !fact || !test || !words)
                return -ENOMEM;
        for (size_t i = 0; i < who->n; ++i)
                if (str_eqz(who->pairs[i].key->text, "user"))
                        pairs[n++] = who->pairs[i];
        if (anonymous) {
                *fact = (struct yaml_node){ .kind = NODE_SCALAR, .at = anonymous->at, .text = STR("request.user") };
                *words = (struct yaml_node){ .kind = NODE_SCALAR, .at = anonymous->at, .text = STR("empty") };
                *test = (struct yaml_node){ .kind = NODE_MAP, .at = anonymous->at };
                test->pairs = ARENA_NEW(c->yaml.scratch, struct yaml_pair);
                if (!test->pairs)
                        return -ENOMEM;
                *test->pairs = (struct yaml_pair){ words, anonymous };
                test->n = test->capacity = 1;
                pairs[n++] = (struct yaml_pair){ fact, test };
        }
        *map = (struct yaml_node){ .kind = NODE_MAP, .at = who->at, .pairs = pairs, .n = n, .capacity = n };
        return who_unfold(c, map, out);
}

static int read_who(struct loader *l, const struct yaml_node *who, struct access_entry *out) {
        const struct yaml_node *values[WHO_KEYS], *conditions;
        struct compiler *c = &l->compiler;
        int r = schema_read(&who_schema, who, values, c->yaml.diag);

        if (r < 0)
                return r;
        if (who->n == 0)
                return diag_error(c->yaml.diag, who->at, DIAG_ACCESS_NOBODY,
                                  "\"who\" is empty; everybody is two entries: user: [\"*\"] and anonymous: true");
        if (values[WHO_USER] && schema_flag(values[WHO_ANONYMOUS]))
                return diag_error(c->yaml.diag, values[WHO_ANONYMOUS]->at, DIAG_ACCESS_NOBODY,
                                  "nobody anonymous has a user's name; write two entries");
        if (unfold(c, who, values[WHO_ANONYMOUS], &conditions) < 0)
                return -ENOMEM;
        c->each = NULL;
        r = condition_new(c, conditions, &out->who);
        return worse(r, read_authn(l, values[WHO_AUTHN], out));
}

static int add_operation(struct loader *l, const struct yaml_node *node, uint8_t *operations) {
        bool all = str_eqz(node->text, "*"), known = all;

        operations[operation_table_n] |= all;
        for (size_t i = 0; i < operation_table_n; ++i)
                if (all || rule_names_operation(node->text, operation_table[i].id))
                        operations[i] = known = true;
        return known ? 0 : operation_unknown(l->compiler.yaml.diag, node);
}

static int read_operations(struct loader *l, const struct yaml_node *node, struct access_entry *out) {
        int r = 0;

        out->operations = arena_alloc(l->compiler.yaml.keep, operation_table_n + 1);
        if (!out->operations)
                return -ENOMEM;
        for (size_t i = 0; i < texts_n(node); ++i)
                r = worse(r, add_operation(l, texts_item(node, i), out->operations));
        return r;
}

static int read_entry(struct loader *l, const struct yaml_node *node, struct access_entry *out) {
        const struct yaml_node *values[ENTRY_KEYS], *allow, *deny;
        struct diag *diag = l->compiler.yaml.diag;
        int r = schema_read(&access_schema, node, values, diag);

        if (r < 0)
                return r;
        allow = values[ENTRY_ALLOW];
        deny = values[ENTRY_DENY];
        *out = (struct access_entry){ .allow = allow, .at = node->at };
        r = read_who(l, values[ENTRY_WHO], out);
        if (!allow && !deny)
                return diag_error(diag, node->at, DIAG_MISSING_KEY, "an access entry needs \"allow\" or \"deny\"");
        if (allow && deny)
                return diag_error(diag, deny->at, DIAG_UNKNOWN_KEY,
                                  "an access entry has \"allow\" or \"deny\", not both; write two entries");
        return worse(r, read_operations(l, allow ? allow : deny, out));
}

int access_compile(struct loader *l, const struct environment *e, struct access_view *out) {
        struct access_entry *items = ARENA_ARRAY(l->compiler.yaml.keep, struct access_entry, e->access.n);
        int r = 0;

        if (!items)
                return -ENOMEM;
        for (size_t i = 0; i < e->access.n; ++i)
                r = worse(r, read_entry(l, e->access.items[i], &items[i]));
        *out = (struct access_view){ items, e->access.n };
        return r;
}
