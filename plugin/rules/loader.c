#include "loader.h"

#include "anchor.h"
#include "docksill/base/path.h"
#include "docksill/engine/operation.h"
#include "docksill/rules/schema.h"
#include "printable.h"
#include "rule-priv.h"

enum {
        DOCUMENT_DOCKSILL,
        DOCUMENT_KIND,
        DOCUMENT_LISTS,
        DOCUMENT_ALLOW_LISTS,
        DOCUMENT_VALUES,
        DOCUMENT_REFERENCES,
        DOCUMENT_TESTS,
        DOCUMENT_RENAMED,
        DOCUMENT_RULES,
        DOCUMENT_KEYS,
};

static const struct schema_key document_keys[DOCUMENT_KEYS + 1] = {
        [DOCUMENT_DOCKSILL] = { "docksill", SHAPE_TEXT, .required = true, .doc = "v1" },
        [DOCUMENT_KIND] = { "kind", SHAPE_TEXT, .required = true, .doc = "rules" },
        [DOCUMENT_LISTS] = { "lists", SHAPE_MAP, .holds = HOLDS_TEXTS, .doc = "name: [items]" },
        [DOCUMENT_ALLOW_LISTS] = { "allow-lists", SHAPE_MAP, .holds = HOLDS_TEXTS,
                                   .doc = "name: [items]; what stands in one is let in" },
        [DOCUMENT_VALUES] = { "values", SHAPE_MAP, .holds = HOLDS_TEXT, .doc = "name: value" },
        [DOCUMENT_REFERENCES] = { "references", SHAPE_MAP, .holds = HOLDS_TEXTS,
                                  .doc = "of every rule, unless it has the framework itself" },
        [DOCUMENT_TESTS] = { "tests", SHAPE_MAP, .of = &tests_schema,
                             .doc = "what every test has that does not say it itself" },
        [DOCUMENT_RENAMED] = { "renamed", SHAPE_MAP, .holds = HOLDS_TEXTS,
                               .doc = "old name: [ids of the rules that it is now]" },
        [DOCUMENT_RULES] = { "rules", SHAPE_SEQUENCE, .of = &rule_schema, .doc = "the rules" },
};
const struct schema schema_rules = { "a rules file", document_keys };

int loader_digest(struct loader *l, const struct source *source) {
        struct str name =
                str_skip(source->name,
                         str_find_last(source->name, '/') == source->name.n ? 0 : str_find_last(source->name, '/') + 1);
        uint64_t sizes[2] = { name.n, source->text.n };
        uint8_t bytes[16];

        /* Lengths stand before what they measure, so that no two sets of files give the same bytes. */
        for (size_t i = 0; i < sizeof(bytes); ++i)
                bytes[i] = (uint8_t)(sizes[i / 8] >> 8 * (i % 8));
        return EVP_DigestUpdate(l->digest, bytes, sizeof(bytes)) && EVP_DigestUpdate(l->digest, name.p, name.n) &&
                               EVP_DigestUpdate(l->digest, source->text.p, source->text.n)
                       ? 0
                       : -ENOMEM;
}

int loader_beside(struct arena *arena, struct str from, struct str name, struct str *out) {
        size_t slash = str_find_last(from, '/');
        struct str cleaned;
        struct text t;

        text_init_arena(&t, arena);
        if (slash < from.n && !str_starts(name, STR_C("/")))
                text_add(&t, str_first(from, slash + 1));
        text_add(&t, name);
        if (t.failed || path_clean(arena, text_str(&t), &cleaned) < 0)
                return -ENOMEM;
        return arena_str(arena, cleaned, out);
}

int rules_paths_add(struct loader *l, struct rules_paths *paths, struct str path, struct position named) {
        struct rules_path *slot = ARENA_PUSH(l->compiler.yaml.scratch, paths);

        if (!slot)
                return -ENOMEM;
        *slot = (struct rules_path){ path, named };
        return 0;
}

/* Whether the file was read already; remembers it otherwise. Returns a negative errno, or that. */
static int seen_before(struct loader *l, struct str path) {
        struct arena *scratch = l->compiler.yaml.scratch;
        struct str cleaned, *slot;

        if (path_clean(scratch, path, &cleaned) < 0)
                return -ENOMEM;
        if (str_is_among(cleaned, l->seen.items, l->seen.n))
                return true;
        slot = ARENA_PUSH(scratch, &l->seen);
        if (!slot)
                return -ENOMEM;
        *slot = cleaned;
        return false;
}

