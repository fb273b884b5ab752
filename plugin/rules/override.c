#include "override.h"

#include "docksill/base/path.h"
#include "docksill/rules/bundle.h"
#include "docksill/rules/schema.h"
#include "entry-schemas.h"
#include "printable.h"
#include "rule-priv.h"

enum {
        OVERRIDE_RULE,
        OVERRIDE_SEVERITY,
        OVERRIDE_AT_LEAST,
        OVERRIDE_HARD,
        OVERRIDE_MODE,
        OVERRIDE_LIST,
        OVERRIDE_APPEND,
        OVERRIDE_SET,
        OVERRIDE_VALUE,
        OVERRIDE_REASON,
        OVERRIDE_KEYS,
};

static const char *const rule_modes[] = { "enforce", "audit", NULL };

static const struct schema_key override_keys[OVERRIDE_KEYS + 1] = {
        [OVERRIDE_RULE] = { "rule", SHAPE_TEXT, .doc = "a rule's id" },
        [OVERRIDE_SEVERITY] = { "severity", SHAPE_CHOICE, .choices = schema_severities,
                                .doc = "of a rule: for each case that is not none" },
        [OVERRIDE_AT_LEAST] = { "at-least", SHAPE_CHOICE, .choices = schema_severities,
                                .doc = "of a rule: each case that is not none costs this or more" },
        [OVERRIDE_HARD] = { "hard", SHAPE_FLAG,
                            .doc = "of a rule: true: each case that is not none refuses everywhere" },
        [OVERRIDE_MODE] = { "mode", SHAPE_CHOICE, .choices = rule_modes, .doc = "of a rule: audit records alone" },
        [OVERRIDE_LIST] = { "list", SHAPE_TEXT, .doc = "a list's name" },
        [OVERRIDE_APPEND] = { "append", SHAPE_TEXTS, .doc = "to a list" },
        [OVERRIDE_SET] = { "set", SHAPE_TEXTS, .doc = "a list or value" },
        [OVERRIDE_VALUE] = { "value", SHAPE_TEXT, .doc = "a value's name" },
        [OVERRIDE_REASON] = { "reason", SHAPE_TEXT, .doc = "why, for those who come after" },
};
const struct schema override_schema = { "an override", override_keys };

/* What each kind of override may have beside its name, as bits of the keys above. */
static const struct {
        unsigned name, may;
        const char *changes; /* in words */
} kinds[] = {
        { OVERRIDE_RULE, 1u << OVERRIDE_SEVERITY | 1u << OVERRIDE_AT_LEAST | 1u << OVERRIDE_HARD | 1u << OVERRIDE_MODE,
          "\"severity\", \"at-least\", \"hard\" or \"mode\"" },
        { OVERRIDE_LIST, 1u << OVERRIDE_APPEND | 1u << OVERRIDE_SET, "\"append\" or \"set\"" },
        { OVERRIDE_VALUE, 1u << OVERRIDE_SET, "\"set\"" },
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
                r = diag_error(diag, node->at, DIAG_MISSING_KEY, "an override of a %s says what changes: %s",
                               override_keys[kinds[kind].name].name, kinds[kind].changes);
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
        struct definition *d = definition_find(c->definitions, name->text);
        int r = 0;

        if (!d)
                return definition_unknown(c, name->text, list, name->at);
        if (d->list != list)
                return diag_error(c->yaml.diag, name->at, list ? DIAG_UNKNOWN_LIST : DIAG_UNKNOWN_VALUE,
                                  "\"%s\" is a %s", PRINTABLE(name->text), d->list ? "list" : "value");
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

/* Whoever reaches into the folder of the other or mounts one above it meets both. */
static bool is_there(const struct definition *d, struct str path) {
        for (size_t i = 0; i < d->n; ++i)
                if (str_starts(d->items[i]->text, STR_C("/")) && path_matches(path, d->items[i]->text, PATH_WITHIN))
                        return true;
        return false;
}

static int add_item(struct loader *l, const char *list, struct str text, struct position at) {
        struct compiler *c = &l->compiler;
        struct definition *d = definition_find(c->definitions, str_from(list));
        const struct yaml_node **slot;
        struct yaml_node *item, *items;

        if (!d || !d->list || is_there(d, text))
                return 0;
        item = ARENA_NEW(c->yaml.scratch, struct yaml_node);
        items = ARENA_NEW(c->yaml.scratch, struct yaml_node);
        slot = ARENA_NEW(c->yaml.scratch, const struct yaml_node *);
        if (!item || !items || !slot)
                return -ENOMEM;
        *item = (struct yaml_node){ .kind = NODE_SCALAR, .at = at };
        if (arena_str(c->yaml.keep, text, &item->text) < 0)
                return -ENOMEM;
        *slot = item;
        *items = (struct yaml_node){ .kind = NODE_SEQUENCE, .at = at, .items = slot, .n = 1 };
        return definition_append(c, d, items);
}

int override_add(struct loader *l, const struct list_additions *added) {
        struct source *source = ARENA_NEW(l->compiler.yaml.keep, struct source);
        struct position at = { .source = source };
        const struct bundle *files = l->compiler.yaml.into;
        int r = 0;

        if (!source)
                return -ENOMEM;
        *source = (struct source){ .name = STR("what is in force") };
        for (size_t i = 0; i < added->n; ++i)
                r = worse(r, add_item(l, added->items[i].list, added->items[i].item, at));
        for (size_t i = 0; added->list_of_files && i < files->n; ++i)
                if (str_starts(files->items[i].name, STR_C("/")) && path_is_clean(files->items[i].name))
                        r = worse(r, add_item(l, added->list_of_files, files->items[i].name, at));
        return r;
}

static struct rule_case *case_at(struct rule *rule, size_t i) {
        return (struct rule_case *)&rule->cases[i];
}

/* A harmless case stays harmless, and a hard one hard: what refuses everywhere is lifted by an exemption, or switched
 * off as a whole. What could not be told is worth the mildest case still, unless the rule itself asks less of it. */
static void set_severities(struct rule *rule, enum severity severity) {
        enum severity mildest = rule_mildest(rule);

        if (mildest != SEVERITY_NONE && (rule->unknown == mildest || rule->unknown > severity))
                rule->unknown = severity;
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity != SEVERITY_NONE)
                        case_at(rule, i)->severity = severity;
}

