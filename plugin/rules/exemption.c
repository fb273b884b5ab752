#include "exemption-priv.h"

#include "anchor.h"
#include "condition-priv.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "printable.h"
#include "who.h"
#include <assert.h>
#include <sys/stat.h>

enum { DOCUMENT_DOCKSILL, DOCUMENT_KIND, DOCUMENT_EXEMPTIONS, DOCUMENT_KEYS };

static const struct schema exemption_schema;

static const struct schema_key document_keys[DOCUMENT_KEYS + 1] = {
        [DOCUMENT_DOCKSILL] = { "docksill", SHAPE_TEXT, .required = true, .doc = "v1" },
        [DOCUMENT_KIND] = { "kind", SHAPE_TEXT, .required = true, .doc = "exemptions" },
        [DOCUMENT_EXEMPTIONS] = { "exemptions", SHAPE_SEQUENCE, .required = true, .of = &exemption_schema,
                                  .doc = "the exemptions" },
};
const struct schema schema_exemptions = { "an exemptions file", document_keys };

enum {
        EXEMPTION_ID,
        EXEMPTION_RULES,
        EXEMPTION_MATCH,
        EXEMPTION_ONLY,
        EXEMPTION_UP_TO,
        EXEMPTION_REMAINING,
        EXEMPTION_OWNER,
        EXEMPTION_REASON,
        EXEMPTION_EXPIRES,
        EXEMPTION_KEYS,
};

/* What costs nothing need not be lifted. */
static const char *const bounds[] = { "info", "low", "medium", "high", "critical", NULL };

static const struct schema_key exemption_keys[EXEMPTION_KEYS + 1] = {
        [EXEMPTION_ID] = { "id", SHAPE_NAME, .required = true, .doc = "as records and reports show it" },
        [EXEMPTION_RULES] = { "rules", SHAPE_TEXTS, .required = true, .doc = "ids of the rules that are lifted" },
        [EXEMPTION_MATCH] = { "match", SHAPE_MAP, .required = true, .holds = HOLDS_CONDITION,
                              .doc = "conditions on the request; user: globs" },
        [EXEMPTION_ONLY] = { "only", SHAPE_MAP, .holds = HOLDS_CONDITION,
                             .doc = "conditions on what the rule judges; none: all of it" },
        [EXEMPTION_UP_TO] = { "up-to", SHAPE_CHOICE, .choices = bounds,
                              .doc = "of instances that are worse none is lifted" },
        [EXEMPTION_REMAINING] = { "remaining-points", SHAPE_NUMBER,
                                  .doc = "holds while what no exemption lifts has no more points" },
        [EXEMPTION_OWNER] = { "owner", SHAPE_TEXT, .required = true, .doc = "who answers for it" },
        [EXEMPTION_REASON] = { "reason", SHAPE_TEXT, .required = true, .doc = "why" },
        [EXEMPTION_EXPIRES] = { "expires", SHAPE_TEXT, .required = true, .doc = "the last day it holds, YYYY-MM-DD" },
};
static const struct schema exemption_schema = { "an exemption", exemption_keys };

/* One exemption as written, its compiled form beside it. */
struct written {
        const struct yaml_node *values[EXEMPTION_KEYS];
        struct exemption *exemption;
        unsigned holds; /* enum hold */
};

/* An exemption of one rule; they are handed out when all are known. */
struct grant {
        size_t entry;
        struct rule_exemption exemption;
};

struct reading {
        struct loader *l;
        struct {
                const struct exemption **items;
                size_t n, capacity;
        } exemptions;
        struct {
                struct grant *items;
                size_t n, capacity;
        } grants;
};

/* Guards */

static bool is_costing(const struct rule_case *c) {
        return c->severity != SEVERITY_NONE;
}

/* Hard in each case that costs something. */
static bool is_hard_altogether(const struct rule *rule) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (is_costing(&rule->cases[i]) && !rule->cases[i].hard)
                        return false;
        return rule_is_hard(rule);
}

