/*
 * One entry of a rule's `tests:`: the request that docksill will be shown, as far as a person wrote it.
 */
#include "defaults.h"
#include "docksill/base/date.h"
#include "docksill/engine/operation.h"
#include "docksill/rules/schema.h"
#include "printable.h"
#include "rule-operations.h"
#include "rule-priv.h"
#include "rule-test-host.h"
#include "rule-test-lookup.h"

#define API_STANDARD 41 /* what the docker client of Debian 12 speaks */

enum {
        TEST_NAME,
        TEST_OPERATION,
        TEST_CREATE,
        TEST_BODY,
        TEST_RAW,
        TEST_ENCODED,
        TEST_PATH,
        TEST_QUERY,
        TEST_API,
        TEST_TARGET,
        TEST_HEADERS,
        TEST_RESPONSE,
        TEST_LOOKUP,
        TEST_HOST,
        TEST_TODAY,
        TEST_SKIPPED,
        TEST_EXPECT,
        TEST_KEYS,
};

static const struct schema_key test_keys[TEST_KEYS + 1] = {
        [TEST_NAME] = { "name", SHAPE_TEXT, .required = true, .doc = "what is special about this request" },
        [TEST_OPERATION] = { "operation", SHAPE_TEXT, .doc = "gives method and path; default: the file's" },
        [TEST_CREATE] = { "create", SHAPE_MAP, .doc = "a container.create whose body is {HostConfig: this}" },
        [TEST_BODY] = { "body", SHAPE_ANY, .doc = "the body, sent as JSON" },
        [TEST_RAW] = { "raw", SHAPE_TEXT, .doc = "the body, sent as it stands here" },
        [TEST_ENCODED] = { "encoded", SHAPE_TEXT, .doc = "the body as the call holds it, in base64 or not" },
        [TEST_PATH] = { "path", SHAPE_MAP, .holds = HOLDS_TEXT,
                        .doc = "variables of the operation's path; default: a" },
        [TEST_QUERY] = { "query", SHAPE_MAP, .doc = "parameters; a list repeats one, a map is sent as JSON" },
        [TEST_API] = { "api", SHAPE_TEXT, .doc = "version before the path: 1.N or N; default: 1.41" },
        [TEST_TARGET] = { "target", SHAPE_TEXT, .doc = "the whole request target, sent as it stands here" },
        [TEST_HEADERS] = { "headers", SHAPE_MAP, .doc = "Content-Length and Content-Type are made up unless given" },
        [TEST_RESPONSE] = { "response", SHAPE_ANY, .doc = "the body of the engine's answer, sent as JSON" },
        [TEST_LOOKUP] = { "lookup", SHAPE_MAP, .of = &rule_test_lookup_schema,
                          .doc = "what lookups say; what is not named is not there" },
        [TEST_HOST] = { "host", SHAPE_MAP, .doc = "by fact, what an audit finds; null: it could not tell" },
        [TEST_TODAY] = { "today", SHAPE_TEXT, .doc = "the day that ages are counted to: 2026-12-31" },
        [TEST_SKIPPED] = { "skipped", SHAPE_TEXT, .doc = "why no request can show it: the test is counted, not run" },
        [TEST_EXPECT] = { "expect", SHAPE_CHOICE, .required = true, .choices = schema_severities,
                          .doc = "none: does not fire" },
};
const struct schema test_schema = { "a test", test_keys };

static bool is_unreserved(char c) {
        return ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c && strchr("-._~", c));
}

static void add_escaped(struct text *t, struct str s, const char *kept) {
        for (size_t i = 0; i < s.n; ++i)
                if (is_unreserved(s.p[i]) || (s.p[i] && strchr(kept, s.p[i])))
                        text_add_char(t, s.p[i]);
                else
                        text_addf(t, "%%%02X", (unsigned)(unsigned char)s.p[i]);
}

/* The variable at the head of @pattern, "{name}" or "{name*}"; false when there is none. */
static bool cut_variable(struct str *pattern, struct str *name, bool *slashes) {
        size_t end = str_find(*pattern, '}');

        if (pattern->n == 0 || pattern->p[0] != '{' || end == pattern->n)
                return false;
        *name = str_skip(str_first(*pattern, end), 1);
        *slashes = str_ends(*name, STR_C("*"));
        *name = str_first(*name, name->n - *slashes);
        *pattern = str_skip(*pattern, end + 1);
        return true;
}

static void add_path(struct text *t, const struct operation *o, const struct yaml_node *variables) {
        struct str pattern = str_from(o->path), name;
        bool slashes;

        while (pattern.n > 0) {
                const struct yaml_node *value = NULL;
                char z[32];

                if (!cut_variable(&pattern, &name, &slashes)) {
                        text_add_char(t, pattern.p[0]);
                        pattern = str_skip(pattern, 1);
                        continue;
                }
                str_to_z(name, z, sizeof(z));
                if (variables)
                        value = yaml_get(variables, z);
                add_escaped(t, value ? value->text : STR_C("a"), slashes ? ":@/" : ":@");
        }
}

