/*
 * The attacker here is a requester who has read the exemptions and writes a request that falls under one. What helps
 * against that is a test that only a certain user or a certain image can pass; all the rest of a request is theirs.
 *
 * Only tests that name what they want count: "not X" is nearly everybody, a regular expression nobody can overlook, an
 * empty text is what the anonymous have, and a pattern that begins with a star is open where an attacker may choose the
 * beginning: everybody can push "team/app" to some registry.
 */
#include "hold.h"

#include "condition.h"
#include <stddef.h>

/* One test of a map: a fact, an operator and its operands. */
struct asked {
        struct fact_ref fact;
        const struct predicate *predicate;
        struct items operands;
};

typedef unsigned hold_test(const struct asked *asked, const void *context);

struct walk {
        struct compiler *c;
        hold_test *test;
        const void *context;
};

static bool is(const struct asked *a, const char *predicate) {
        return str_eqz(a->predicate->name, predicate);
}

static bool is_one_of(const struct asked *a, const char *const *operators) {
        for (; *operators; ++operators)
                if (is(a, *operators))
                        return true;
        return false;
}

static struct str operand(const struct asked *a, size_t i) {
        return a->operands.items[i].node->text;
}

static bool is_flag(const struct asked *a, const char *predicate, const char *value) {
        return is(a, predicate) && a->operands.n == 1 && str_eqz(operand(a, 0), value);
}

/* What stands before the first wildcard. */
static struct str literal_head(struct str pattern) {
        size_t n = 0;

        while (n < pattern.n && pattern.p[n] != '*' && pattern.p[n] != '?')
                ++n;
        return str_first(pattern, n);
}

static bool has_literal(struct str pattern) {
        for (size_t i = 0; i < pattern.n; ++i)
                if (pattern.p[i] != '*' && pattern.p[i] != '?')
                        return true;
        return false;
}

/* Users get their names from a certificate authority, so any part of one may be what tells them apart. */
static bool names_users(const struct asked *a) {
        static const char *const whole[] = { "eq", "in", "prefix", "suffix", NULL };
        bool exact = is_one_of(a, whole);

        if (!exact && !is(a, "glob"))
                return false;
        for (size_t i = 0; i < a->operands.n; ++i)
                if (exact ? operand(a, i).n == 0 : !has_literal(operand(a, i)))
                        return false;
        return a->operands.n > 0;
}

/* Docker Hub, where everybody may push. */
static bool is_hub(struct str registry) {
        return str_eqz(registry, "docker.io") || str_eqz(registry, "index.docker.io");
}

/* The part of a pattern that stands must hold the registry, and on Docker Hub whose images they are. */
static bool names_owner(struct str head) {
        struct str registry = str_cut(&head, '/');

        return head.p && (!is_hub(registry) || str_find(head, '/') < head.n);
}

/* A name without wildcards is whole anyway. */
static bool names_images(const struct asked *a) {
        static const char *const known[] = { "eq", "in", "within", "below", "prefix", "glob", NULL };
        bool open = is(a, "prefix");

        if (!is_one_of(a, known))
                return false;
        for (size_t i = 0; i < a->operands.n; ++i) {
                struct str text = operand(a, i), head = literal_head(text);

                if (text.n == 0 || is_hub(text) || ((open || head.n < text.n) && !names_owner(head)))
                        return false;
        }
        return a->operands.n > 0;
}

static bool names_exactly(const struct asked *a) {
        if (!is(a, "eq") && !is(a, "in"))
                return false;
        for (size_t i = 0; i < a->operands.n; ++i)
                if (operand(a, i).n == 0 || is_hub(operand(a, i)))
                        return false;
        return a->operands.n > 0;
}

static unsigned test_of_match(const struct asked *a, unused_ const void *context) {
        struct str name = a->fact.name;

        if (str_eqz(name, "image.as_built"))
                return is_flag(a, "eq", "true") ? HOLDS_AS_BUILT : 0;
        if (!a->fact.fact->bound)
                return 0;
        if (str_eqz(name, "request.user"))
                return names_users(a) ? HOLDS_USER : 0;
        if (str_eqz(name, "image.digest") || str_eqz(name, "image.id"))
                return names_exactly(a) ? HOLDS_CONTENT : 0;
        if (str_eqz(name, "target.id"))
                return names_exactly(a) ? HOLDS_TARGET : 0;
        if (str_eqz(name, "image.registry"))
                return names_exactly(a) ? HOLDS_IMAGE : 0;
        return names_images(a) ? HOLDS_IMAGE : 0;
}

