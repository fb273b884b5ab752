#pragma once
/*
 * condition-leaf: the tests that a condition is made of, for those who look at rules rather than obey them.
 */
#include "docksill/base/diag.h"
#include "docksill/rules/condition.h"

struct condition_leaf {
        struct str fact; /* of an element: the member's name, "source"; of a set's element "" */
        struct str operator;
        bool element;       /* of what for_each walks */
        bool empty;         /* held against a list that has nothing: it is never true */
        struct position at; /* where it is written */
};

struct condition_leaf condition_leaf(const struct condition *test);

/* Whether it may hold at all: not what asks for something of an empty list. NULL may. */
bool condition_may_hold(const struct condition *c);

/* Is told of a test what it says of the scope. */
typedef void condition_sees(const struct condition *test, enum truth says, void *context);

/* Each test of @c, in whatever order, those too that the whole does not depend on. @c: NULL has none; @scope: NULL: all
 * say TRUTH_OFF. */
void condition_leaves(const struct condition *c, const struct scope *scope, condition_sees *sees, void *context);
