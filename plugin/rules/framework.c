#include "docksill/rules/framework.h"

#include "docksill/base/date.h"
#include "docksill/base/file.h"
#include "docksill/rules/schema.h"
#include "printable.h"

enum {
        FRAMEWORK_DOCKSILL,
        FRAMEWORK_KIND,
        FRAMEWORK_ID,
        FRAMEWORK_TITLE,
        FRAMEWORK_EDITION,
        FRAMEWORK_SOURCE,
        FRAMEWORK_CHECKED,
        FRAMEWORK_SECTIONS,
        FRAMEWORK_CONTROLS,
        FRAMEWORK_KEYS,
};

static const struct schema control_schema;

static const struct schema_key framework_keys[FRAMEWORK_KEYS + 1] = {
        [FRAMEWORK_DOCKSILL] = { "docksill", SHAPE_TEXT, .required = true, .doc = "v1" },
        [FRAMEWORK_KIND] = { "kind", SHAPE_TEXT, .required = true, .doc = "framework" },
        [FRAMEWORK_ID] = { "id", SHAPE_NAME, .required = true, .doc = "as rules' references: name it" },
        [FRAMEWORK_TITLE] = { "title", SHAPE_TEXT, .required = true, .doc = "what people call it" },
        [FRAMEWORK_EDITION] = { "edition", SHAPE_TEXT, .required = true, .doc = "of which the numbers are" },
        [FRAMEWORK_SOURCE] = { "source", SHAPE_TEXT, .required = true, .doc = "the publisher's address" },
        [FRAMEWORK_CHECKED] = { "checked", SHAPE_TEXT, .required = true, .doc = "the day the numbers were checked" },
        [FRAMEWORK_SECTIONS] = { "sections", SHAPE_MAP, .holds = HOLDS_TEXT,
                                 .doc = "number: title, of what holds controls" },
        [FRAMEWORK_CONTROLS] = { "controls", SHAPE_SEQUENCE, .required = true, .of = &control_schema,
                                 .doc = "all of them" },
};
const struct schema schema_framework = { "a framework", framework_keys };

enum {
        CONTROL_ID,
        CONTROL_TITLE,
        CONTROL_SCOPE,
        CONTROL_COVERS,
        CONTROL_WHY,
        CONTROL_BESIDE,
        CONTROL_UNSURE,
        CONTROL_RULES,
        CONTROL_PLACES,
        CONTROL_KEYS,
};

static const char *const scopes[] = { "container", "image", "engine", "swarm", "host", "organisation", NULL };
static const char *const covers_words[] = { "none", "part", "full", NULL };

static const struct schema_key control_keys[CONTROL_KEYS + 1] = {
        [CONTROL_ID] = { "id", SHAPE_TEXT, .required = true, .doc = "its number" },
        [CONTROL_TITLE] = { "title", SHAPE_TEXT, .required = true, .doc = "in words of our own" },
        [CONTROL_SCOPE] = { "scope", SHAPE_CHOICE, .required = true, .choices = scopes, .doc = "whose setting it is" },
        [CONTROL_COVERS] = { "covers", SHAPE_CHOICE, .required = true, .choices = covers_words, .doc = "how far" },
        [CONTROL_WHY] = { "why", SHAPE_TEXT, .doc = "what of it is not covered, and why" },
        [CONTROL_BESIDE] = { "beside", SHAPE_TEXT, .doc = "what else an auditor has to look at" },
        [CONTROL_UNSURE] = { "unsure", SHAPE_FLAG, .doc = "the number was not held against the source" },
        [CONTROL_RULES] = { "rules", SHAPE_TEXTS, .doc = "that serve it and refer to its section alone" },
        [CONTROL_PLACES] = { "places", SHAPE_TEXTS,
                             .doc = "fields, files or words: a finding that names none of them is another control's" },
};
static const struct schema control_schema = { "a control", control_keys };

struct str control_covers_name(enum control_covers covers) {
        return str_from(covers_words[covers]);
}

/* -- reading -- */

struct reading {
        struct yaml yaml;
        struct framework framework;
        int result;
};

static struct str text_of(const struct yaml_node *node) {
        return node ? node->text : (struct str){ NULL, 0 };
}

static enum control_covers covers_of(const struct yaml_node *node) {
        enum control_covers covers = COVERS_NONE;

        while (node && covers < COVERS_FULL && !str_eqz(node->text, covers_words[covers]))
                ++covers;
        return covers;
}