static bool has_variable(const struct operation *o, struct str wanted, struct nearest *nearest) {
        struct str pattern = str_from(o->path), name;
        bool slashes, has = false;

        while (pattern.n > 0)
                if (cut_variable(&pattern, &name, &slashes)) {
                        has = has || str_eq(name, wanted);
                        nearest_offer(nearest, name);
                } else {
                        pattern = str_skip(pattern, 1);
                }
        return has;
}

/* Text of a map's value; containers are reported. */
static int check_texts(struct compiler *c, const struct yaml_node *map) {
        int r = 0;

        for (size_t i = 0; map && i < map->n; ++i)
                if (map->pairs[i].value->kind != NODE_SCALAR)
                        r = diag_error(c->yaml.diag, map->pairs[i].value->at, DIAG_WRONG_TYPE, "\"%s\" is a text here",
                                       PRINTABLE(map->pairs[i].key->text));
        return r;
}

static int check_path(struct compiler *c, const struct operation *o, const struct yaml_node *variables) {
        int r = check_texts(c, variables);

        for (size_t i = 0; variables && i < variables->n; ++i) {
                const struct yaml_node *key = variables->pairs[i].key;
                struct nearest nearest;

                nearest_init(&nearest, key->text);
                if (!has_variable(o, key->text, &nearest))
                        r = diag_error(c->yaml.diag, key->at, DIAG_UNKNOWN_KEY,
                                       "the path \"%s\" has no variable \"%s\"%s", o->path, PRINTABLE(key->text),
                                       SUGGESTION(&nearest));
        }
        return r;
}

static int add_parameter(struct compiler *c, struct text *t, bool *first, struct str key,
                         const struct yaml_node *value) {
        struct text json;
        int r = 0;

        text_add_char(t, *first ? '?' : '&');
        *first = false;
        add_escaped(t, key, "");
        text_add_char(t, '=');
        if (value->kind == NODE_SCALAR) {
                add_escaped(t, value->text, ":/");
                return 0;
        }
        text_init_arena(&json, c->yaml.scratch);
        r = yaml_json(value, &json, c->yaml.diag);
        add_escaped(t, text_str(&json), ":/");
        return r;
}

static int add_query(struct compiler *c, struct text *t, const struct yaml_node *query) {
        bool first = true;
        int r = 0;

        for (size_t i = 0; query && i < query->n; ++i) {
                const struct yaml_node *value = query->pairs[i].value;
                size_t n = value->kind == NODE_SEQUENCE ? value->n : 1;

                for (size_t j = 0; j < n; ++j)
                        r = worse(r, add_parameter(c, t, &first, query->pairs[i].key->text,
                                                   value->kind == NODE_SEQUENCE ? value->items[j] : value));
        }
        return r;
}

/* "1.23" or "23". */
static int read_api(struct compiler *c, const struct yaml_node *node, int64_t *minor) {
        struct str text;

        *minor = API_STANDARD;
        if (!node)
                return 0;
        text = str_starts(node->text, STR_C("1.")) ? str_skip(node->text, 2) : node->text;
        if (str_int(text, minor) == 0 && *minor >= 0 && *minor < 1000)
                return 0;
        return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE, "\"api\" is a version such as 1.41, not \"%s\"",
                          PRINTABLE(node->text));
}

static int make_target(struct compiler *c, const struct yaml_node *const *values, const struct operation *o,
                       struct rule_test *test) {
        struct text t;
        int64_t minor;
        int r;

        if (values[TEST_TARGET]) {
                test->target = values[TEST_TARGET]->text;
                return 0;
        }
        text_init_arena(&t, c->yaml.keep);
        r = read_api(c, values[TEST_API], &minor);
        r = worse(r, check_path(c, o, values[TEST_PATH]));
        if (r < 0)
                return r;
        text_addf(&t, "/v1.%d", (int)minor);
        add_path(&t, o, values[TEST_PATH]);
        r = add_query(c, &t, values[TEST_QUERY]);
        test->target = text_str(&t);
        return t.failed ? -ENOMEM : r;
}

/* The one place that the body comes from. */
static int check_body(struct compiler *c, const struct yaml_node *const *values) {
        static const unsigned char sources[] = { TEST_CREATE, TEST_BODY, TEST_RAW, TEST_ENCODED };
        const struct yaml_node *last = NULL;
        size_t n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(sources); ++i) {
                n += values[sources[i]] != NULL;
                if (values[sources[i]])
                        last = values[sources[i]];
        }
        return n < 2 ? 0
                     : diag_error(c->yaml.diag, last->at, DIAG_UNKNOWN_KEY,
                                  "a test has one of \"create\", \"body\", \"raw\" and \"encoded\"");
}

