#include "named-list.h"

#include "compiler.h"
#include "docksill/base/path.h"
#include "printable.h"
#include <assert.h>

static int push_item(struct compiler *c, struct definition *d, const struct yaml_node *node) {
        const struct yaml_node **slot = ARENA_PUSH(c->yaml.scratch, d);

        if (!slot)
                return -ENOMEM;
        *slot = node;
        return 0;
}

static int check_item(struct compiler *c, const struct yaml_node *node) {
        if (node->kind == NODE_SCALAR && !yaml_is_null(node))
                return 0;
        return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE, "a list or value holds texts, not %s",
                          node->kind == NODE_MAP        ? "a map"
                          : node->kind == NODE_SEQUENCE ? "a list"
                                                        : "nothing");
}

static bool has_item(const struct definition *d, struct str text) {
        for (size_t i = 0; i < d->n; ++i)
                if (str_eq(d->items[i]->text, text))
                        return true;
        return false;
}

/* What one override took away another may bring back. */
static void find_lost(struct definition *d) {
        size_t n = 0;

        for (size_t i = 0; i < d->lost.n; ++i)
                if (!has_item(d, d->lost.items[i]))
                        d->lost.items[n++] = d->lost.items[i];
        d->lost.n = n;
}

int definition_append(struct compiler *c, struct definition *d, const struct yaml_node *node) {
        int r = 0;

        if (d->list && node->kind != NODE_SEQUENCE)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE, "the list \"%s\" is written [a, b]",
                                  PRINTABLE(d->name));
        if (!d->list) {
                r = check_item(c, node);
                return r < 0 ? r : push_item(c, d, node);
        }
        for (size_t i = 0; i < node->n; ++i) {
                r = worse(r, check_item(c, node->items[i]));
                if (push_item(c, d, node->items[i]) < 0)
                        return -ENOMEM;
        }
        find_lost(d);
        return r;
}

static int push_name(struct compiler *c, struct names *names, struct str name) {
        struct str *slot = ARENA_PUSH(c->yaml.scratch, names);

        if (!slot)
                return -ENOMEM;
        *slot = name;
        return 0;
}

/* What was lost before stays lost: a second override must not hide what the first one took away. */
int definition_set(struct compiler *c, struct definition *d, const struct yaml_node *node) {
        const struct definition before = *d;
        int r;

        d->items = NULL;
        d->n = d->capacity = 0;
        r = definition_append(c, d, node);
        for (size_t i = 0; i < before.n; ++i) {
                if (has_item(d, before.items[i]->text))
                        continue;
                if (push_name(c, &d->lost, before.items[i]->text) < 0)
                        return -ENOMEM;
                d->lost_at = node->at;
        }
        return r;
}

struct definition *definition_find(const struct definitions *all, struct str name) {
        for (size_t i = 0; i < all->n; ++i)
                if (str_eq(all->items[i]->name, name))
                        return all->items[i];
        return NULL;
}

/* A name that is taken is refused, and its items dropped: which file is read first must not matter. */
static int add_one(struct compiler *c, const struct yaml_pair *pair, enum definition_kind kind) {
        const struct yaml_node *key = pair->key;
        struct definition *d = definition_find(c->definitions, key->text), **slot;

        if (!schema_is_name(key->text))
                return diag_error(
                        c->yaml.diag, key->at, DIAG_BAD_NAME,
                        "\"%s\" is no name: lower-case letters, digits and dashes, a letter first, at most 63",
                        PRINTABLE(key->text));
        if (d)
                return diag_error(c->yaml.diag, key->at, DIAG_DUPLICATE_ID, "\"%s\" is a %s already, at %s:%u",
                                  PRINTABLE(key->text), d->list ? "list" : "value", PRINTABLE(d->at.source->name),
                                  d->at.line);
        d = ARENA_NEW(c->yaml.scratch, struct definition);
        slot = d ? ARENA_PUSH(c->yaml.scratch, c->definitions) : NULL;
        if (!slot)
                return -ENOMEM;
        *slot = d;
        *d = (struct definition){ .name = key->text,
                                  .at = key->at,
                                  .list = kind != DEFINITION_VALUE,
                                  .allow = kind == DEFINITION_ALLOW_LIST };
        return definition_append(c, d, pair->value);
}