static size_t read_texts(struct reading *in, const struct yaml_node *node, struct str **out) {
        const struct yaml_node *const *nodes = node && node->kind == NODE_SEQUENCE ? node->items : &node;
        size_t n = !node ? 0 : node->kind == NODE_SEQUENCE ? node->n : 1;

        *out = ARENA_ARRAY(in->yaml.keep, struct str, n);
        if (!*out) {
                in->result = -ENOMEM;
                return 0;
        }
        for (size_t i = 0; i < n; ++i)
                (*out)[i] = nodes[i]->text;
        return n;
}

static const struct control *control_of(const struct framework *f, struct str id) {
        for (size_t i = 0; i < f->n_controls; ++i)
                if (str_eq(f->controls[i].id, id))
                        return &f->controls[i];
        return NULL;
}

static void read_control(struct reading *in, const struct yaml_node *node) {
        struct framework *f = &in->framework;
        const struct yaml_node *values[CONTROL_KEYS];
        struct control c = { .at = node->at };

        in->result = worse(in->result, schema_read(&control_schema, node, values, in->yaml.diag));
        c.id = text_of(values[CONTROL_ID]);
        c.title = text_of(values[CONTROL_TITLE]);
        c.scope = text_of(values[CONTROL_SCOPE]);
        c.why = text_of(values[CONTROL_WHY]);
        c.beside = text_of(values[CONTROL_BESIDE]);
        c.covers = covers_of(values[CONTROL_COVERS]);
        c.unsure = schema_flag(values[CONTROL_UNSURE]);
        c.n_rules = read_texts(in, values[CONTROL_RULES], &c.rules);
        c.n_places = read_texts(in, values[CONTROL_PLACES], &c.places);
        if (c.id.n && control_of(f, c.id))
                in->result = worse(in->result, diag_error(in->yaml.diag, c.at, DIAG_DUPLICATE_ID,
                                                          "control \"%s\" stands here twice", PRINTABLE(c.id)));
        if (values[CONTROL_COVERS] && c.covers != COVERS_FULL && !values[CONTROL_WHY])
                in->result = worse(in->result,
                                   diag_error(in->yaml.diag, c.at, DIAG_MISSING_KEY,
                                              "a control that is not covered in full says why: what is missing?"));
        f->controls[f->n_controls++] = c;
}

static void read_controls(struct reading *in, const struct yaml_node *node) {
        size_t n = node ? node->n : 0;

        in->framework.controls = ARENA_ARRAY(in->yaml.keep, struct control, n);
        if (!in->framework.controls) {
                in->result = -ENOMEM;
                return;
        }
        for (size_t i = 0; i < n; ++i)
                read_control(in, node->items[i]);
}

static void read_sections(struct reading *in, const struct yaml_node *node) {
        size_t n = node ? node->n : 0;

        in->framework.sections = ARENA_ARRAY(in->yaml.keep, struct str, n);
        if (!in->framework.sections) {
                in->result = -ENOMEM;
                return;
        }
        in->framework.n_sections = n;
        for (size_t i = 0; i < n; ++i)
                in->framework.sections[i] = node->pairs[i].key->text;
}

static void read_head(struct reading *in, const struct yaml_node *const *values, struct position at) {
        const struct yaml_node *checked = values[FRAMEWORK_CHECKED];
        struct framework *f = &in->framework;
        int64_t day;

        f->at = at;
        f->id = text_of(values[FRAMEWORK_ID]);
        f->title = text_of(values[FRAMEWORK_TITLE]);
        f->edition = text_of(values[FRAMEWORK_EDITION]);
        f->source = text_of(values[FRAMEWORK_SOURCE]);
        f->checked = text_of(checked);
        if (checked && date_parse(checked->text, &day) < 0)
                in->result = worse(in->result, diag_error(in->yaml.diag, checked->at, DIAG_WRONG_TYPE,
                                                          "a day is written 2026-12-31"));
}

static int read_file(struct frameworks *out, struct arena *arena, struct str path, struct diag *diag) {
        struct reading in = { .yaml = { .keep = arena, .scratch = arena, .diag = diag } };
        const struct yaml_node *values[FRAMEWORK_KEYS], *root;
        struct framework *slot;
        int r = yaml_read(&in.yaml, path.p, (struct position){ 0 }, &root);

        if (r < 0)
                return r;
        if (str_empty(schema_document(root, "framework", diag)))
                return -EINVAL;
        in.result = schema_read(&schema_framework, root, values, diag);
        read_head(&in, values, root->at);
        read_sections(&in, values[FRAMEWORK_SECTIONS]);
        read_controls(&in, values[FRAMEWORK_CONTROLS]);
        if (in.result < 0)
                return in.result;
        slot = ARENA_PUSH(arena, out);
        if (!slot)
                return -ENOMEM;
        *slot = in.framework;
        return 0;
}