static int check_hold(struct reading *g, const struct written *w) {
        const struct yaml_node *match = w->values[EXEMPTION_MATCH];
        struct diag *diag = g->l->compiler.yaml.diag;

        if (match->n == 0)
                return diag_error(diag, match->at, DIAG_EXEMPTION_OPEN, "\"match\" is empty, so it matches everything");
        if (!(w->holds & ANCHOR_SOMETHING))
                return diag_error(diag, match->at, DIAG_EXEMPTION_OPEN,
                                  "\"match\" tests only what a caller can choose freely; in each branch, not under "
                                  "not:, name a user, an image by digest, id or name, or a container by target.id");
        return 0;
}

/* Is a case both hard and no worse than what is lifted at all? */
static bool reaches_hard(const struct rule *rule, enum severity up_to) {
        for (size_t i = 0; i < rule->n_cases; ++i)
                if (is_costing(&rule->cases[i]) && rule->cases[i].hard && rule->cases[i].severity <= up_to)
                        return true;
        return false;
}

/* What an image needs beside its digest, said as it is to be written. */
static void add_missing(struct text *t, unsigned holds) {
        static const struct {
                unsigned bit;
                const char *wanted;
        } rows[] = {
                { ANCHOR_CONTENT, "image.digest or image.id" },
                { ANCHOR_AS_BUILT, "image.as_built: true" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (!(holds & rows[i].bit))
                        text_addf(t, "%s%s", t->n ? ", " : "", rows[i].wanted);
}

/* Of a rule that is sometimes hard the rest may be lifted all the same; its file is told what stays. */
static void report_hard(struct reading *g, const struct yaml_node *id, struct position at, bool altogether,
                        const char *why) {
        struct diag *diag = g->l->compiler.yaml.diag;

        if (altogether)
                diag_error(diag, at, DIAG_EXEMPTION_HARD, "\"%s\" is a hard rule: %s", PRINTABLE(id->text), why);
        else
                diag_warning(diag, at, DIAG_EXEMPTION_HARD, "\"%s\" is not lifted where it is hard: %s",
                             PRINTABLE(id->text), why);
}

static int check_hard(struct reading *g, const struct written *w, const struct yaml_node *id, const struct rule *rule,
                      struct rule_exemption *out) {
        const struct yaml_node *only = w->values[EXEMPTION_ONLY];
        bool altogether = is_hard_altogether(rule);
        char why[400], missing[300];
        struct text t, list;

        if (!rule_is_hard(rule) || (!altogether && !reaches_hard(rule, w->exemption->up_to)))
                return 0;
        text_init_fixed(&t, why, sizeof(why));
        if (!(w->holds & ANCHOR_HARD)) {
                text_init_fixed(&list, missing, sizeof(missing));
                add_missing(&list, w->holds);
                text_addf(&t, "\"match\" needs a user, a container by target.id, or beside what it has: %s", missing);
                report_hard(g, id, w->values[EXEMPTION_MATCH]->at, altogether, why);
        } else if (!only) {
                report_hard(g, id, id->at, altogether, "it needs \"only\", the value that is let through");
        } else if (!anchor_narrows(out->only, rule)) {
                report_hard(g, id, only->at, altogether, "\"only\" must name the value that the rule judges by");
        } else {
                out->hard = true;
        }
        return altogether && !out->hard ? -EINVAL : 0;
}

/* Rules */

/* Under the name that the rule at hand has for its element. */
static int compile_only(struct reading *g, const struct yaml_node *only, struct rule_exemption *out) {
        struct compiler *c = &g->l->compiler;
        int r;

        if (!only)
                return 0;
        if (only->n == 0)
                return diag_error(c->yaml.diag, only->at, DIAG_WRONG_OPERAND,
                                  "\"only\" is empty; leave it out, or name the value that is let through");
        c->uses = 0;
        r = condition_new(c, only, &out->only);
        out->uses = c->uses;
        return r;
}

static int grant(struct reading *g, const struct entry *entry, const struct rule_exemption *exemption) {
        struct grant *slot = ARENA_PUSH(g->l->compiler.yaml.scratch, &g->grants);

        if (!slot)
                return -ENOMEM;
        *slot = (struct grant){ (size_t)(entry - g->l->entries.items), *exemption };
        return 0;
}

static int exempt_rule(struct reading *g, const struct written *w, const struct yaml_node *id) {
        struct compiler *c = &g->l->compiler;
        const struct entry *entry = loader_named(g->l, id);
        struct rule_exemption one = { .exemption = w->exemption };
        const char *never;
        int r;

        if (str_eqz(id->text, ACCESS_RULE))
                return diag_error(c->yaml.diag, id->at, DIAG_EXEMPTION_NEVER,
                                  "\"" ACCESS_RULE "\" can't be exempted; change \"access\" in the environment");
        if (!entry)
                return loader_unknown_rule(g->l, id);
        never = entry_never_changed(entry);
        if (never)
                return diag_error(c->yaml.diag, id->at, DIAG_EXEMPTION_NEVER, "\"%s\" can't be exempted: %s",
                                  PRINTABLE(id->text), never);
        if (!entry->sound)
                return 0; /* reported where it is broken */
        c->each = entry->rule.each;
        c->alias = entry->rule.alias;
        r = compile_only(g, w->values[EXEMPTION_ONLY], &one);
        if (r == 0)
                r = check_hard(g, w, id, &entry->rule, &one);
        c->each = NULL;
        return r < 0 ? r : grant(g, entry, &one);
}

static int exempt_rules(struct reading *g, const struct written *w) {
        const struct yaml_node *rules = w->values[EXEMPTION_RULES];
        size_t n = rules->kind == NODE_SEQUENCE ? rules->n : 1;
        struct str *ids = ARENA_ARRAY(g->l->compiler.yaml.keep, struct str, n);
        int r = 0;

        if (!ids)
                return -ENOMEM;
        if (n == 0)
                return diag_error(g->l->compiler.yaml.diag, rules->at, DIAG_MISSING_KEY, "\"rules\" names no rule");
        for (size_t i = 0; i < n; ++i) {
                const struct yaml_node *id = rules->kind == NODE_SEQUENCE ? rules->items[i] : rules;
                bool twice = false;

                for (size_t k = 0; k < i; ++k)
                        twice = twice || str_eq(ids[k], id->text);
                ids[i] = id->text;
                r = worse(r, twice ? diag_error(g->l->compiler.yaml.diag, id->at, DIAG_DUPLICATE_ID,
                                                "\"%s\" is named twice", PRINTABLE(id->text))
                                   : exempt_rule(g, w, id));
        }
        w->exemption->rules = ids;
        w->exemption->n_rules = n;
        return r;
}

/* One exemption */

static int read_match(struct reading *g, struct written *w) {
        struct compiler *c = &g->l->compiler;
        const struct yaml_node *unfolded;
        int r = who_unfold(c, w->values[EXEMPTION_MATCH], &unfolded);

        if (r < 0)
                return r;
        c->each = NULL;
        c->uses = 0;
        r = condition_new(c, unfolded, &w->exemption->match);
        w->exemption->uses = c->uses;
        if (r < 0)
                return r;
        w->holds = anchor_of(w->exemption->match);
        w->exemption->hold = w->holds & (ANCHOR_USER | ANCHOR_TARGET) ? HOLD_FIRM
                             : w->holds & ANCHOR_HARD                 ? HOLD_IMAGE
                                                                      : HOLD_LOOSE;
        return check_hold(g, w);
}

static int read_expires(struct reading *g, const struct yaml_node *node, struct exemption *out) {
        struct diag *diag = g->l->compiler.yaml.diag;
        int64_t day;

        out->expires = node->text;
        if (date_parse(node->text, &day) < 0)
                return diag_error(diag, node->at, DIAG_EXEMPTION_DATE, "\"%s\" is no day; write it like 2026-12-31",
                                  PRINTABLE(node->text));
        out->until = day + DATE_DAY;
        if (out->until <= clock_wall())
                diag_warning(diag, node->at, DIAG_EXEMPTION_EXPIRED, "the exemption \"%s\" has expired: no effect",
                             PRINTABLE(out->id));
        return 0;
}

static void read_bounds(const struct written *w, struct exemption *out) {
        const struct yaml_node *up_to = w->values[EXEMPTION_UP_TO], *remaining = w->values[EXEMPTION_REMAINING];

        out->up_to = SEVERITY_CRITICAL;
        if (up_to)
                (void)severity_parse(up_to->text, &out->up_to);
        out->bounded = remaining;
        out->remaining_points = schema_number(remaining);
}

/* As they are written for somebody to fill in (EXEMPTION_OWNER_BLANK). */
static void warn_of_blanks(struct reading *g, const struct written *w) {
        static const struct {
                unsigned key;
                const char *blank;
        } rows[] = { { EXEMPTION_OWNER, EXEMPTION_OWNER_BLANK }, { EXEMPTION_REASON, EXEMPTION_REASON_BLANK } };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct yaml_node *node = w->values[rows[i].key];

                if (str_eqz(node->text, rows[i].blank))
                        diag_warning(g->l->compiler.yaml.diag, node->at, DIAG_EXEMPTION_BLANK,
                                     "\"%s\" of the exemption \"%s\" is to be filled in",
                                     exemption_keys[rows[i].key].name, PRINTABLE(w->exemption->id));
        }
}

static int check_id(struct reading *g, const struct exemption *e) {
        for (size_t i = 0; i < g->exemptions.n; ++i)
                if (str_eq(g->exemptions.items[i]->id, e->id))
                        return diag_error(g->l->compiler.yaml.diag, e->at, DIAG_DUPLICATE_ID,
                                          "\"%s\" is an exemption already, at %s:%u", PRINTABLE(e->id),
                                          PRINTABLE(g->exemptions.items[i]->at.source->name),
                                          g->exemptions.items[i]->at.line);
        return 0;
}

static int add_exemption(struct reading *g, const struct yaml_node *node) {
        struct arena *keep = g->l->compiler.yaml.keep;
        const struct exemption **slot;
        struct written w = { 0 };
        int r = schema_read(&exemption_schema, node, w.values, g->l->compiler.yaml.diag);

        if (r < 0)
                return r;
        w.exemption = ARENA_NEW(keep, struct exemption);
        if (!w.exemption)
                return -ENOMEM;
        *w.exemption = (struct exemption){ .id = w.values[EXEMPTION_ID]->text,
                                           .owner = w.values[EXEMPTION_OWNER]->text,
                                           .reason = w.values[EXEMPTION_REASON]->text,
                                           .at = w.values[EXEMPTION_ID]->at };
        read_bounds(&w, w.exemption);
        warn_of_blanks(g, &w);
        r = check_id(g, w.exemption);
        r = worse(r, read_expires(g, w.values[EXEMPTION_EXPIRES], w.exemption));
        r = worse(r, read_match(g, &w));
        /* Without what it hangs on, whatever would be said of hard rules is only noise. */
        if (r == 0)
                r = exempt_rules(g, &w);
        slot = ARENA_PUSH(g->l->compiler.yaml.scratch, &g->exemptions);
        if (!slot)
                return -ENOMEM;
        *slot = w.exemption;
        return r;
}

/* Files */

static int read_file(struct reading *g, const char *path) {
        const struct yaml_node *root, *values[DOCUMENT_KEYS];
        struct compiler *c = &g->l->compiler;
        int r = yaml_read(&c->yaml, path, (struct position){ 0 }, &root);

        if (r < 0)
                return r;
        if (schema_document(root, "exemptions", c->yaml.diag).n == 0)
                return -EINVAL;
        if (loader_digest(g->l, root->at.source) < 0)
                return -ENOMEM;
        r = schema_read(&schema_exemptions, root, values, c->yaml.diag);
        for (size_t i = 0; values[DOCUMENT_EXEMPTIONS] && i < values[DOCUMENT_EXEMPTIONS]->n; ++i)
                r = worse(r, add_exemption(g, values[DOCUMENT_EXEMPTIONS]->items[i]));
        return r;
}

/* By whatever path they are named. */
static bool is_same_file(const char *a, const char *b) {
        struct stat x, y;

        return a && b && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* What can't be read is an error: exemptions that silently are not there refuse people who were promised otherwise. */
static int read_folder(struct reading *g, const char *folder, const char *replaced) {
        struct compiler *c = &g->l->compiler;
        struct file_names names = { 0 };
        int r = bundle_list(c->yaml.from, c->yaml.keep, folder, ".yaml", &names);

        if (r == -ENOMEM)
                return r;
        if (r < 0)
                return diag_error(c->yaml.diag, (struct position){ 0 }, DIAG_FILE_UNREADABLE, "exemptions \"%s\": %s",
                                  PRINTABLE(str_from(folder)), strerror(-r));
        for (size_t i = 0; i < names.n; ++i)
                if (!is_same_file(names.items[i].p, replaced))
                        r = worse(r, read_file(g, names.items[i].p));
        return r;
}

/* To the rules */

static int by_id(const void *a, const void *b) {
        const struct exemption *const *x = a, *const *y = b;

        return str_cmp((*x)->id, (*y)->id);
}

static int by_entry(const void *a, const void *b) {
        const struct grant *x = a, *y = b;

        if (x->entry != y->entry)
                return x->entry < y->entry ? -1 : 1;
        return str_cmp(x->exemption.exemption->id, y->exemption.exemption->id);
}

/* Of two that lift the same the first by id is the one that is told of, whatever the order of files. */
static int hand_out(struct reading *g) {
        struct rule_exemption *all = ARENA_ARRAY(g->l->compiler.yaml.keep, struct rule_exemption, g->grants.n);

        if (!all)
                return -ENOMEM;
        if (g->grants.n > 1)
                qsort(g->grants.items, g->grants.n, sizeof(*g->grants.items), by_entry);
        for (size_t i = 0; i < g->grants.n; ++i) {
                struct rule *rule = &g->l->entries.items[g->grants.items[i].entry].rule;

                all[i] = g->grants.items[i].exemption;
                if (rule->n_exemptions++ == 0)
                        rule->exemptions = &all[i];
        }
        return 0;
}

static int keep_all(struct reading *g, struct exemption_view *out) {
        const struct exemption **items =
                ARENA_ARRAY(g->l->compiler.yaml.keep, const struct exemption *, g->exemptions.n);

        if (!items)
                return -ENOMEM;
        if (g->exemptions.n)
                memcpy(items, g->exemptions.items, g->exemptions.n * sizeof(*items));
        if (g->exemptions.n > 1)
                qsort(items, g->exemptions.n, sizeof(*items), by_id);
        *out = (struct exemption_view){ items, g->exemptions.n };
        return hand_out(g);
}

static int read_path(struct reading *g, const char *path, const char *replaced) {
        const struct bundle *from = g->l->compiler.yaml.from;

        if (!path || is_same_file(path, replaced))
                return 0;
        return bundle_exists(from, path) && !bundle_is_folder(from, path) ? read_file(g, path)
                                                                          : read_folder(g, path, replaced);
}

int exemptions_load(struct loader *l, const struct exemption_files *files, struct exemption_view *out) {
        struct reading g = { .l = l };
        int r;

        if (!files->all && !files->draft)
                return 0;
        r = read_path(&g, files->all, files->replaced);
        r = worse(r, read_path(&g, files->draft, NULL));
        return r < 0 ? r : keep_all(&g, out);
}
