#include "rule-priv.h"

#include "condition-priv.h"
#include "defaults.h"
#include "docksill/rules/schema.h"
#include "fact-ref.h"
#include "let-in-priv.h"
#include "printable.h"
#include "rule-operations.h"
#include "template-priv.h"

enum {
        RULE_ID,
        RULE_TITLE,
        RULE_ON,
        RULE_FOR_EACH,
        RULE_WHEN,
        RULE_CASES,
        RULE_SEVERITY,
        RULE_HARD,
        RULE_UNKNOWN,
        RULE_MESSAGE,
        RULE_FIX,
        RULE_WHY,
        RULE_REFERENCES,
        RULE_TESTS,
        RULE_KEYS,
};

static const struct schema case_schema, fix_schema;

static const struct schema_key rule_keys[RULE_KEYS + 1] = {
        [RULE_ID] = { "id", SHAPE_NAME, .required = true, .doc = "permanent, never reused" },
        [RULE_TITLE] = { "title", SHAPE_TEXT, .required = true, .doc = "what it finds, in a few words" },
        [RULE_ON] = { "on", SHAPE_TEXTS,
                      .doc = "operations, or families such as service.*; default: all that yield the facts used" },
        [RULE_FOR_EACH] = { "for_each", SHAPE_TEXT, .doc = "LIST as NAME: judged for each element" },
        [RULE_WHEN] = { "when", SHAPE_MAP, .holds = HOLDS_CONDITION, .doc = "the condition; none: always" },
        [RULE_CASES] = { "cases", SHAPE_SEQUENCE, .of = &case_schema,
                         .doc = "severities by further conditions; the first that holds counts" },
        [RULE_SEVERITY] = { "severity", SHAPE_CHOICE, .choices = schema_severities, .doc = "without cases" },
        [RULE_HARD] = { "hard", SHAPE_FLAG, .doc = "refuses in every environment; without cases" },
        [RULE_UNKNOWN] = { "unknown", SHAPE_CHOICE, .choices = schema_severities,
                           .doc = "charged when a fact is unknown; default: the mildest case" },
        [RULE_MESSAGE] = { "message", SHAPE_TEXT, .doc = "what the user reads, with {fact} and {$value}" },
        [RULE_FIX] = { "fix", SHAPE_MAP, .of = &fix_schema, .doc = "cli, compose, swarm, flags, service, list" },
        [RULE_WHY] = { "why", SHAPE_TEXT, .doc = "what an attacker gains" },
        [RULE_REFERENCES] = { "references", SHAPE_MAP, .holds = HOLDS_TEXTS, .doc = "framework: [items]" },
        [RULE_TESTS] = { "tests", SHAPE_SEQUENCE, .of = &test_schema,
                         .doc = "requests and the severity each must earn" },
};
const struct schema rule_schema = { "a rule", rule_keys };

enum { CASE_WHEN, CASE_SEVERITY, CASE_HARD, CASE_MESSAGE, CASE_FIX, CASE_KEYS };

static const struct schema_key case_keys[CASE_KEYS + 1] = {
        [CASE_WHEN] = { "when", SHAPE_MAP, .holds = HOLDS_CONDITION, .doc = "none: else" },
        [CASE_SEVERITY] = { "severity", SHAPE_CHOICE, .required = true, .choices = schema_severities,
                            .doc = "none: harmless" },
        [CASE_HARD] = { "hard", SHAPE_FLAG, .doc = "refuses in every environment" },
        [CASE_MESSAGE] = { "message", SHAPE_TEXT, .doc = "instead of the rule's" },
        [CASE_FIX] = { "fix", SHAPE_MAP, .of = &fix_schema, .doc = "instead of the rule's" },
};
static const struct schema case_schema = { "a case", case_keys };

enum { FIX_CLI, FIX_COMPOSE, FIX_SWARM, FIX_FLAGS, FIX_SERVICE, FIX_LIST, FIX_KEYS };

