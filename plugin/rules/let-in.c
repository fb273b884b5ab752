#include "let-in-priv.h"

#include "docksill/base/utf8.h"
#include "fact-ref.h"
#include "named-list.h"
#include "printable.h"

#define ITEM_MAX 4096 /* bytes, as of a path */

struct let_in {
        struct str list;
        bool path, element;
        size_t at;
};

static bool is_utf8(struct str s) {
        const char *end = s.p + s.n;

        for (const char *p = s.p; p < end;) {
                size_t n = utf8_length(p, end);

                if (n == 0)
                        return false;
                p += n;
        }
        return true;
}

/* Of a path a list knows the star alone, of other texts both. */
const char *let_in_unfit(const struct let_in *l, struct str value) {
        if (value.n > ITEM_MAX)
                return "it is longer than the name of anything";
        if (item_is_everything(value))
                return "it would let everything in";
        if (str_find(value, '*') < value.n)
                return "in a list * stands for any name";
        if (!l->path && str_find(value, '?') < value.n)
                return "in a list ? stands for any character";
        if (str_starts(value, STR_C("$")))
                return "in a list $ begins the name of another list";
        if (item_has_mode(value))
                return "a list has paths without :ro or :rw";
        return is_utf8(value) && str_find(value, '\0') == value.n ? NULL : "a file of YAML can't hold its bytes";
}

struct str let_in_list(const struct let_in *l) {
        return l->list;
}

static const struct fact_head *cell_of(const struct let_in *l, const struct scope *scope) {
        const void *base = l->element ? scope->element : scope->facts;

        return base ? (const struct fact_head *)((const char *)base + l->at) : NULL;
}

unsigned let_in_spellings(const struct let_in *l, const struct scope *scope) {
        const struct fact_head *cell = cell_of(l, scope);

        return !cell ? 0 : l->path ? ((const struct fact_path *)cell)->n : 1;
}

/* A path that was not followed to its end would have to be listed by what nobody knows. */
struct str let_in_value(const struct let_in *l, const struct scope *scope) {
        const struct fact_head *cell = cell_of(l, scope);

        if (!cell || cell->state != FACT_KNOWN || scope->spelling >= let_in_spellings(l, scope))
                return (struct str){ 0 };
        return l->path ? ((const struct fact_path *)cell)->spelling[scope->spelling]
                       : ((const struct fact_str *)cell)->value;
}

/* Compiling. */

static bool is_fit(enum fact_type type) {
        switch (type) {
        case FACT_STRING:
        case FACT_ADDRESS:
        case FACT_IMAGE:
        case FACT_PATH: return true;
        default: return false;
        }
}

static int check_list(struct compiler *c, const struct yaml_node *name) {
        const struct definition *d = definition_find(c->definitions, name->text);

        if (!d)
                return definition_unknown(c, name->text, true, name->at);
        return d->allow ? 0
                        : diag_error(c->yaml.diag, name->at, DIAG_UNKNOWN_LIST,
                                     "\"%s\" is not an allow-list: adding to it allows nothing", PRINTABLE(name->text));
}

static int read_fact(struct compiler *c, const struct yaml_node *node, struct fact_ref *out) {
        int r = fact_resolve(c, node->text, node->at, out);

        if (r < 0)
                return r;
        if (out->fact->confidential)
                return diag_error(c->yaml.diag, node->at, DIAG_CONFIDENTIAL,
                                  "\"%s\" is confidential and may not be shown", PRINTABLE(node->text));
        if (!is_fit(out->type))
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND,
                                  "\"%s\" is of type %s; a list is given texts and paths", PRINTABLE(node->text),
                                  fact_type_name(out->type));
        return 0;
}

int let_in_new(struct compiler *c, const struct yaml_node *node, const struct let_in **out) {
        struct let_in *l = ARENA_NEW(c->yaml.keep, struct let_in);
        struct fact_ref ref;
        int r;

        if (!l)
                return -ENOMEM;
        if (node->n != 1 || node->pairs[0].value->kind != NODE_SCALAR)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_TYPE,
                                  "list: is written {NAME: fact}, such as {allowed-host-paths: mount.source}");
        r = check_list(c, node->pairs[0].key);
        r = worse(r, read_fact(c, node->pairs[0].value, &ref));
        if (r < 0)
                return r;
        *l = (struct let_in){ node->pairs[0].key->text, ref.type == FACT_PATH, ref.element, ref.at };
        *out = l;
        return 0;
}

/* Rules are compiled one by one, so that this one is the last that used it, or none. */
bool let_in_is_judged(const struct compiler *c, const struct let_in *l) {
        const struct definition *d = definition_find(c->definitions, l->list);

        return d && d->users.n > 0 && str_eq(d->users.items[d->users.n - 1], c->rule);
}
