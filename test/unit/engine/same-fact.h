#pragma once
/*
 * same-fact: do two requests have the same fact, by its row in the facts table?
 */
#include "docksill/engine/facts.h"

static inline bool same_facts_list(const struct fact *fact, const struct fact_list *a, const struct fact_list *b);

static inline bool same_fact(const struct fact *fact, const void *in_a, const void *in_b) {
        const struct fact_head *a = fact_cell(fact, in_a), *b = fact_cell(fact, in_b);

        if (a->state != b->state || a->given != b->given)
                return false;
        switch (fact->type) {
        case FACT_BOOL: return ((const struct fact_bool *)a)->value == ((const struct fact_bool *)b)->value;
        case FACT_INT:
        case FACT_BYTES:
        case FACT_DURATION: return ((const struct fact_int *)a)->value == ((const struct fact_int *)b)->value;
        case FACT_PORT: {
                const struct fact_port *p = (const struct fact_port *)a, *q = (const struct fact_port *)b;

                return p->lo == q->lo && p->hi == q->hi;
        }
        case FACT_PATH: {
                const struct fact_path *p = (const struct fact_path *)a, *q = (const struct fact_path *)b;

                for (size_t i = 0; p->n == q->n && i < p->n; ++i)
                        if (!str_eq(p->spelling[i], q->spelling[i]))
                                return false;
                return p->n == q->n;
        }
        case FACT_STRINGS:
        case FACT_CAPABILITIES: {
                const struct fact_set *p = (const struct fact_set *)a, *q = (const struct fact_set *)b;

                for (size_t i = 0; p->n == q->n && i < p->n; ++i)
                        if (!str_eq(p->items[i], q->items[i]))
                                return false;
                return p->n == q->n;
        }
        case FACT_LIST: return same_facts_list(fact, (const struct fact_list *)a, (const struct fact_list *)b);
        default: return str_eq(((const struct fact_str *)a)->value, ((const struct fact_str *)b)->value);
        }
}

static inline bool same_facts_list(const struct fact *fact, const struct fact_list *a, const struct fact_list *b) {
        if (a->n != b->n)
                return false;
        for (size_t i = 0; i < a->n; ++i)
                for (const struct fact *f = fact->element; !str_empty(f->name); ++f)
                        if (!same_fact(f, (const char *)a->items + i * fact->element_size,
                                       (const char *)b->items + i * fact->element_size))
                                return false;
        return true;
}