static const struct schema_key fix_keys[FIX_KEYS + 1] = {
        [FIX_CLI] = { "cli", SHAPE_TEXT, .doc = "for docker run" },
        [FIX_COMPOSE] = { "compose", SHAPE_TEXT, .doc = "for a compose file" },
        [FIX_SWARM] = { "swarm", SHAPE_TEXT, .doc = "for docker service, where its words are others" },
        [FIX_FLAGS] = { "flags", SHAPE_TEXTS, .doc = "flags of docker run that lift the finding" },
        [FIX_SERVICE] = { "service", SHAPE_TEXTS, .doc = "flags of docker service create that do" },
        [FIX_LIST] = { "list", SHAPE_MAP, .holds = HOLDS_TEXT,
                       .doc = "NAME: fact, an allow-list and what it would have to hold" },
};
static const struct schema fix_schema = { "fix", fix_keys };

/* The rule's own, for cases that have none. */
struct texts {
        bool message_given; /* whatever became of it: a wrong one is not missing as well */
        const struct template *message;
        const struct fix *fix;
};

/* for_each */

static bool is_alias(struct str s) {
        if (s.n == 0 || s.p[0] < 'a' || s.p[0] > 'z')
                return false;
        for (size_t i = 0; i < s.n; ++i)
                if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !ascii_digit(s.p[i]) && s.p[i] != '_')
                        return false;
        return true;
}

/* An alias that is the first part of a fact's name would hide these facts from the rule. */
static bool hides_facts(struct str alias) {
        for (size_t i = 0; i < fact_table_n; ++i)
                if (str_eq(str_first(fact_table[i].name, str_find(fact_table[i].name, '.')), alias))
                        return true;
        return false;
}

static int check_alias(struct compiler *c, const struct yaml_node *node, struct str alias) {
        if (!is_alias(alias))
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE,
                                  "for_each is written `LIST as NAME`, such as `mounts as mount`");
        if (hides_facts(alias))
                return diag_error(c->yaml.diag, node->at, DIAG_BAD_NAME,
                                  "facts are called \"%s\" already; name the element otherwise", PRINTABLE(alias));
        return 0;
}

static int read_for_each(struct compiler *c, const struct yaml_node *node, struct rule *rule) {
        struct str rest = node->text, list = str_cut(&rest, ' '), as, alias;
        struct fact_ref ref;
        int r;

        rest = str_trim(rest);
        as = str_cut(&rest, ' ');
        alias = str_eqz(as, "as") ? str_trim(rest) : (struct str){ 0 };
        r = check_alias(c, node, alias);
        if (r < 0)
                return r;
        r = fact_resolve(c, list, node->at, &ref);
        if (r < 0)
                return r;
        if (ref.type != FACT_LIST && fact_item_type(ref.type) == FACT_TYPES)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND,
                                  "for_each walks a list or a set; \"%s\" is of type %s", PRINTABLE(list),
                                  fact_type_name(ref.type));
        rule->each = c->each = ref.fact;
        rule->alias = c->alias = alias;
        c->uses |= ref.fact->group;
        return 0;
}

/* fix, message, cases */

static int read_template(struct compiler *c, const struct yaml_node *node, const struct template **out) {
        return node ? template_new(c, node, out) : 0;
}

static int read_flags(struct compiler *c, const struct yaml_node *node, const struct template ***out, size_t *n_out) {
        size_t n = !node ? 0 : node->kind == NODE_SEQUENCE ? node->n : 1;
        int r = 0;

        *out = ARENA_ARRAY(c->yaml.keep, const struct template *, n);
        if (!*out)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i)
                r = worse(r, template_new(c, node->kind == NODE_SEQUENCE ? node->items[i] : node, &(*out)[i]));
        *n_out = n;
        return r;
}

static int read_fix(struct compiler *c, const struct yaml_node *node, const struct fix **out) {
        const struct yaml_node *values[FIX_KEYS];
        struct fix *fix;
        int r;

        if (!node)
                return 0;
        fix = ARENA_NEW(c->yaml.keep, struct fix);
        if (!fix)
                return -ENOMEM;
        r = schema_read(&fix_schema, node, values, c->yaml.diag);
        r = worse(r, read_template(c, values[FIX_CLI], &fix->cli));
        r = worse(r, read_template(c, values[FIX_COMPOSE], &fix->compose));
        r = worse(r, read_template(c, values[FIX_SWARM], &fix->swarm));
        r = worse(r, read_flags(c, values[FIX_FLAGS], &fix->flags, &fix->n_flags));
        r = worse(r, read_flags(c, values[FIX_SERVICE], &fix->service, &fix->n_service));
        if (values[FIX_LIST])
                r = worse(r, let_in_new(c, values[FIX_LIST], &fix->list));
        *out = fix;
        return r;
}

