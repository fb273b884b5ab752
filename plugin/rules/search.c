#include "docksill/rules/search.h"

#include "docksill/rules/provenance.h"
#include "docksill/rules/ruleset.h"
#include "regex.h"
#include <errno.h>

#define SEARCH_MEMORY ((size_t)1024 * 1024)

struct search {
        struct arena arena;
        struct regex_engine *engine;
        const struct regex *regex;
};

static const struct definition_place *value_of(const struct ruleset *rules, struct str name) {
        const struct provenance *p = ruleset_provenance(rules);

        for (size_t i = 0; i < p->n_definitions; ++i)
                if (!p->definitions[i].list && p->definitions[i].n == 1 && str_eq(p->definitions[i].name, name))
                        return &p->definitions[i];
        return NULL;
}

static int compile(struct search *s, struct str pattern) {
        struct diag unheard;
        int r;

        r = regex_engine_new(&s->engine, &s->arena);
        if (r < 0)
                return r;
        diag_init(&unheard);
        r = regex_new(&s->regex, s->engine, &s->arena, pattern, (struct position){ 0 }, &unheard);
        diag_deinit(&unheard);
        return r;
}

int search_new(struct search **out, const struct ruleset *rules, struct str name) {
        const struct definition_place *value = value_of(rules, name);
        cleanup_(search_freep) struct search *s = NULL;
        int r;

        *out = NULL;
        if (!value)
                return 0;
        s = calloc(1, sizeof(*s));
        if (!s)
                return -ENOMEM;
        arena_init(&s->arena, SEARCH_MEMORY); /* the engine has steps to begin with */
        r = compile(s, value->items[0].text);
        if (r < 0)
                return r == -EINVAL ? 0 : r;
        *out = TAKE(s);
        return 0;
}

void search_free(struct search *s) {
        if (!s)
                return;
        regex_engine_free(s->engine);
        arena_deinit(&s->arena);
        free(s);
}

void search_begin(struct search *s, size_t bytes) {
        if (s)
                regex_engine_begin(s->engine, bytes);
}

bool search_spent(const struct search *s) {
        return s && regex_engine_spent(s->engine);
}

bool search_find(struct search *s, struct str text, size_t *start, size_t *end) {
        if (!s)
                return false;
        return regex_find(s->regex, text, start, end);
}
