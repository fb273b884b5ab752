#pragma once
/*
 * condition-priv: the compiled form, and how a rule's map becomes one.
 */
#include "compiler.h"
#include "docksill/rules/condition.h"
#include "predicate.h"
#include <assert.h>

enum condition_kind {
        CONDITION_TEST,
        CONDITION_ALL,
        CONDITION_ANY,
        CONDITION_NOT,
};

/* What a test is given of the cell. */
enum test_subject {
        SUBJECT_CELL,
        SUBJECT_SOME,     /* of a set: each element, until one satisfies it */
        SUBJECT_SET_SIZE, /* the number of its elements */
        SUBJECT_LIST_SIZE,
};

/* Flat, so that a simple condition is one cache line and one call. */
struct condition {
        uint8_t kind, subject;
        bool element; /* the cell lies in the element */
        uint8_t cost; /* cheap parts are asked first; the outcome does not depend on it */
        uint32_t at;  /* of the cell */
        union {
                struct test test;
                struct {
                        const struct condition **items; /* of NOT: one */
                        size_t n;
                } parts;
        };
};
static_assert(sizeof(struct condition) <= 64, "a cache line");

/**
 * condition_new() - compile the map that stands behind `when:`
 * @out: NULL for an empty map: always holds
 *
 * Adds to @c->uses. Reports everything that is wrong in it. Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int condition_new(struct compiler *c, const struct yaml_node *map, const struct condition **out);

/* That a list or set, none of an element, has elements. NULL: no memory. */
const struct condition *condition_not_empty(const struct fact *list, struct arena *arena);