/* What could not be told must not come cheaper than what was. */
static void raise_severities(struct rule *rule, enum severity least) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity != SEVERITY_NONE && rule->cases[i].severity < least)
                        case_at(rule, i)->severity = least;
        if (rule->unknown != SEVERITY_NONE && rule->unknown < least)
                rule->unknown = least;
}

static void harden(struct rule *rule) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (rule->cases[i].severity != SEVERITY_NONE)
                        case_at(rule, i)->hard = true;
}

/* What was switched off before stays so, whatever is said of its cases. */
static void warn_of_idle(struct loader *l, const struct rule *rule, const struct yaml_node *const *values) {
        static const unsigned char keys[] = { OVERRIDE_SEVERITY, OVERRIDE_AT_LEAST, OVERRIDE_HARD };

        if (rule->n_cases == 0 || rule_mildest(rule) != SEVERITY_NONE)
                return;
        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i)
                if (values[keys[i]])
                        diag_warning(l->compiler.yaml.diag, values[keys[i]]->at, DIAG_OVERRIDE_IDLE,
                                     "\"%s\" changes nothing: %s was switched off by an override before",
                                     override_keys[keys[i]].name, PRINTABLE(rule->id));
}

static void set_mode(struct rule *rule, const struct yaml_node *node) {
        enum mode mode;

        if (node && mode_parse(node->text, &mode))
                rule->audit = mode == MODE_AUDIT;
}

/* Where it was that the rule ceased to refuse everywhere, which a later override may mend. */
static void note_opening(struct entry *entry, bool before, const struct yaml_node *const *values) {
        const struct yaml_node *by = values[OVERRIDE_SEVERITY] ? values[OVERRIDE_SEVERITY] : values[OVERRIDE_MODE];

        if (before && !rule_refuses_everywhere(&entry->rule))
                entry->opened_at = by->at;
}

static int override_rule(struct loader *l, const struct yaml_node *const *values) {
        const struct yaml_node *id = values[OVERRIDE_RULE], *hard = values[OVERRIDE_HARD];
        struct entry *entry = loader_named(l, id);
        enum severity severity;
        const char *why;
        bool before;

        if (!entry)
                return loader_unknown_rule(l, id);
        why = entry_never_changed(entry);
        if (why)
                return diag_error(l->compiler.yaml.diag, id->at, DIAG_OVERRIDE_NEVER, "\"%s\" can't be overridden: %s",
                                  PRINTABLE(id->text), why);
        if (hard && !schema_flag(hard))
                return diag_error(l->compiler.yaml.diag, hard->at, DIAG_WRONG_TYPE,
                                  "\"hard\" is true or left out: what refuses everywhere is lifted by an exemption");
        warn_of_idle(l, &entry->rule, values);
        before = rule_refuses_everywhere(&entry->rule);
        if (values[OVERRIDE_SEVERITY] && severity_parse(values[OVERRIDE_SEVERITY]->text, &severity))
                set_severities(&entry->rule, severity);
        if (values[OVERRIDE_AT_LEAST] && severity_parse(values[OVERRIDE_AT_LEAST]->text, &severity))
                raise_severities(&entry->rule, severity);
        if (hard)
                harden(&entry->rule);
        set_mode(&entry->rule, values[OVERRIDE_MODE]);
        note_opening(entry, before, values);
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
