#include "template-priv.h"

#include "fact-ref.h"
#include "named-list.h"
#include "printable.h"

#define SHOWN_BYTES 200 /* of one fact */
#define SHOWN_ITEMS 16  /* of one set */

struct part {
        const struct fact *fact; /* NULL: text */
        enum fact_type type;
        bool element;
        size_t at;
        struct str text;
};

struct template {
        struct part *items;
        size_t n, capacity;
        bool of_element;
};

/* Filling in. */

static void add_word(struct text *t, struct str s) {
        if (s.n == 0)
                text_addz(t, "(none)");
        else
                text_add_visible(t, s, SHOWN_BYTES);
}

/* In the largest unit that leaves no rest, so that nothing is rounded: 64 MiB, 1500 KiB, 7 bytes. */
static void add_bytes(struct text *t, int64_t v) {
        static const char *const units[] = { " bytes", " KiB", " MiB", " GiB", " TiB" };
        size_t unit = 0;

        while (v != 0 && v % 1024 == 0 && unit + 1 < ARRAY_SIZE(units)) {
                v /= 1024;
                ++unit;
        }
        text_add_int(t, v);
        text_addz(t, units[unit]);
}

/* Ages are told in days; whoever is younger than that, in the largest unit that is not zero. */
static void add_duration(struct text *t, int64_t microseconds) {
        static const struct {
                int64_t factor;
                const char *name;
        } units[] = { { 86400 * 1000000LL, "day" },
                      { 3600 * 1000000LL, "hour" },
                      { 60 * 1000000LL, "minute" },
                      { 1000000, "second" } };
        size_t i = 0;
        int64_t n;

        while (i + 1 < ARRAY_SIZE(units) && microseconds / units[i].factor == 0)
                ++i;
        n = microseconds / units[i].factor;
        text_add_int(t, n);
        text_addf(t, " %s%s", units[i].name, n == 1 ? "" : "s");
}

static void add_port(struct text *t, const struct fact_port *port) {
        text_add_int(t, port->lo);
        if (port->hi != port->lo)
                text_addf(t, "-%d", (int)port->hi);
}

static void add_set(struct text *t, const struct fact_set *set) {
        if (set->n == 0)
                text_addz(t, "(none)");
        for (size_t i = 0; i < set->n; ++i) {
                text_addz(t, i ? ", " : "");
                if (i == SHOWN_ITEMS) {
                        text_addf(t, "%zu more", set->n - i);
                        return;
                }
                text_add_visible(t, set->items[i], SHOWN_BYTES);
        }
}

static void add_path(struct text *t, const struct fact_path *path, unsigned spelling) {
        if (path->n == 0)
                text_addz(t, "(none)");
        else
                add_word(t, path->spelling[spelling < path->n ? spelling : path->n - 1u]);
}

static void add_fact(struct text *t, const struct part *part, const struct scope *scope) {
        const void *base = part->element ? scope->element : scope->facts;
        const struct fact_head *cell = (const struct fact_head *)((const char *)base + part->at);

        /* Of a path that was not followed to its end, what is written can still be shown. */
        if (cell->state != FACT_KNOWN && cell->state != FACT_LEXICAL) {
                text_addz(t, cell->state == FACT_UNKNOWN ? "(unknown)" : "(none)");
                return;
        }
        switch (part->type) {
        case FACT_BOOL: text_addz(t, ((const struct fact_bool *)cell)->value ? "true" : "false"); break;
        case FACT_INT: text_add_int(t, ((const struct fact_int *)cell)->value); break;
        case FACT_BYTES: add_bytes(t, ((const struct fact_int *)cell)->value); break;
        case FACT_DURATION: add_duration(t, ((const struct fact_int *)cell)->value); break;
        case FACT_PATH: add_path(t, (const struct fact_path *)cell, scope->spelling); break;
        case FACT_PORT: add_port(t, (const struct fact_port *)cell); break;
        case FACT_STRINGS:
        case FACT_CAPABILITIES: add_set(t, (const struct fact_set *)cell); break;
        case FACT_LIST: text_addf(t, "%zu", ((const struct fact_list *)cell)->n); break;
        default: add_word(t, ((const struct fact_str *)cell)->value);
        }
}

