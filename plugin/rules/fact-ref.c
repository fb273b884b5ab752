#include "fact-ref.h"

#include "compiler.h"
#include "shown.h"

/* Those of a container first: of names that are as near, the first is said. */
static void offer_facts(const struct compiler *c, struct nearest *nearest, struct text *scratch) {
        for (size_t i = 0; i < fact_table_n; ++i)
                if (str_starts(fact_table[i].name, STR_C("container.")))
                        nearest_offer(nearest, fact_table[i].name);
        for (size_t i = 0; i < fact_table_n; ++i)
                nearest_offer(nearest, fact_table[i].name);
        if (!c->each || !c->each->element)
                return;
        /* Names of the element are made up here: they stand in no table. */
        for (const struct fact *f = c->each->element; f->name.n; ++f) {
                struct nearest before = *nearest;
                size_t from;

                text_reset(scratch);
                from = scratch->n;
                text_add(scratch, c->alias);
                text_add_char(scratch, '.');
                text_add(scratch, f->name);
                nearest_offer(nearest, str_skip(text_str(scratch), from));
                if (nearest->distance < before.distance &&
                    arena_str(c->yaml.scratch, nearest->best, &nearest->best) < 0)
                        *nearest = before;
        }
}

static bool lists_any(struct str word) {
        for (size_t i = 0; i < fact_table_n; ++i)
                if (str_search(fact_table[i].name, word) < fact_table[i].name.n)
                        return true;
        return false;
}

/* What `facts list` finds something by: the last word, or what stands before the dot. */
static struct str word_to_list(struct str name) {
        struct str last = str_skip(name, str_find_last(name, '.') + 1), family = str_first(name, str_find(name, '.'));

        return last.n > 2 && lists_any(last) ? last : family.n > 2 && lists_any(family) ? family : STR_C("");
}

static int unknown_fact(const struct compiler *c, struct str name, struct position at) {
        struct str word = word_to_list(name);
        struct nearest nearest;
        struct text scratch;

        text_init_arena(&scratch, c->yaml.scratch);
        nearest_init(&nearest, name);
        offer_facts(c, &nearest, &scratch);
        if (nearest_name(&nearest).n == 0 && word.n)
                return diag_error(c->yaml.diag, at, DIAG_UNKNOWN_FACT,
                                  "no fact \"%s\"; `docksill facts list %s` shows what there is", SHOWN(name),
                                  SHOWN(word));
        return diag_error(c->yaml.diag, at, DIAG_UNKNOWN_FACT, "no fact \"%s\"%s", SHOWN(name), SUGGESTION(&nearest));
}

/* Of a list: alias.field. Of a set: the alias alone. */
static int resolve_element(const struct compiler *c, struct str name, struct position at, struct fact_ref *out) {
        struct str field = str_skip(name, c->alias.n + 1);
        const struct fact *fact;

        if (c->each->type != FACT_LIST) {
                if (name.n > c->alias.n)
                        return diag_error(c->yaml.diag, at, DIAG_UNKNOWN_FACT,
                                          "\"%s\" is an element of a set and has no fields", SHOWN(c->alias));
                *out = (struct fact_ref){ c->each, fact_item_type(c->each->type), true, 0, name };
                return 0;
        }
        if (name.n == c->alias.n)
                return diag_error(c->yaml.diag, at, DIAG_UNKNOWN_FACT,
                                  "\"%s\" is an object; name one of its fields, such as \"%s.%s\"", SHOWN(name),
                                  SHOWN(name), SHOWN(c->each->element[0].name));
        fact = fact_find_in(c->each->element, field);
        if (!fact)
                return unknown_fact(c, name, at);
        *out = (struct fact_ref){ fact, fact->type, true, fact->at, name };
        return 0;
}

int fact_resolve(const struct compiler *c, struct str name, struct position at, struct fact_ref *out) {
        const struct fact *fact;

        if (c->each && str_starts(name, c->alias) && (name.n == c->alias.n || name.p[c->alias.n] == '.'))
                return resolve_element(c, name, at, out);
        fact = fact_find(name);
        if (!fact)
                return unknown_fact(c, name, at);
        *out = (struct fact_ref){ fact, fact->type, false, fact->at, name };
        return 0;
}