int definitions_add(struct compiler *c, const struct yaml_node *map, enum definition_kind kind) {
        int r = 0;

        assert(map->kind == NODE_MAP);
        for (size_t i = 0; i < map->n; ++i)
                r = worse(r, add_one(c, &map->pairs[i], kind));
        return r;
}

int definition_unknown(const struct compiler *c, struct str name, bool list, struct position at) {
        struct nearest nearest;

        nearest_init(&nearest, name);
        for (size_t i = 0; i < c->definitions->n; ++i)
                nearest_offer(&nearest, c->definitions->items[i]->name);
        return diag_error(c->yaml.diag, at, list ? DIAG_UNKNOWN_LIST : DIAG_UNKNOWN_VALUE, "no %s \"%s\"%s",
                          list ? "list" : "value", PRINTABLE(name), SUGGESTION(&nearest));
}

/* Once for each definition: one use is enough. */
static bool is_blamed(struct compiler *c, const struct item *item) {
        struct definition *d = item->from;

        if (d && d->blamed && d->blamed != c->definitions->uses)
                return true;
        if (d)
                d->blamed = c->definitions->uses;
        return false;
}

static int report_item(struct compiler *c, const struct item *item, enum diag_code code, const char *fmt,
                       va_list args) {
        char message[1400];
        struct text t;

        if (is_blamed(c, item))
                return -EINVAL;
        text_init_fixed(&t, message, sizeof(message));
        text_addv(&t, fmt, args);
        return diag_error(c->yaml.diag, item->node->at, code, "%s", message);
}

int item_error(struct compiler *c, const struct item *item, const char *fmt, ...) {
        va_list args;
        int r;

        va_start(args, fmt);
        r = report_item(c, item, DIAG_WRONG_OPERAND, fmt, args);
        va_end(args);
        return r;
}

printf_(4, 5) static int item_report(struct compiler *c, const struct item *item, enum diag_code code, const char *fmt,
                                     ...) {
        va_list args;
        int r;

        va_start(args, fmt);
        r = report_item(c, item, code, fmt, args);
        va_end(args);
        return r;
}

bool item_is_reference(const struct yaml_node *node) {
        return node->kind == NODE_SCALAR && node->text.n > 1 && node->text.p[0] == '$' &&
               schema_is_name(str_skip(node->text, 1));
}

static int unfold(struct compiler *c, const struct yaml_node *node, struct definition *from, bool many,
                  struct items *out);

/* The rule at hand is one of those that judge by it. */
static int note_user(struct compiler *c, struct definition *d) {
        if (c->rule.n == 0 || (d->users.n > 0 && str_eq(d->users.items[d->users.n - 1], c->rule)))
                return 0;
        return push_name(c, &d->users, c->rule);
}

static int unfold_reference(struct compiler *c, const struct yaml_node *node, bool many, struct items *out) {
        struct str name = str_skip(node->text, 1);
        struct definition *d = definition_find(c->definitions, name);
        int r = 0;

        if (!d)
                return definition_unknown(c, name, many, node->at);
        d->used = true;
        if (note_user(c, d) < 0)
                return -ENOMEM;
        if (d->list && !many)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND,
                                  "\"%s\" is a list; one value belongs here", PRINTABLE(node->text));
        if (d->open)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND, "the list \"%s\" holds itself",
                                  PRINTABLE(name));
        d->open = true;
        out->allowing += d->allow;
        for (size_t i = 0; i < d->n && out->steps <= ITEMS_MOST; ++i)
                r = worse(r, unfold(c, d->items[i], d, many, out));
        out->allowing -= d->allow;
        d->open = false;
        return r;
}

static int unfold_sequence(struct compiler *c, const struct yaml_node *node, struct definition *from, bool many,
                           struct items *out) {
        int r = 0;

        if (!many)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND, "one value belongs here, not a list");
        for (size_t i = 0; i < node->n && out->steps <= ITEMS_MOST; ++i)
                r = worse(r, unfold(c, node->items[i], from, many, out));
        return r;
}