static int add_document(struct loader *l, const struct yaml_node *root) {
        const struct yaml_node *values[DOCUMENT_KEYS];
        struct rules_document *document;
        struct compiler *c = &l->compiler;
        int r = schema_read(&schema_rules, root, values, c->yaml.diag);

        if (loader_digest(l, root->at.source) < 0)
                return -ENOMEM;
        document = ARENA_PUSH(c->yaml.scratch, &l->documents);
        if (!document)
                return -ENOMEM;
        *document = (struct rules_document){ .rules = values[DOCUMENT_RULES] };
        r = worse(r, defaults_new(c, values[DOCUMENT_REFERENCES], values[DOCUMENT_TESTS], &document->defaults));
        r = worse(r, renamings_add(&l->renamings, &c->yaml, values[DOCUMENT_RENAMED]));
        if (values[DOCUMENT_LISTS])
                r = worse(r, definitions_add(c, values[DOCUMENT_LISTS], DEFINITION_LIST));
        if (values[DOCUMENT_ALLOW_LISTS])
                r = worse(r, definitions_add(c, values[DOCUMENT_ALLOW_LISTS], DEFINITION_ALLOW_LIST));
        if (values[DOCUMENT_VALUES])
                r = worse(r, definitions_add(c, values[DOCUMENT_VALUES], DEFINITION_VALUE));
        return r;
}

static int add_profile(struct loader *l, const struct yaml_node *root) {
        if (loader_digest(l, root->at.source) < 0)
                return -ENOMEM;
        return profile_read(&l->compiler.yaml, root, &l->profiles);
}

/* A file of a folder may be of another kind (environments stand beside rules); a named one must hold rules, or a
 * profile. Returns 1 when it does, 0, or a negative errno. */
static int read_file(struct loader *l, struct str path, struct position named, bool of_folder) {
        const struct yaml_node *root, *kind;
        struct str wanted;
        bool profile;
        int r = seen_before(l, path);

        if (r != 0)
                return r;
        r = yaml_read(&l->compiler.yaml, path.p, named, &root);
        if (r < 0)
                return r;
        kind = yaml_get(root, "kind");
        profile = kind && str_eqz(kind->text, "profile");
        wanted = schema_document(root, of_folder ? NULL : profile ? "profile" : "rules", l->compiler.yaml.diag);
        if (wanted.n == 0)
                return -EINVAL;
        if (!profile && !str_eqz(wanted, "rules"))
                return 0;
        r = profile ? add_profile(l, root) : add_document(l, root);
        return r < 0 ? r : 1;
}

/* What a command line names has no place in a file. */
static struct position place_of(struct loader *l, const struct rules_path *path) {
        struct source *source;

        if (path->named.source)
                return path->named;
        source = ARENA_NEW(l->compiler.yaml.keep, struct source);
        if (source)
                source->name = path->path;
        return (struct position){ source, 0, 0 };
}

static int read_folder(struct loader *l, const struct rules_path *path) {
        struct diag *diag = l->compiler.yaml.diag;
        struct file_names names = { 0 };
        bool any = false;
        const struct yaml *y = &l->compiler.yaml;
        int r = bundle_list(y->from, y->keep, path->path.p, ".yaml", &names), result = 0;

        if (r == -ENOMEM)
                return r;
        if (r < 0)
                return diag_error(diag, place_of(l, path), DIAG_FILE_UNREADABLE, "\"%s\": %s", PRINTABLE(path->path),
                                  strerror(-r));
        for (size_t i = 0; i < names.n; ++i) {
                r = read_file(l, names.items[i], (struct position){ 0 }, true);
                any = any || r != 0;
                result = worse(result, r < 0 ? r : 0);
        }
        if (!any)
                return diag_error(diag, place_of(l, path), DIAG_FOLDER_EMPTY, "\"%s\" holds no file with rules",
                                  PRINTABLE(path->path));
        return result;
}

static int read_path(struct loader *l, const struct rules_path *path) {
        struct rules_path file = *path;
        const struct bundle *from = l->compiler.yaml.from;
        struct text longer;
        int r;

        if (bundle_is_folder(from, path->path.p))
                return read_folder(l, path);
        if (!bundle_exists(from, path->path.p)) {
                text_init_arena(&longer, l->compiler.yaml.keep);
                text_add(&longer, path->path);
                text_addz(&longer, ".yaml");
                if (longer.failed)
                        return -ENOMEM;
                if (bundle_exists(from, longer.p))
                        file.path = text_str(&longer);
        }
        r = read_file(l, file.path, file.named, false);
        return r < 0 ? r : 0;
}

int loader_read_rules(struct loader *l, const struct rules_paths *paths) {
        int r = 0;

        for (size_t i = 0; i < paths->n; ++i)
                r = worse(r, read_path(l, &paths->items[i]));
        return r;
}

static int compile_rule(struct loader *l, const struct yaml_node *node) {
        struct compiler *c = &l->compiler;
        const struct yaml_node *id = yaml_get(node, "id");
        struct entry *entry = ARENA_PUSH(c->yaml.scratch, &l->entries);
        int r;

        if (!entry)
                return -ENOMEM;
        *entry = (struct entry){ .at = id ? id->at : node->at };
        if (id && id->kind == NODE_SCALAR)
                entry->id = id->text;
        entry->operations = arena_alloc(c->yaml.scratch, operation_table_n + 1);
        if (!entry->operations)
                return -ENOMEM;
        r = rule_new(c, node, &entry->rule, entry->operations);
        entry->sound = r == 0;
        return r;
}