int frameworks_read(struct frameworks *out, struct arena *arena, const char *folder, struct diag *diag) {
        struct file_names names = { 0 };
        struct text path;
        int result = 0, r;

        text_init_arena(&path, arena);
        text_addz(&path, folder);
        text_addz(&path, "/frameworks");
        if (path.failed)
                return -ENOMEM;
        r = file_list(arena, path.p, ".yaml", &names);
        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r == -ENOMEM ? r
                                    : diag_error(diag, (struct position){ 0 }, DIAG_FILE_UNREADABLE, "%s: %s", path.p,
                                                 strerror(-r));
        for (size_t i = 0; i < names.n && result != -ENOMEM; ++i)
                result = worse(result, read_file(out, arena, names.items[i], diag));
        return result;
}

/* -- against the rules -- */

static bool refers(const struct rule *rule, struct str framework, struct str item) {
        for (size_t i = 0; i < rule->n_references; ++i)
                if (str_eq(rule->references[i].framework, framework))
                        return str_is_among(item, rule->references[i].items, rule->references[i].n);
        return false;
}

bool control_served(const struct framework *framework, const struct control *control, const struct rule *rule) {
        return str_is_among(rule->id, control->rules, control->n_rules) || refers(rule, framework->id, control->id);
}

static bool is_served(const struct framework *f, const struct control *c, const struct ruleset *rules) {
        struct rule_view view = ruleset_rules(rules);

        for (size_t i = 0; i < view.n; ++i)
                if (control_served(f, c, view.items[i]))
                        return true;
        return false;
}

static int check_control(const struct framework *f, const struct control *c, const struct ruleset *rules,
                         struct diag *diag) {
        bool served = is_served(f, c, rules);
        int r = 0;

        for (size_t i = 0; i < c->n_rules; ++i)
                if (!ruleset_rule(rules, c->rules[i]))
                        r = diag_error(diag, c->at, DIAG_UNKNOWN_RULE, "no rule \"%s\"", PRINTABLE(c->rules[i]));
        if (served && c->covers == COVERS_NONE)
                r = diag_error(diag, c->at, DIAG_CONTROL_COVERED, "%s %s says covers: none, but rules serve it",
                               PRINTABLE(f->id), PRINTABLE(c->id));
        if (!served && c->covers != COVERS_NONE)
                r = diag_error(diag, c->at, DIAG_CONTROL_BARE, "%s %s is covered by no rule", PRINTABLE(f->id),
                               PRINTABLE(c->id));
        return r;
}

static int unknown_control(const struct framework *f, const struct rule *rule, struct str item, struct diag *diag) {
        struct nearest nearest;

        nearest_init(&nearest, item);
        for (size_t i = 0; i < f->n_controls; ++i)
                nearest_offer(&nearest, f->controls[i].id);
        return diag_error(diag, rule->at, DIAG_CONTROL_UNKNOWN, "%s %s has no control \"%s\"%s", PRINTABLE(f->id),
                          PRINTABLE(f->edition), PRINTABLE(item), SUGGESTION(&nearest));
}

static int check_references(const struct framework *f, const struct rule *rule, struct diag *diag) {
        int r = 0;

        for (size_t i = 0; i < rule->n_references; ++i) {
                const struct rule_reference *reference = &rule->references[i];

                if (!str_eq(reference->framework, f->id))
                        continue;
                for (size_t j = 0; j < reference->n; ++j)
                        if (!control_of(f, reference->items[j]) &&
                            !str_is_among(reference->items[j], f->sections, f->n_sections))
                                r = unknown_control(f, rule, reference->items[j], diag);
        }
        return r;
}

int frameworks_check(const struct frameworks *frameworks, const struct ruleset *rules, struct diag *diag) {
        struct rule_view view = ruleset_rules(rules);
        int r = 0;

        for (size_t i = 0; i < frameworks->n; ++i) {
                const struct framework *f = &frameworks->items[i];

                for (size_t j = 0; j < f->n_controls; ++j)
                        r = worse(r, check_control(f, &f->controls[j], rules, diag));
                for (size_t j = 0; j < view.n; ++j)
                        r = worse(r, check_references(f, view.items[j], diag));
        }
        return r;
}