static enum severity read_severity(const struct yaml_node *node) {
        enum severity severity = SEVERITY_NONE;

        if (node)
                severity_parse(node->text, &severity);
        return severity;
}

static int read_case(struct compiler *c, const struct yaml_node *node, const struct texts *texts,
                     struct rule_case *out) {
        const struct yaml_node *values[CASE_KEYS];
        int r = schema_read(&case_schema, node, values, c->yaml.diag);

        *out = (struct rule_case){ .severity = read_severity(values[CASE_SEVERITY]),
                                   .hard = schema_flag(values[CASE_HARD]),
                                   .message = texts->message,
                                   .fix = texts->fix };
        if (values[CASE_WHEN])
                r = worse(r, condition_new(c, values[CASE_WHEN], &out->when));
        r = worse(r, read_template(c, values[CASE_MESSAGE], &out->message));
        r = worse(r, read_fix(c, values[CASE_FIX], &out->fix));
        if (!texts->message_given && !yaml_get(node, "message"))
                r = diag_error(c->yaml.diag, node->at, DIAG_MISSING_KEY,
                               "neither the case nor its rule has a \"message\"");
        return r;
}

static int read_cases(struct compiler *c, const struct yaml_node *node, const struct texts *texts, struct rule *rule) {
        struct rule_case *cases = ARENA_ARRAY(c->yaml.keep, struct rule_case, node->n);
        bool always = false;
        int r = 0;

        if (!cases)
                return -ENOMEM;
        if (node->n == 0)
                r = diag_error(c->yaml.diag, node->at, DIAG_MISSING_KEY, "\"cases\" needs a case");
        for (size_t i = 0; i < node->n; ++i) {
                int one = read_case(c, node->items[i], texts, &cases[i]);

                r = worse(r, one);
                if (always)
                        r = worse(r, diag_error(c->yaml.diag, node->items[i]->at, DIAG_UNREACHABLE_CASE,
                                                "this case is never reached: one above it always holds"));
                always = one == 0 && !cases[i].when;
        }
        rule->cases = cases;
        rule->n_cases = node->n;
        return r;
}

/* A rule without cases has one, of its own severity. */
static int make_case(struct compiler *c, const struct yaml_node *node, const struct yaml_node *const *values,
                     const struct texts *texts, struct rule *rule) {
        struct rule_case *only = ARENA_NEW(c->yaml.keep, struct rule_case);
        int r = 0;

        if (!only)
                return -ENOMEM;
        *only = (struct rule_case){ .severity = read_severity(values[RULE_SEVERITY]),
                                    .hard = schema_flag(values[RULE_HARD]),
                                    .message = texts->message,
                                    .fix = texts->fix };
        rule->cases = only;
        rule->n_cases = 1;
        if (!yaml_get(node, "severity"))
                r = diag_error(c->yaml.diag, rule->at, DIAG_MISSING_KEY, "a rule needs \"severity\" or \"cases\"");
        if (!texts->message_given)
                r = diag_error(c->yaml.diag, rule->at, DIAG_MISSING_KEY, "a rule needs \"message\"");
        return r;
}

/* With cases each has its own severity; one beside them would leave open which counts. */
static int check_beside_cases(struct compiler *c, const struct yaml_node *const *values) {
        int r = 0;

        for (size_t k = RULE_SEVERITY; k <= RULE_HARD; ++k)
                if (values[k])
                        r = diag_error(c->yaml.diag, values[k]->at, DIAG_UNKNOWN_KEY,
                                       "a rule with cases has no \"%s\" of its own; write it into the cases",
                                       rule_keys[k].name);
        return r;
}

/* A list that the rule does not look at lifts nothing. */
static int check_lists(struct compiler *c, const struct rule *rule) {
        for (size_t i = 0; i < rule->n_cases; ++i) {
                const struct let_in *list = rule->cases[i].fix->list;

                if (list && !let_in_is_judged(c, list))
                        return diag_error(c->yaml.diag, rule->at, DIAG_UNKNOWN_LIST,
                                          "the fix names list \"%s\", by which no condition of the rule judges",
                                          PRINTABLE(let_in_list(list)));
        }
        return 0;
}