static int by_id(const void *a, const void *b) {
        const struct entry *x = a, *y = b;

        return str_cmp(x->id, y->id);
}

/* Entries are compared before they are sorted: the one read first keeps its id. */
static int check_ids(struct loader *l) {
        const struct entry *items = l->entries.items;
        int r = 0;

        for (size_t i = 0; i < l->entries.n; ++i) {
                if (str_eqz(items[i].id, ACCESS_RULE))
                        r = diag_error(l->compiler.yaml.diag, items[i].at, DIAG_DUPLICATE_ID,
                                       "\"" ACCESS_RULE "\" is docksill's own: what an environment's access refuses");
                for (size_t j = 0; j < i; ++j)
                        if (items[i].id.n && str_eq(items[i].id, items[j].id)) {
                                r = diag_error(l->compiler.yaml.diag, items[i].at, DIAG_DUPLICATE_ID,
                                               "\"%s\" is a rule already, at %s:%u", PRINTABLE(items[i].id),
                                               PRINTABLE(items[j].at.source->name), items[j].at.line);
                                break;
                        }
        }
        return r;
}

int loader_compile(struct loader *l) {
        int r = 0;

        for (size_t i = 0; i < l->documents.n; ++i) {
                const struct rules_document *document = &l->documents.items[i];

                l->compiler.defaults = &document->defaults;
                for (size_t k = 0; document->rules && k < document->rules->n; ++k)
                        r = worse(r, compile_rule(l, document->rules->items[k]));
        }
        l->compiler.defaults = NULL;
        r = worse(r, check_ids(l));
        if (l->entries.n > 1)
                qsort(l->entries.items, l->entries.n, sizeof(*l->entries.items), by_id);
        return r;
}

struct entry *loader_entry(const struct loader *l, struct str id) {
        for (size_t i = 0; i < l->entries.n; ++i)
                if (str_eq(l->entries.items[i].id, id))
                        return &l->entries.items[i];
        return NULL;
}

const char *entry_never_changed(const struct entry *entry) {
        const struct rule *rule = &entry->rule;

        if (str_starts(entry->id, STR_C("self-protection")))
                return "it protects docksill itself";
        if (!entry->sound)
                return NULL;
        if (rule->each && rule->each->at == offsetof(struct facts, request.flaws))
                return "it is about a request that can't be read exactly";
        if (anchor_reads(rule, false, offsetof(struct facts, request.flaws)) ||
            anchor_reads(rule, false, offsetof(struct facts, request.flaw_where)))
                return "it is about a request that can't be read exactly";
        return NULL;
}

struct entry *loader_named(const struct loader *l, const struct yaml_node *id) {
        struct entry *entry = loader_entry(l, id->text);
        const struct renaming *renamed = entry ? NULL : renaming_find(renamings_view(&l->renamings), id->text);

        if (!renamed || renamed->n != 1)
                return entry;
        entry = loader_entry(l, renamed->ids[0]);
        if (entry)
                diag_warning(l->compiler.yaml.diag, id->at, DIAG_RULE_RENAMED, "\"%s\" is called \"%s\" now",
                             PRINTABLE(id->text), PRINTABLE(entry->id));
        return entry;
}

int loader_check_renamings(struct loader *l) {
        int r = 0;

        for (size_t i = 0; i < l->renamings.n; ++i) {
                const struct renaming *one = &l->renamings.items[i];

                if (loader_entry(l, one->old))
                        r = diag_error(l->compiler.yaml.diag, one->at, DIAG_DUPLICATE_ID,
                                       "\"%s\" is a rule, so it was not renamed", PRINTABLE(one->old));
                for (size_t k = 0; k < one->n; ++k)
                        if (!loader_entry(l, one->ids[k]))
                                r = diag_error(l->compiler.yaml.diag, one->at, DIAG_UNKNOWN_RULE,
                                               "\"%s\" is said to be \"%s\" now, and there is no such rule",
                                               PRINTABLE(one->old), PRINTABLE(one->ids[k]));
        }
        return r;
}

int loader_unknown_rule(const struct loader *l, const struct yaml_node *id) {
        struct nearest nearest;

        nearest_init(&nearest, id->text);
        for (size_t i = 0; i < l->entries.n; ++i)
                nearest_offer(&nearest, l->entries.items[i].id);
        if (renaming_find(renamings_view(&l->renamings), id->text))
                return diag_error(l->compiler.yaml.diag, id->at, DIAG_UNKNOWN_RULE,
                                  "\"%s\" is several rules now; `docksill rules show %s` names them",
                                  PRINTABLE(id->text), PRINTABLE(id->text));
        return diag_error(l->compiler.yaml.diag, id->at, DIAG_UNKNOWN_RULE, "no rule \"%s\"%s", PRINTABLE(id->text),
                          SUGGESTION(&nearest));
}