static int make_body(struct compiler *c, const struct yaml_node *const *values, struct rule_test *test) {
        const struct yaml_node *literal = values[TEST_RAW] ? values[TEST_RAW] : values[TEST_ENCODED];
        const struct yaml_node *create = values[TEST_CREATE], *json = create ? create : values[TEST_BODY];
        int r = check_body(c, values);
        struct text t;

        test->encoded = values[TEST_ENCODED] != NULL;
        if (literal)
                test->body = literal->text;
        if (r < 0 || !json)
                return r;
        text_init_arena(&t, c->yaml.keep);
        text_addz(&t, create ? "{\"HostConfig\":" : "");
        r = yaml_json(json, &t, c->yaml.diag);
        text_addz(&t, create ? "}" : "");
        test->body = text_str(&t);
        return t.failed ? -ENOMEM : r;
}

static int make_headers(struct compiler *c, const struct yaml_node *map, struct rule_test *test) {
        int r = check_texts(c, map);

        if (!map || r < 0)
                return r;
        test->headers = ARENA_ARRAY(c->yaml.keep, struct str, 2 * map->n);
        if (!test->headers)
                return -ENOMEM;
        test->n_headers = map->n;
        for (size_t i = 0; i < map->n; ++i) {
                test->headers[2 * i] = map->pairs[i].key->text;
                test->headers[2 * i + 1] = map->pairs[i].value->text;
        }
        return 0;
}

static int make_today(struct compiler *c, const struct yaml_node *node, struct rule_test *test) {
        if (!node || date_parse(node->text, &test->today) == 0)
                return 0;
        return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE, "\"today\" is a day such as 2026-12-31, not \"%s\"",
                          PRINTABLE(node->text));
}

static int check_target(struct compiler *c, const struct yaml_node *const *values) {
        int r = 0;

        for (size_t k = TEST_PATH; values[TEST_TARGET] && k <= TEST_API; ++k)
                if (values[k])
                        r = diag_error(c->yaml.diag, values[k]->at, DIAG_UNKNOWN_KEY,
                                       "a test with a \"target\" has no \"%s\": the target is sent as it stands",
                                       test_keys[k].name);
        return r;
}

/* What `operation:` says, of the test or of its file. NULL in *@out: nothing that is known, reported here or, of a
 * file, where it stands. */
static int find_operation(struct compiler *c, const struct yaml_node *node, const struct yaml_node *const *values,
                          const struct operation **out) {
        const struct yaml_node *own = values[TEST_OPERATION], *name = own           ? own
                                                                      : c->defaults ? c->defaults->operation
                                                                                    : NULL;

        if (values[TEST_CREATE])
                *out = operation_find(STR_C("container.create"));
        else if (values[TEST_HOST])
                *out = operation_find(STR_C(OPERATION_HOST));
        else
                *out = name ? operation_find(name->text) : NULL;
        if (own && values[TEST_CREATE])
                return diag_error(c->yaml.diag, own->at, DIAG_UNKNOWN_KEY,
                                  "a test with \"create\" has no \"operation\": it is a container.create");
        if (own && !*out)
                return operation_unknown(c->yaml.diag, own);
        if (!*out && !name && !yaml_get(node, "operation"))
                return diag_error(c->yaml.diag, node->at, DIAG_MISSING_KEY, "a test needs \"operation\"");
        return *out ? 0 : -EINVAL;
}

int rule_test_new(struct compiler *c, const struct yaml_node *node, struct rule_test *out) {
        const struct yaml_node *values[TEST_KEYS];
        const struct operation *o;
        struct rule_test test = { .at = node->at };
        int r = schema_read(&test_schema, node, values, c->yaml.diag);

        if (values[TEST_NAME])
                test.name = values[TEST_NAME]->text;
        if (values[TEST_EXPECT])
                severity_parse(values[TEST_EXPECT]->text, &test.expect);
        if (node->kind != NODE_MAP)
                return r;
        r = worse(r, find_operation(c, node, values, &o));
        if (!o)
                return r;
        test.operation = o->id;
        test.skipped = values[TEST_SKIPPED] != NULL;
        test.method = o->flags & OPERATION_ANY_METHOD || !o->method ? STR_C("GET") : str_from(o->method);
        r = worse(r, check_target(c, values));
        r = worse(r, make_target(c, values, o, &test));
        r = worse(r, make_body(c, values, &test));
        r = worse(r, make_headers(c, values[TEST_HEADERS], &test));
        r = worse(r, rule_test_lookup(c, values[TEST_LOOKUP], &test));
        test.of_host = o->flags & OPERATION_OURS;
        r = worse(r, rule_test_host(c, values[TEST_HOST], &test));
        r = worse(r, make_today(c, values[TEST_TODAY], &test));
        r = worse(r, rule_test_json(c, values[TEST_RESPONSE], &test.response));
        if (r == 0)
                *out = test;
        return r;
}
