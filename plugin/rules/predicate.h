#pragma once
/*
 * predicate: what can be asked of a fact; in rules, an operator.
 *
 * A new one is a row of the table in predicate.c and a function for each type it fits. A scalar operator fits a set
 * too: it holds if some element satisfies it.
 */
#include "docksill/base/diag.h"
#include "docksill/engine/facts.h"
#include "docksill/rules/operator.h"
#include "operand.h"

struct path_index;
struct test;

/* What is tested. By value: it is passed in registers. */
struct subject {
        const struct fact_head *cell; /* known */
        unsigned spelling;            /* of a path, 0 … FACT_SPELLINGS - 1 */
};

/* Whether the subject satisfies the test. */
typedef bool predicate_holds(const struct test *test, struct subject it);

/* What a test was made of: for the loader and for people; nobody looks at it while a request waits. */
struct terms {
        const struct fact *fact; /* of a set's element: the set */
        const struct predicate *predicate;
        enum operand_kind operands_are;
        struct position at; /* where it is written; zeroed: nowhere */
};

struct test {
        predicate_holds *holds;
        const struct terms *terms;
        const struct operand *operands;
        size_t n;
        struct path_index *paths; /* has the operands, as list .set; NULL: they are few, or no paths */
        unsigned set;
};

/* What a test that holds says of the value tested. */
enum predicate_names {
        NAMES_NOTHING,
        NAMES_WHOLE,   /* it is an operand */
        NAMES_FOLDER,  /* it is one, or lies below one */
        NAMES_HEAD,    /* it begins with one */
        NAMES_TAIL,    /* it ends with one */
        NAMES_PART,    /* it holds one */
        NAMES_PATTERN, /* one with * and ? stands for it */
};

struct predicate {
        struct str name;
        enum operator_takes takes;
        enum predicate_names names;
        predicate_holds *holds[FACT_TYPES]; /* by type; NULL: does not fit */
        bool any_type;                      /* .holds[0] serves every type */
        const char *doc;
};

/* The rows; ended by one with an empty name. */
extern const struct predicate predicate_table[];

/* The row of this name, or NULL. */
const struct predicate *predicate_find(struct str name);

/**
 * predicate_fits() - the function for a fact's type
 * @some: set when @type is a set and the operator asks for some element of it
 *
 * NULL when the operator does not fit.
 */
predicate_holds *predicate_fits(const struct predicate *o, enum fact_type type, bool *some);

/* Versions by their dot-separated numbers: "20.10.24+dfsg1" is 20.10.24, a missing part is 0. As strcmp(). */
int version_compare(struct str a, struct str b);
