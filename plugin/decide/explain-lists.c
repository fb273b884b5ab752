#include "docksill/decide/explain-lists.h"

#include "docksill/decide/gate.h"
#include "docksill/rules/let-in.h"
#include <errno.h>

/* One call of explain_lists(); its arena is latched. */
struct search {
        struct explain_lists lists;
        const struct decision *d;
        const struct request *request;
        const struct limits *limits;
        struct arena *arena;
};

static const struct evidence *evidence_of(const struct finding *f, const void *element) {
        for (size_t i = 0; i < f->n_evidence; ++i)
                if (f->evidence[i].element == element)
                        return &f->evidence[i];
        return NULL;
}

/* Whether @f refuses the element of @of as well, and no list has a say in that. */
static bool bars_too(const struct search *s, const struct finding *f, const struct finding *of, const void *element) {
        const struct evidence *same = f != of && element ? evidence_of(f, element) : NULL;

        return same && !same->cause->fix->list && gate_counts(s->d, f) && gate_bars(f, s->limits);
}

static void add_exempt(struct search *s, const struct rule *rule) {
        for (size_t i = 0; i < s->lists.exempt.n; ++i)
                if (s->lists.exempt.items[i] == rule)
                        return;
        ARENA_ADD(s->arena, &s->lists.exempt, rule);
}

static void add_unfit(struct search *s, struct str value, const char *why) {
        for (size_t i = 0; i < s->lists.unfit.n; ++i)
                if (str_eq(s->lists.unfit.items[i].value, value))
                        return;
        ARENA_ADD(s->arena, &s->lists.unfit, (struct explain_unfit){ value, why });
}

static void add_to_list(struct search *s, struct explain_list *list, struct str value) {
        if (!str_is_among(value, list->items, list->n))
                ARENA_ADD(s->arena, list, value);
}

static void add_item(struct search *s, struct str name, struct str value) {
        size_t i = 0;

        while (i < s->lists.n && !str_eq(s->lists.items[i].name, name))
                ++i;
        if (i == s->lists.n)
                ARENA_ADD(s->arena, &s->lists, (struct explain_list){ .name = name });
        if (i < s->lists.n)
                add_to_list(s, &s->lists.items[i], value);
}

/* A spelling for which the rule does not hold is let in already. */
static bool is_asked(const struct rule *rule, const struct scope *scope) {
        enum truth t = rule->when ? condition_holds(rule->when, scope) : TRUTH_YES;

        return t == TRUTH_YES || t == TRUTH_UNKNOWN;
}

/* Returns how many values would have to be listed. Where one can't be, the others are of no use. */
static size_t values_of(struct search *s, const struct rule *rule, const struct evidence *e,
                        struct str values[FACT_SPELLINGS]) {
        struct scope scope = { .facts = &s->request->facts, .element = e->element };
        unsigned spellings = let_in_spellings(e->cause->fix->list, &scope);
        size_t n = 0;

        for (; scope.spelling < spellings && scope.spelling < FACT_SPELLINGS; ++scope.spelling) {
                struct str value = let_in_value(e->cause->fix->list, &scope);
                const char *why;

                if (value.n == 0 || !is_asked(rule, &scope))
                        continue;
                why = let_in_unfit(e->cause->fix->list, value);
                if (why) {
                        add_unfit(s, value, why);
                        return 0;
                }
                values[n++] = value;
        }
        return n;
}

static void add_evidence(struct search *s, const struct finding *f, const struct evidence *e) {
        const struct decision *d = s->d;
        struct str values[FACT_SPELLINGS];
        size_t n;

        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule->fixed && bars_too(s, &d->findings[i], f, e->element))
                        return;
        n = values_of(s, f->rule, e, values);
        for (size_t i = 0; i < n; ++i)
                add_item(s, let_in_list(e->cause->fix->list), values[i]);
        for (size_t i = 0; n > 0 && i < d->n_findings; ++i)
                if (bars_too(s, &d->findings[i], f, e->element))
                        add_exempt(s, d->findings[i].rule);
}

int explain_lists(struct explain_lists *out, const struct decision *d, const struct finding *of,
                  const struct request *request, const struct limits *limits, struct arena *arena) {
        struct search s = { .d = d, .request = request, .limits = limits, .arena = arena };

        arena_latch(arena);
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (of ? f != of : !gate_tells(d, f, limits))
                        continue;
                for (size_t k = 0; k < f->n_evidence; ++k)
                        if (f->evidence[k].cause->fix->list)
                                add_evidence(&s, f, &f->evidence[k]);
        }
        if (arena_unlatch(arena))
                return -ENOMEM;
        *out = s.lists;
        return 0;
}

void explain_add_list(struct text *out, const struct explain_list *list) {
        text_addz(out, "- {list: ");
        text_add(out, list->name);
        text_addz(out, ", append: [");
        for (size_t i = 0; i < list->n; ++i) {
                text_addz(out, i ? ", " : "");
                text_add_yaml(out, list->items[i]);
        }
        text_addz(out, "]}");
}

void explain_add_exempt(struct text *out, const struct explain_lists *lists) {
        for (size_t i = 0; i < lists->exempt.n; ++i) {
                text_addz(out, i ? ", " : "and exempts it from ");
                text_add(out, lists->exempt.items[i]->id);
        }
}