enum severity rule_mildest(const struct rule *rule) {
        enum severity severity = SEVERITIES;

        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity != SEVERITY_NONE && rule->cases[i].severity < severity)
                        severity = rule->cases[i].severity;
        return severity == SEVERITIES ? SEVERITY_NONE : severity;
}

bool rule_is_hard(const struct rule *rule) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].hard && rule->cases[i].severity != SEVERITY_NONE)
                        return true;
        return false;
}

bool rule_refuses_everywhere(const struct rule *rule) {
        return rule_is_hard(rule) && !rule->audit;
}

static int read_judgement(struct compiler *c, const struct yaml_node *node, const struct yaml_node *const *values,
                          struct rule *rule) {
        static const struct fix none = { 0 };
        struct texts texts = { .message_given = yaml_get(node, "message"), .fix = &none };
        int r = values[RULE_WHEN] ? condition_new(c, values[RULE_WHEN], &rule->when) : 0;

        r = worse(r, read_template(c, values[RULE_MESSAGE], &texts.message));
        r = worse(r, read_fix(c, values[RULE_FIX], &texts.fix));
        if (values[RULE_CASES]) {
                r = worse(r, check_beside_cases(c, values));
                r = worse(r, read_cases(c, values[RULE_CASES], &texts, rule));
        } else if (!yaml_get(node, "cases")) {
                r = worse(r, make_case(c, node, values, &texts, rule));
        }
        if (r == 0)
                r = check_lists(c, rule);
        rule->unknown = values[RULE_UNKNOWN] ? read_severity(values[RULE_UNKNOWN]) : rule_mildest(rule);
        return r;
}

static int read_references(struct compiler *c, const struct yaml_node *node, struct rule *rule) {
        static const struct defaults none = { 0 };
        struct references references = { 0 };
        int r = references_new(c, node, &(c->defaults ? c->defaults : &none)->references, &references);

        rule->references = references.items;
        rule->n_references = references.n;
        return r;
}

static int read_tests(struct compiler *c, const struct yaml_node *node, struct rule *rule) {
        struct rule_test *tests;
        int r = 0;

        if (!node)
                return 0;
        tests = ARENA_ARRAY(c->yaml.keep, struct rule_test, node->n);
        if (!tests)
                return -ENOMEM;
        for (size_t i = 0; i < node->n; ++i)
                r = worse(r, rule_test_new(c, node->items[i], &tests[i]));
        rule->tests = tests;
        rule->n_tests = node->n;
        return r;
}

static struct str text_of(const struct yaml_node *node) {
        return node ? node->text : (struct str){ 0 };
}

int rule_new(struct compiler *c, const struct yaml_node *node, struct rule *out, uint8_t *operations) {
        const struct yaml_node *values[RULE_KEYS];
        struct rule rule = { 0 };
        int r;

        c->each = NULL;
        c->alias = (struct str){ 0 };
        c->uses = 0;
        c->about = NULL;
        c->rule = (struct str){ 0 };
        r = schema_read(&rule_schema, node, values, c->yaml.diag);
        if (node->kind != NODE_MAP)
                return r;
        rule.id = c->rule = text_of(values[RULE_ID]);
        rule.title = text_of(values[RULE_TITLE]);
        rule.why = text_of(values[RULE_WHY]);
        rule.at = values[RULE_ID] ? values[RULE_ID]->at : node->at;

        r = worse(r, read_references(c, values[RULE_REFERENCES], &rule));
        r = worse(r, read_tests(c, values[RULE_TESTS], &rule));
        /* Without its element every other name would seem unknown. */
        if (values[RULE_FOR_EACH]) {
                int each = read_for_each(c, values[RULE_FOR_EACH], &rule);

                if (each < 0)
                        return worse(r, each);
        }
        r = worse(r, read_judgement(c, node, values, &rule));
        if (r == 0)
                r = rule_operations(c, values[RULE_ON], rule.at, operations);
        rule.uses = c->uses;
        rule.about = rule.each ? rule.each : c->about;
        if (r == 0)
                *out = rule;
        return r;
}