void template_add(struct text *t, const struct template *template, const struct scope *scope) {
        for (size_t i = 0; template && i < template->n; ++i)
                if (template->items[i].fact)
                        add_fact(t, &template->items[i], scope);
                else
                        text_add(t, template->items[i].text);
}

static bool is_plain(struct str s) {
        for (size_t i = 0; i < s.n; ++i) {
                char c = ascii_lower(s.p[i]);

                if ((c < 'a' || c > 'z') && !ascii_digit(c) && (c == '\0' || !strchr("_@%+=:,./-", c)))
                        return false;
        }
        return true;
}

void template_add_words(struct text *t, const struct template *template, const struct scope *scope) {
        for (size_t i = 0; template && i < template->n && !t->failed; ++i) {
                size_t before = t->n;

                if (!template->items[i].fact) {
                        text_add(t, template->items[i].text);
                        continue;
                }
                add_fact(t, &template->items[i], scope);
                if (!t->failed && is_plain(str_skip(text_str(t), before)))
                        continue;
                text_cut(t, before);
                text_addz(t, "…");
        }
}

/* A text that is shown as it is. */
static bool is_exact(const struct part *part, const struct scope *scope) {
        const void *base = part->element ? scope->element : scope->facts;
        const struct fact_head *cell = (const struct fact_head *)((const char *)base + part->at);
        char buffer[SHOWN_BYTES * 9 + 8];
        struct text shown;
        struct str value;

        if (cell->state != FACT_KNOWN && cell->state != FACT_LEXICAL)
                return false;
        switch (part->type) {
        case FACT_STRING:
        case FACT_CAPABILITY:
        case FACT_ADDRESS:
        case FACT_IMAGE:
        case FACT_VERSION: value = ((const struct fact_str *)cell)->value; break;
        default: return true;
        }
        text_init_fixed(&shown, buffer, sizeof(buffer));
        text_add_visible(&shown, value, SHOWN_BYTES);
        return value.n > 0 && str_eq(text_str(&shown), value);
}

bool template_is_exact(const struct template *template, const struct scope *scope) {
        for (size_t i = 0; template && i < template->n; ++i)
                if (template->items[i].fact && !is_exact(&template->items[i], scope))
                        return false;
        return true;
}

struct str template_words(const struct template *template) {
        if (!template || template->n != 1 || template->items[0].fact)
                return (struct str){ 0 };
        return template->items[0].text;
}

bool template_shows(const struct template *template, const struct fact *fact) {
        for (size_t i = 0; template && i < template->n; ++i)
                if (template->items[i].fact == fact)
                        return true;
        return false;
}

bool template_of_element(const struct template *template) {
        return template && template->of_element;
}

/* Compiling. */

static int push_text(struct compiler *c, struct template *template, struct str text) {
        struct part *part;

        if (text.n == 0)
                return 0;
        part = ARENA_PUSH(c->yaml.keep, template);
        if (!part)
                return -ENOMEM;
        *part = (struct part){ .text = text };
        return 0;
}

static int push_value(struct compiler *c, struct template *template, struct str name, struct position at) {
        struct definition *d = definition_find(c->definitions, name);

        if (!d || d->list)
                return d ? diag_error(c->yaml.diag, at, DIAG_UNKNOWN_VALUE,
                                      "\"%s\" is a list; a text shows values alone", PRINTABLE(name))
                         : definition_unknown(c, name, false, at);
        d->used = true;
        return d->n ? push_text(c, template, d->items[0]->text) : 0;
}

/* Whether what follows would stand in "append: […]" or "set: […]", a line for an environment: there a text of a request
 * could be several items, a pattern, or the end of the line. */
static bool in_pasted_list(const struct template *template) {
        static const char *const keys[] = { "append: [", "set: [" };
        bool in = false;

        for (size_t i = 0; i < template->n; ++i) {
                struct str text = template->items[i].text;

                for (size_t k = 0; k < ARRAY_SIZE(keys); ++k)
                        in = in || str_search(text, str_from(keys[k])) < text.n;
                in = in && str_find_last(text, ']') == text.n;
        }
        return in;
}

