#pragma once
/*
 * operator: what can be asked of a fact.
 *
 * A new operator is a row of the table in operator.c and a function for each type it fits. A scalar operator fits a set
 * too: it holds if some element satisfies it.
 */
#include "docksill/engine/facts.h"

struct path_index;
struct regex;
struct test;

/* Whether a known cell satisfies the test. @spelling: of a path, 0 … FACT_SPELLINGS - 1. */
typedef bool operator_holds(const struct test *test, const struct fact_head *cell, unsigned spelling);

/* One thing compared with, typed as the fact is. */
struct operand {
        union {
                struct str text; /* string, enum, version, address, image, capability, path */
                int64_t number;  /* integer, bytes, duration */
                bool flag;
                struct {
                        int32_t lo, hi;
                } port;
                const struct regex *regex;
        };
        size_t head; /* of a path: bytes before the first *, all when there is none */
};

enum operand_kind { OPERAND_TEXT, OPERAND_NUMBER, OPERAND_FLAG, OPERAND_PORT, OPERAND_REGEX };

struct test {
        operator_holds *holds;
        enum operand_kind operands_are;
        const struct operand *operands;
        size_t n;
        struct path_index *paths; /* has the operands, as list .set; NULL: they are few, or no paths */
        unsigned set;
};

/* What stands behind the operator in a rule. */
enum operator_takes {
        TAKES_ONE,
        TAKES_MANY,  /* one or a list */
        TAKES_TWO,   /* [low, high] */
        TAKES_FLAG,  /* true or false */
        TAKES_GLOB,  /* as MANY, texts */
        TAKES_REGEX, /* as MANY, regular expressions */
        TAKES_SIZE,  /* a number, or a map of operators on numbers */
};

struct operator{
        struct str name;
        enum operator_takes takes;
        operator_holds *holds[FACT_TYPES]; /* by type; NULL: does not fit */
        bool any_type;                     /* .holds[0] serves every type */
        const char *doc;
};

/* The rows; ended by one with an empty name. */
extern const struct operator operator_table[];

/* The row of this name, or NULL. */
const struct operator* operator_find(struct str name);

/**
 * operator_fits() - the function for a fact's type
 * @some: set when @type is a set and the operator asks for some element of it
 *
 * NULL when the operator does not fit.
 */
operator_holds *operator_fits(const struct operator* o, enum fact_type type, bool *some);

/* Versions by their dot-separated numbers: "20.10.24+dfsg1" is 20.10.24, a missing part is 0. As strcmp(). */
int version_compare(struct str a, struct str b);