bool item_is_everything(struct str item) {
        for (size_t i = 0; i < item.n; ++i)
                if (!strchr("*?/.:@", item.p[i]) || item.p[i] == '\0')
                        return false;
        return item.n > 0;
}

bool item_has_mode(struct str item) {
        return str_starts(item, STR_C("/")) && (str_ends(item, STR_C(":ro")) || str_ends(item, STR_C(":rw")));
}

static bool has_dots(struct str rest) {
        while (rest.p) {
                struct str component = str_cut(&rest, '/');

                if (str_eqz(component, ".") || str_eqz(component, ".."))
                        return true;
        }
        return false;
}

/* Would it let in a device of any name at all? Also those that nobody has thought of, and those above and below
 * them. */
static bool fits_every_device(struct str item) {
        return path_matches(STR_C("/dev/\x01"), item, PATH_WITHIN);
}

static int check_allowed_path(struct compiler *c, const struct item *item) {
        struct str text = item->node->text, clean;

        if (path_clean(c->yaml.scratch, text, &clean) < 0)
                return -ENOMEM;
        if (str_eqz(clean, "/"))
                return item_report(c, item, DIAG_ALLOW_WIDE,
                                   "\"%s\" in allow-list \"%s\" is /, and would let everything in", PRINTABLE(text),
                                   PRINTABLE(item->from->name));
        if (has_dots(text))
                return item_report(c, item, DIAG_WRONG_OPERAND,
                                   "\"%s\": a path of an allow-list has no \".\" or \"..\"; write where it leads",
                                   PRINTABLE(text));
        if (fits_every_device(clean))
                return item_report(c, item, DIAG_ALLOW_WIDE,
                                   "\"%s\" in allow-list \"%s\" would let every device of the host in", PRINTABLE(text),
                                   PRINTABLE(item->from->name));
        if (item_has_mode(text))
                return item_report(
                        c, item, DIAG_WRONG_OPERAND,
                        "\"%s\": a path of a list has no mode; which list it stands in says whether it may be "
                        "written",
                        PRINTABLE(text));
        return 0;
}

static int check_allowed(struct compiler *c, const struct item *item) {
        struct str text = item->node->text;

        if (item_is_everything(text))
                return item_report(c, item, DIAG_ALLOW_WIDE, "\"%s\" in allow-list \"%s\" would let everything in",
                                   PRINTABLE(text), PRINTABLE(item->from->name));
        return str_starts(text, STR_C("/")) ? check_allowed_path(c, item) : 0;
}

/* Recursion: definitions can't hold themselves, nodes are YAML_DEPTH_MOST deep. Steps are counted rather than items:
 * lists of lists of lists of nothing would take as long. */
static int unfold(struct compiler *c, const struct yaml_node *node, struct definition *from, bool many,
                  struct items *out) {
        struct item *slot;

        if (++out->steps > ITEMS_MOST)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND, "more than %d items", ITEMS_MOST);
        if (node->kind == NODE_SEQUENCE)
                return unfold_sequence(c, node, from, many, out);
        if (item_is_reference(node))
                return unfold_reference(c, node, many, out);
        if (node->kind == NODE_MAP || yaml_is_null(node))
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND,
                                  node->kind == NODE_MAP ? "a value belongs here, not a map"
                                                         : "a value belongs here; quote the word null if it is meant");
        slot = ARENA_PUSH(c->yaml.scratch, out);
        if (!slot)
                return -ENOMEM;
        *slot = (struct item){ node, from };
        return out->allowing ? check_allowed(c, slot) : 0;
}

int items_unfold(struct compiler *c, const struct yaml_node *node, bool many, struct items *out) {
        *out = (struct items){ 0 };
        ++c->definitions->uses;
        return unfold(c, node, NULL, many, out);
}

void definitions_report_unused(const struct compiler *c) {
        for (size_t i = 0; i < c->definitions->n; ++i) {
                const struct definition *d = c->definitions->items[i];

                if (!d->used)
                        diag_warning(c->yaml.diag, d->at, DIAG_UNUSED_LIST, "the %s \"%s\" is never used",
                                     d->list ? "list" : "value", PRINTABLE(d->name));
        }
}