static int push_fact(struct compiler *c, struct template *template, struct str name, struct position at) {
        struct fact_ref ref;
        struct part *part;
        int r = fact_resolve(c, name, at, &ref);

        if (r < 0)
                return r;
        if (ref.fact->confidential)
                return diag_error(c->yaml.diag, at, DIAG_CONFIDENTIAL,
                                  "\"%s\" is confidential and may not be shown; name the field instead",
                                  PRINTABLE(name));
        if (in_pasted_list(template))
                return diag_error(c->yaml.diag, at, DIAG_PASTED_TEXT,
                                  "\"%s\" would stand in a line to paste as whoever made the request wrote it; say "
                                  "fix: {list: {NAME: %s}} instead",
                                  PRINTABLE(name), PRINTABLE(name));
        part = ARENA_PUSH(c->yaml.keep, template);
        if (!part)
                return -ENOMEM;
        *part = (struct part){ .fact = ref.fact, .type = ref.type, .element = ref.element, .at = ref.at };
        template->of_element = template->of_element || ref.element;
        return 0;
}

/* Where @p stands in the file, when the text stands there as it is; else where the text begins. */
static struct position position_in(const struct yaml_node *node, const char *p) {
        struct position at = node->at;
        const struct source *source = at.source;

        if (source && p >= source->text.p && p < source->text.p + source->text.n) {
                const char *line = p;

                at.line = 1;
                while (line > source->text.p && line[-1] != '\n')
                        --line;
                at.column = (unsigned)(p - line) + 1;
                for (const char *q = source->text.p; q < line; ++q)
                        at.line += *q == '\n';
        }
        return at;
}

/* Fit to be a fact's or a value's name; "{propagation: rprivate}" is a compose file's. */
static bool is_word(struct str s) {
        for (size_t i = 0; i < s.n; ++i)
                if (!(ascii_lower(s.p[i]) >= 'a' && ascii_lower(s.p[i]) <= 'z') && !ascii_digit(s.p[i]) &&
                    !strchr("._-$", s.p[i]))
                        return false;
        return true;
}

/* What begins with the brace at rest.p; moves @rest behind it. After a brace that makes no sense the rest makes
 * none. */
static int push_braces(struct compiler *c, struct template *template, const struct yaml_node *node, struct str *rest) {
        struct position at = position_in(node, rest->p);
        struct str inner = str_skip(*rest, 1), name;

        if (inner.n > 0 && inner.p[0] == rest->p[0]) {
                struct str one = str_first(*rest, 1);

                *rest = str_skip(*rest, 2);
                return push_text(c, template, one);
        }
        name = str_first(inner, str_find(inner, '}'));
        if (rest->p[0] == '}' || name.n == inner.n || name.n == 0 || !is_word(name)) {
                bool lone = rest->p[0] == '}' || name.n == inner.n;

                *rest = (struct str){ 0 };
                return lone ? diag_error(c->yaml.diag, at, DIAG_BAD_TEMPLATE,
                                         "a brace without its other half; write {{ or }} for a brace that is meant")
                            : diag_error(c->yaml.diag, at, DIAG_BAD_TEMPLATE,
                                         "\"%s\" is no name of a fact; write {{ and }} for braces that are meant",
                                         PRINTABLE(name));
        }
        *rest = str_skip(inner, name.n + 1);
        ++at.column;
        if (name.p[0] == '$') {
                ++at.column;
                return push_value(c, template, str_skip(name, 1), at);
        }
        return push_fact(c, template, name, at);
}

int template_new(struct compiler *c, const struct yaml_node *node, const struct template **out) {
        struct template *template = ARENA_NEW(c->yaml.keep, struct template);
        struct str rest = node->text;
        int r = 0;

        if (!template)
                return -ENOMEM;
        while (rest.n > 0) {
                size_t open = str_find(rest, '{'), close = str_find(rest, '}'), n = open < close ? open : close;

                r = worse(r, push_text(c, template, str_first(rest, n)));
                rest = str_skip(rest, n);
                if (rest.n > 0)
                        r = worse(r, push_braces(c, template, node, &rest));
        }
        if (r == 0)
                *out = template;
        return r;
}
