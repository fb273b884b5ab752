#include "environment.h"

#include "entry-schemas.h"
#include "printable.h"
#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>

#define EXTENDS_MOST 8

enum {
        ENVIRONMENT_DOCKSILL,
        ENVIRONMENT_KIND,
        ENVIRONMENT_NAME,
        ENVIRONMENT_EXTENDS,
        ENVIRONMENT_MODE,
        ENVIRONMENT_DENY,
        ENVIRONMENT_WARN,
        ENVIRONMENT_UNKNOWN,
        ENVIRONMENT_RULES,
        ENVIRONMENT_OVERRIDE,
        ENVIRONMENT_ACCESS,
        ENVIRONMENT_REQUIRES,
        ENVIRONMENT_STEPS,
        ENVIRONMENT_KEYS,
};

static const char *const policies[] = { "skip", "warn", "fail", NULL }; /* as enum unknown_policy */

static const struct schema deny_schema, warn_schema;

static const struct schema_key environment_keys[ENVIRONMENT_KEYS + 1] = {
        [ENVIRONMENT_DOCKSILL] = { "docksill", SHAPE_TEXT, .required = true, .doc = "v1" },
        [ENVIRONMENT_KIND] = { "kind", SHAPE_TEXT, .required = true, .doc = "environment" },
        [ENVIRONMENT_NAME] = { "name", SHAPE_NAME, .required = true, .doc = "as records show it" },
        [ENVIRONMENT_EXTENDS] = { "extends", SHAPE_TEXT, .doc = "an environment's name or a file's path" },
        [ENVIRONMENT_MODE] = { "mode", SHAPE_CHOICE, .choices = schema_modes,
                               .doc = "default: audit, until somebody says enforce" },
        [ENVIRONMENT_DENY] = { "deny", SHAPE_MAP, .of = &deny_schema,
                               .doc = "from which severity and points on is refused" },
        [ENVIRONMENT_WARN] = { "warn", SHAPE_MAP, .of = &warn_schema,
                               .doc = "from which severity and points on is warned" },
        [ENVIRONMENT_UNKNOWN] = { "unknown", SHAPE_CHOICE, .choices = policies, .doc = "what an unknown fact costs" },
        [ENVIRONMENT_RULES] = { "rules", SHAPE_TEXTS, .doc = "files and folders, beside this file" },
        [ENVIRONMENT_OVERRIDE] = { "override", SHAPE_SEQUENCE, .of = &override_schema,
                                   .doc = "changes of rules, lists and values" },
        [ENVIRONMENT_ACCESS] = { "access", SHAPE_SEQUENCE, .of = &access_schema, .doc = "who may call what" },
        [ENVIRONMENT_REQUIRES] = { "requires", SHAPE_TEXTS, .doc = "ids of rules without which it is not loaded" },
        [ENVIRONMENT_STEPS] = { "steps", SHAPE_SEQUENCE, .of = &step_schema,
                                .doc = "what is denied until then, by day" },
};
const struct schema schema_environment = { "an environment", environment_keys };

enum { LIMIT_SEVERITY, LIMIT_POINTS, LIMIT_KEYS };

static const char *const limit_severities[] = { "info", "low", "medium", "high", "critical", NULL };

static const struct schema_key limit_keys[LIMIT_KEYS + 1] = {
        [LIMIT_SEVERITY] = { "severity", SHAPE_CHOICE, .choices = limit_severities, .doc = "of the worst finding" },
        [LIMIT_POINTS] = { "points", SHAPE_NUMBER, .doc = "of all findings together" },
};
static const struct schema deny_schema = { "deny", limit_keys }, warn_schema = { "warn", limit_keys };

/* The files from the one that was asked for down to the one at hand. */
struct chain {
        struct str paths[EXTENDS_MOST];
        size_t n;
};

/* Laying one environment over the one it extends. */
struct merge {
        struct diag *diag;
        const struct environment *base; /* NULL: extends none */
};

/* @empty: the folder of the shipped ones where that holds none: then it is what is wrong, so that is what is named;
 * else NULL. */
static int report_unknown(struct loader *l, struct str name, const char *empty, const struct file_names *known,
                          struct position at) {
        struct nearest nearest;

        if (empty)
                return diag_error(l->compiler.yaml.diag, at, DIAG_ENVIRONMENT_UNKNOWN,
                                  "no environment \"%s\": there is none at all in %s", PRINTABLE(name),
                                  PRINTABLE(str_from(empty)));
        nearest_init(&nearest, name);
        for (size_t i = 0; i < known->n; ++i)
                nearest_offer(&nearest, known->items[i]);
        return diag_error(l->compiler.yaml.diag, at, DIAG_ENVIRONMENT_UNKNOWN, "no environment \"%s\"%s",
                          PRINTABLE(name), SUGGESTION(&nearest));
}