/* "/proc" is a value; all below "/" is no narrower than the rule. An exact "/" is one: host-root-mount judges by it. */
static bool pins(const struct asked *a) {
        static const char *const known[] = { "eq",     "in",   "between",  "within", "below",
                                             "prefix", "glob", "contains", "any-of", NULL };
        static const char *const open[] = { "within", "below", "prefix", "glob", NULL };
        bool opens = is_one_of(a, open);

        if (!is_one_of(a, known))
                return false;
        for (size_t i = 0; i < a->operands.n; ++i) {
                struct str text = operand(a, i), head = literal_head(text);

                if (text.n == 0 || ((opens || head.n < text.n) && head.n < 2 && a->fact.type != FACT_INT))
                        return false;
        }
        return a->operands.n > 0;
}

/* Does the rule judge an element by a path of the host? Then where inside it is put says nothing: that is the
 * requester's. */
static bool reads_path(const struct rule *rule) {
        for (const struct fact *f = rule->each->element; f && f->name.n; ++f)
                if (f->type == FACT_PATH && hold_reads(rule, true, f->at))
                        return true;
        return false;
}

/* Whether a mount may be written or of what kind it is says nothing of which one it is. */
static unsigned test_of_only(const struct asked *a, const void *context) {
        const struct rule *rule = context;
        bool reads = hold_reads(rule, a->fact.element, a->fact.at);

        if (!pins(a))
                return 0;
        if (!rule->each)
                return reads;
        if (!a->fact.element || a->fact.type == FACT_BOOL || a->fact.type == FACT_ENUM)
                return 0;
        return a->fact.type == FACT_PATH || (reads && !reads_path(rule));
}

static unsigned walk_map(const struct walk *w, const struct yaml_node *map);

/* A branch is as good as another that holds something else; what is left of them all is that each holds something. */
static unsigned completed(unsigned bits) {
        if (bits & (HOLDS_USER | HOLDS_TARGET | HOLDS_IMAGE | HOLDS_CONTENT))
                bits |= HOLDS_SOMETHING;
        if (bits & (HOLDS_USER | HOLDS_TARGET) || (bits & HOLDS_CONTENT && bits & HOLDS_AS_BUILT))
                bits |= HOLDS_HARD;
        return bits;
}

static unsigned walk_any(const struct walk *w, const struct yaml_node *list) {
        unsigned bits = list->n > 0 ? ~0u : 0;

        for (size_t i = 0; i < list->n; ++i)
                bits &= completed(walk_map(w, list->items[i]));
        return bits;
}

static unsigned walk_test(const struct walk *w, const struct fact_ref *fact, struct str predicate,
                          const struct yaml_node *node) {
        struct asked asked = { .fact = *fact, .predicate = predicate_find(predicate) };

        /* A size by operators is a map, and no operand. */
        if (!asked.predicate || node->kind == NODE_MAP || items_unfold(w->c, node, true, &asked.operands) < 0)
                return 0;
        return w->test(&asked, w->context);
}

static unsigned walk_fact(const struct walk *w, const struct yaml_pair *pair) {
        struct fact_ref fact;
        unsigned bits = 0;

        if (fact_resolve(w->c, pair->key->text, pair->key->at, &fact) < 0)
                return 0;
        if (pair->value->kind != NODE_MAP)
                return walk_test(w, &fact, STR_C("eq"), pair->value);
        for (size_t i = 0; i < pair->value->n; ++i)
                bits |= walk_test(w, &fact, pair->value->pairs[i].key->text, pair->value->pairs[i].value);
        return bits;
}

static unsigned walk_map(const struct walk *w, const struct yaml_node *map) {
        unsigned bits = 0;

        for (size_t i = 0; i < map->n; ++i) {
                const struct yaml_pair *pair = &map->pairs[i];

                if (str_eqz(pair->key->text, "not"))
                        continue;
                if (str_eqz(pair->key->text, "any"))
                        bits |= walk_any(w, pair->value);
                else if (str_eqz(pair->key->text, "all"))
                        for (size_t j = 0; j < pair->value->n; ++j)
                                bits |= walk_map(w, pair->value->items[j]);
                else
                        bits |= walk_fact(w, pair);
        }
        return bits;
}

unsigned hold_of(struct compiler *c, const struct yaml_node *map) {
        return completed(walk_map(&(struct walk){ c, test_of_match, NULL }, map));
}

bool hold_narrows(struct compiler *c, const struct yaml_node *map, const struct rule *rule) {
        return walk_map(&(struct walk){ c, test_of_only, rule }, map) & 1;
}

static bool condition_reads(const struct condition *c, bool element, size_t at) {
        if (!c)
                return false;
        if (c->kind == CONDITION_TEST)
                return c->element == element && c->at == at;
        for (size_t i = 0; i < c->parts.n; ++i)
                if (condition_reads(c->parts.items[i], element, at))
                        return true;
        return false;
}

bool hold_reads(const struct rule *rule, bool element, size_t at) {
        bool reads = condition_reads(rule->when, element, at);

        for (size_t i = 0; i < rule->n_cases && !reads; ++i)
                reads = condition_reads(rule->cases[i].when, element, at);
        return reads;
}
