/*
 * What an environment changes about rules, lists and values that others wrote.
 */
#include "environment.h"

#include "shown.h"

enum {
        OVERRIDE_RULE,
        OVERRIDE_SEVERITY,
        OVERRIDE_MODE,
        OVERRIDE_LIST,
        OVERRIDE_APPEND,
        OVERRIDE_SET,
        OVERRIDE_VALUE,
        OVERRIDE_REASON,
        OVERRIDE_KEYS,
};

static const struct schema_key override_keys[OVERRIDE_KEYS + 1] = {
        [OVERRIDE_RULE] = { "rule", SHAPE_TEXT, .doc = "a rule's id" },
        [OVERRIDE_SEVERITY] = { "severity", SHAPE_CHOICE, .choices = schema_severities,
                                .doc = "of a rule: for each case that is not none" },
        [OVERRIDE_MODE] = { "mode", SHAPE_CHOICE, .choices = schema_modes, .doc = "of a rule: audit records alone" },
        [OVERRIDE_LIST] = { "list", SHAPE_TEXT, .doc = "a list's name" },
        [OVERRIDE_APPEND] = { "append", SHAPE_TEXTS, .doc = "to a list" },
        [OVERRIDE_SET] = { "set", SHAPE_TEXTS, .doc = "a list or value" },
        [OVERRIDE_VALUE] = { "value", SHAPE_TEXT, .doc = "a value's name" },
        [OVERRIDE_REASON] = { "reason", SHAPE_TEXT, .doc = "why, for those who come after" },
};
static const struct schema override_schema = { "an override", override_keys };

/* What each kind of override may have beside its name, as bits of the keys above. */
static const struct {
        unsigned name, may;
} kinds[] = {
        { OVERRIDE_RULE, 1u << OVERRIDE_SEVERITY | 1u << OVERRIDE_MODE },
        { OVERRIDE_LIST, 1u << OVERRIDE_APPEND | 1u << OVERRIDE_SET },
        { OVERRIDE_VALUE, 1u << OVERRIDE_SET },
};

static int check_companions(struct diag *diag, const struct yaml_node *node, const struct yaml_node *const *values,
                            size_t kind) {
        unsigned may = kinds[kind].may;
        bool any = false;
        int r = 0;

        for (size_t k = 0; k < OVERRIDE_REASON; ++k) {
                if (!values[k] || k == kinds[kind].name)
                        continue;
                any = true;
                if (!(may >> k & 1))
                        r = diag_error(diag, values[k]->at, DIAG_UNKNOWN_KEY, "an override of a %s has no \"%s\"",
                                       override_keys[kinds[kind].name].name, override_keys[k].name);
        }
        if (!any)
                r = diag_error(diag, node->at, DIAG_MISSING_KEY, "an override of a %s says what changes: \"%s\"",
                               override_keys[kinds[kind].name].name,
                               kind == 0   ? "severity\" or \"mode"
                               : kind == 1 ? "append\" or \"set"
                                           : "set");
        return r;
}

/* Which kind the map is; reports it when it is none, or mixed. */
static int read_override(struct diag *diag, const struct yaml_node *node, const struct yaml_node **values,
                         size_t *kind) {
        int r = schema_read(&override_schema, node, values, diag);

        if (r < 0)
                return r;
        for (*kind = 0; *kind < ARRAY_SIZE(kinds); ++*kind)
                if (values[kinds[*kind].name])
                        return check_companions(diag, node, values, *kind);
        return diag_error(diag, node->at, DIAG_MISSING_KEY, "an override names a \"rule\", a \"list\" or a \"value\"");
}

static int override_list(struct loader *l, const struct yaml_node *const *values) {
        struct compiler *c = &l->compiler;
        bool list = values[OVERRIDE_LIST];
        const struct yaml_node *name = list ? values[OVERRIDE_LIST] : values[OVERRIDE_VALUE];
        struct definition *d = definition_find(&c->definitions, name->text);
        int r = 0;

        if (!d)
                return definition_unknown(c, name->text, list, name->at);
        if (d->list != list)
                return diag_error(c->yaml.diag, name->at, list ? DIAG_UNKNOWN_LIST : DIAG_UNKNOWN_VALUE,
                                  "\"%s\" is a %s", SHOWN(name->text), d->list ? "list" : "value");
        if (values[OVERRIDE_SET])
                r = definition_set(c, d, values[OVERRIDE_SET]);
        if (values[OVERRIDE_APPEND])
                r = worse(r, definition_append(c, d, values[OVERRIDE_APPEND]));
        return r;
}

int override_definitions(struct loader *l, const struct environment *e) {
        int r = 0;

        for (size_t i = 0; i < e->overrides.n; ++i) {
                const struct yaml_node *values[OVERRIDE_KEYS];
                size_t kind;
                int one = read_override(l->compiler.yaml.diag, e->overrides.items[i], values, &kind);

                if (one == 0 && !values[OVERRIDE_RULE])
                        one = override_list(l, values);
                r = worse(r, one);
        }
        return r;
}

/* A harmless case stays harmless, and a hard one hard: what refuses everywhere is lifted by an exemption alone. */
static void set_severities(struct rule *rule, enum severity severity) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity != SEVERITY_NONE)
                        ((struct rule_case *)rule->cases)[i].severity = severity;
}

static int override_rule(struct loader *l, const struct yaml_node *const *values) {
        const struct yaml_node *id = values[OVERRIDE_RULE];
        struct entry *entry = loader_entry(l, id->text);
        enum severity severity;
        enum mode mode;

        if (!entry)
                return loader_unknown_rule(l, id);
        if (values[OVERRIDE_SEVERITY] && severity_parse(values[OVERRIDE_SEVERITY]->text, &severity))
                set_severities(&entry->rule, severity);
        if (values[OVERRIDE_MODE] && mode_parse(values[OVERRIDE_MODE]->text, &mode))
                entry->rule.audit = mode == MODE_AUDIT;
        return 0;
}

int override_rules(struct loader *l, const struct environment *e) {
        int r = 0;

        for (size_t i = 0; i < e->overrides.n; ++i) {
                const struct yaml_node *node = e->overrides.items[i], *values[OVERRIDE_KEYS];
                struct diag silent; /* wrong ones were reported with the lists */

                diag_init(&silent);
                if (yaml_get(node, "rule") && schema_read(&override_schema, node, values, &silent) == 0)
                        r = worse(r, override_rule(l, values));
                diag_deinit(&silent);
        }
        return r;
}