static bool is_path(struct str name) {
        return str_find(name, '/') < name.n || str_ends(name, STR_C(".yaml"));
}

/* @folder/@name.yaml where that exists; out->p is NULL otherwise. */
static int find_named(struct loader *l, const char *folder, struct str name, struct str *out) {
        struct text t;

        text_init_arena(&t, l->compiler.yaml.keep);
        text_addf(&t, "%s/%" STR_FMT ".yaml", folder, STR_ARG(name));
        if (t.failed)
                return -ENOMEM;
        *out = bundle_exists(l->compiler.yaml.from, t.p) ? text_str(&t) : (struct str){ 0 };
        return 0;
}

/* Their names, from the files of a folder. A folder that can't be read has none: this is for suggestions. */
static int list_names(struct loader *l, const char *folder, struct file_names *out) {
        struct arena *arena = l->compiler.yaml.scratch;
        struct file_names files = { 0 };
        int r = bundle_list(l->compiler.yaml.from, arena, folder, ".yaml", &files);

        for (size_t i = 0; r == 0 && i < files.n; ++i) {
                size_t slash = str_find_last(files.items[i], '/');
                struct str name = slash < files.items[i].n ? str_skip(files.items[i], slash + 1) : files.items[i],
                           *slot;

                slot = ARENA_PUSH(arena, out);
                if (!slot || arena_str(arena, str_first(name, name.n - strlen(".yaml")), slot) < 0)
                        return -ENOMEM;
        }
        return r;
}

static int shipped_folder(struct arena *arena, const char *rules, struct str *out) {
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%s/environments", rules);
        *out = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

/* By name: beside the file that names it, then among the shipped ones. */
static int find_environment(struct loader *l, struct str name, struct str from, struct position at, struct str *out) {
        struct arena *scratch = l->compiler.yaml.scratch;
        struct str beside, shipped;
        struct file_names known = { 0 };
        size_t n;

        if (is_path(name))
                return loader_beside(l->compiler.yaml.keep, from, name, out);
        if (loader_beside(scratch, from, STR_C("."), &beside) < 0 || shipped_folder(scratch, l->rules, &shipped) < 0)
                return -ENOMEM;
        *out = (struct str){ 0 };
        if (schema_is_name(name)) {
                if (from.n && find_named(l, beside.p, name, out) < 0)
                        return -ENOMEM;
                if (!out->p && find_named(l, shipped.p, name, out) < 0)
                        return -ENOMEM;
        }
        if (out->p)
                return 0;
        if (from.n && list_names(l, beside.p, &known) == -ENOMEM)
                return -ENOMEM;
        n = known.n;
        if (list_names(l, shipped.p, &known) == -ENOMEM)
                return -ENOMEM;
        return report_unknown(l, name, known.n > n ? NULL : shipped.p, &known, at);
}

/* @was: what the limit is in the environment extended. */
static void warn_loosened(const struct merge *m, const char *name, const struct yaml_node *node, const char *was) {
        if (m->base)
                diag_warning(m->diag, node->at, DIAG_LIMIT_LOOSENED, "%s %s allows more than %s in \"%s\"", name,
                             PRINTABLE(node->text), was, PRINTABLE(m->base->name));
}

static void set_severity(const struct merge *m, const char *name, const struct yaml_node *node, enum severity *out) {
        enum severity was = *out;

        if (!node)
                return;
        severity_parse(node->text, out);
        if (*out > was)
                warn_loosened(m, name, node, severity_name(was).p);
}

static void set_points(const struct merge *m, const char *name, const struct yaml_node *node, unsigned *out) {
        unsigned was = *out;
        char shown[16];

        if (!node)
                return;
        *out = schema_number(node);
        snprintf(shown, sizeof(shown), "%u", was);
        if (*out > was)
                warn_loosened(m, name, node, shown);
}

static void set_policy(const struct merge *m, const struct yaml_node *node, enum unknown_policy *out) {
        enum unknown_policy was = *out;

        if (!node)
                return;
        for (*out = UNKNOWN_SKIP; !str_eqz(node->text, policies[*out]); ++*out)
                assert(*out < UNKNOWN_FAIL);
        if (*out < was)
                warn_loosened(m, "unknown", node, policies[was]);
}

/* Limits come in pairs; what is extended supplies those that are not set here. */
static int read_pair(const struct merge *m, const struct schema *schema, const struct yaml_node *node,
                     const struct yaml_node **values) {
        int r = 0;

        values[LIMIT_SEVERITY] = values[LIMIT_POINTS] = NULL;
        if (!node)
                return 0;
        r = schema_read(schema, node, values, m->diag);
        for (size_t k = 0; k < LIMIT_KEYS && !m->base; ++k)
                if (!yaml_get(node, limit_keys[k].name))
                        r = diag_error(m->diag, node->at, DIAG_MISSING_KEY,
                                       "%s needs \"%s\": no environment is extended", schema->what, limit_keys[k].name);
        return r;
}

/* The stricter environment must not let pass without a word what the other refuses. */
static int check_order(const struct merge *m, const struct environment *e, const struct yaml_node *root) {
        const struct yaml_node *node = yaml_get(root, "warn");
        struct position at = node ? node->at : root->at;
        int r = 0;

        if (e->limits.warn_severity > e->limits.deny_severity)
                r = diag_error(m->diag, at, DIAG_LIMIT_ORDER, "warn severity %s is above deny severity %s",
                               severity_name(e->limits.warn_severity).p, severity_name(e->limits.deny_severity).p);
        if (e->limits.warn_points > e->limits.deny_points)
                r = diag_error(m->diag, at, DIAG_LIMIT_ORDER, "warn points %u are above deny points %u",
                               e->limits.warn_points, e->limits.deny_points);
        return r;
}

/* Remembers who set a limit last. */
static void note_place(struct position *out, const struct yaml_node *node) {
        if (node)
                *out = node->at;
}

static void note_places(struct limit_places *out, const struct yaml_node *const *values,
                        const struct yaml_node *const *deny, const struct yaml_node *const *warn) {
        note_place(&out->mode, values[ENVIRONMENT_MODE]);
        note_place(&out->deny_severity, deny[LIMIT_SEVERITY]);
        note_place(&out->deny_points, deny[LIMIT_POINTS]);
        note_place(&out->warn_severity, warn[LIMIT_SEVERITY]);
        note_place(&out->warn_points, warn[LIMIT_POINTS]);
        note_place(&out->unknown, values[ENVIRONMENT_UNKNOWN]);
}

static int read_limits(const struct merge *m, const struct yaml_node *root, const struct yaml_node *const *values,
                       struct environment *e) {
        static const unsigned needed[] = { ENVIRONMENT_DENY, ENVIRONMENT_WARN, ENVIRONMENT_UNKNOWN };
        const struct yaml_node *deny[LIMIT_KEYS], *warn[LIMIT_KEYS];
        int r = 0;

        for (size_t i = 0; i < ARRAY_SIZE(needed) && !m->base; ++i)
                if (!yaml_get(root, environment_keys[needed[i]].name))
                        r = diag_error(m->diag, root->at, DIAG_MISSING_KEY,
                                       "an environment that extends none needs \"%s\"",
                                       environment_keys[needed[i]].name);
        r = worse(r, read_pair(m, &deny_schema, values[ENVIRONMENT_DENY], deny));
        r = worse(r, read_pair(m, &warn_schema, values[ENVIRONMENT_WARN], warn));
        set_severity(m, "deny severity", deny[LIMIT_SEVERITY], &e->limits.deny_severity);
        set_points(m, "deny points", deny[LIMIT_POINTS], &e->limits.deny_points);
        set_severity(m, "warn severity", warn[LIMIT_SEVERITY], &e->limits.warn_severity);
        set_points(m, "warn points", warn[LIMIT_POINTS], &e->limits.warn_points);
        set_policy(m, values[ENVIRONMENT_UNKNOWN], &e->limits.unknown);
        note_places(&e->places, values, deny, warn);
        return r < 0 ? r : check_order(m, e, root);
}

static int add_rules(struct loader *l, const struct yaml_node *node, struct environment *e) {
        size_t n = !node ? 0 : node->kind == NODE_SEQUENCE ? node->n : 1;

        for (size_t i = 0; i < n; ++i) {
                const struct yaml_node *item = node->kind == NODE_SEQUENCE ? node->items[i] : node;
                struct str path;

                if (loader_beside(l->compiler.yaml.keep, item->at.source->name, item->text, &path) < 0 ||
                    rules_paths_add(l, &e->rules, path, item->at) < 0)
                        return -ENOMEM;
        }
        return 0;
}

static int add_item(struct loader *l, const struct yaml_node *node, struct items_written *list) {
        const struct yaml_node **slot = ARENA_PUSH(l->compiler.yaml.scratch, list);

        if (!slot)
                return -ENOMEM;
        *slot = node;
        return 0;
}

/* Behind those of what is extended. */
static int add_items(struct loader *l, const struct yaml_node *node, struct items_written *list) {
        int r = 0;

        if (node && node->kind == NODE_SCALAR)
                return add_item(l, node, list);
        for (size_t i = 0; node && i < node->n && r == 0; ++i)
                r = add_item(l, node->items[i], list);
        return r;
}

static bool is_same_file(const char *a, const char *b) {
        struct stat x, y;

        return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Records, refusals and a reload tell environments by their names. @base: NULL: extends none. */
static int warn_of_name(struct loader *l, const char *path, const struct yaml_node *name,
                        const struct environment *base) {
        struct str folder, shipped = { 0 };

        if (!name)
                return 0;
        if (shipped_folder(l->compiler.yaml.scratch, l->rules, &folder) < 0 ||
            (schema_is_name(name->text) && find_named(l, folder.p, name->text, &shipped) < 0))
                return -ENOMEM;
        if ((base && str_eq(base->name, name->text)) || (shipped.p && !is_same_file(shipped.p, path)))
                diag_warning(l->compiler.yaml.diag, name->at, DIAG_ENVIRONMENT_TWICE,
                             "there is another environment \"%s\": records and refusals can't tell them apart",
                             PRINTABLE(name->text));
        return 0;
}

static int read_extended(struct loader *l, const struct yaml_node *node, struct chain *chain, struct environment *out);

/* Reads the file at the end of @chain and, before it, what it extends. */
static int read_chain(struct loader *l, struct position named, struct chain *chain, struct environment *out) {
        const struct yaml_node *values[ENVIRONMENT_KEYS], *root;
        struct merge merge = { .diag = l->compiler.yaml.diag };
        const char *path = chain->paths[chain->n - 1].p;
        struct environment base;
        int r = yaml_read(&l->compiler.yaml, path, named, &root);

        if (r < 0)
                return r;
        if (schema_document(root, "environment", merge.diag).n == 0)
                return -EINVAL;
        r = schema_read(&schema_environment, root, values, merge.diag);
        *out = (struct environment){ .mode = MODE_AUDIT };
        if (values[ENVIRONMENT_EXTENDS]) {
                int extended = read_extended(l, values[ENVIRONMENT_EXTENDS], chain, out);

                if (extended < 0)
                        return worse(r, extended);
                base = *out;
                merge.base = &base;
        }
        if (loader_digest(l, root->at.source) < 0 || warn_of_name(l, path, values[ENVIRONMENT_NAME], merge.base) < 0)
                return -ENOMEM;
        if (values[ENVIRONMENT_NAME])
                out->name = values[ENVIRONMENT_NAME]->text;
        if (values[ENVIRONMENT_MODE])
                mode_parse(values[ENVIRONMENT_MODE]->text, &out->mode);
        if (values[ENVIRONMENT_STEPS])
                out->steps = values[ENVIRONMENT_STEPS];
        r = worse(r, read_limits(&merge, root, values, out));
        r = worse(r, add_rules(l, values[ENVIRONMENT_RULES], out));
        r = worse(r, add_items(l, values[ENVIRONMENT_ACCESS], &out->access));
        r = worse(r, add_items(l, values[ENVIRONMENT_REQUIRES], &out->requires));
        return worse(r, add_items(l, values[ENVIRONMENT_OVERRIDE], &out->overrides));
}

static int read_extended(struct loader *l, const struct yaml_node *node, struct chain *chain, struct environment *out) {
        struct diag *diag = l->compiler.yaml.diag;
        struct str path;
        int r = find_environment(l, node->text, node->at.source->name, node->at, &path);

        if (r < 0)
                return r;
        for (size_t i = 0; i < chain->n; ++i)
                if (str_eq(chain->paths[i], path))
                        return diag_error(diag, node->at, DIAG_EXTENDS_LOOP, "\"%s\" extends this file, in the end",
                                          PRINTABLE(node->text));
        if (chain->n == EXTENDS_MOST)
                return diag_error(diag, node->at, DIAG_EXTENDS_LOOP, "more than %d environments extend each other",
                                  EXTENDS_MOST);
        chain->paths[chain->n++] = path;
        return read_chain(l, node->at, chain, out);
}

int environment_read(struct loader *l, struct str name, struct position named, struct environment *out) {
        struct chain chain = { .n = 1 };
        int r = find_environment(l, name, (struct str){ 0 }, named, &chain.paths[0]);

        return r < 0 ? r : read_chain(l, named, &chain, out);
}

int environment_requires(struct loader *l, const struct environment *e) {
        int r = 0;

        for (size_t i = 0; i < e->requires.n; ++i) {
                const struct yaml_node *id = e->requires.items[i];

                if (!loader_entry(l, id->text))
                        r = diag_error(l->compiler.yaml.diag, id->at, DIAG_RULE_MISSING,
                                       "rule \"%s\" is missing: is a file of rules gone or cut short?",
                                       PRINTABLE(id->text));
        }
        return r;
}
