#pragma once
/*
 * literals: runs of text without which a regular expression can't match, and the search for them.
 */
#include "docksill/base/str.h"

#define LITERALS_MOST 32
#define LITERAL_LONG  24
#define LITERAL_SHORT 3     /* shorter ones stand in too many texts to be worth looking for */
#define LITERAL_PAIRS 16384 /* two bytes without their highest bits */

struct literal {
        char p[LITERAL_LONG];
        uint8_t n;
};

struct literals {
        struct literal items[LITERALS_MOST];
        size_t n;
        bool fold;                          /* case does not matter; the items are lower case */
        uint16_t rows[3][256];              /* by each literal's first three bytes: bit i % 16 of literal i */
        uint64_t pairs[LITERAL_PAIRS / 64]; /* a bit for each two neighbours among these, see literals_in() */
};

/**
 * literals_find() - one of @out must stand in every text that @pattern matches
 * @pattern: as PCRE2 reads it
 *
 * Understands what rules are made of: literals, small classes, groups, quantifiers, alternatives, a leading (?i).
 * Returns false at anything else, and where some way through needs no literal: then nothing can be said.
 */
bool literals_find(struct str pattern, struct literals *out);

/**
 * literals_in() - does some literal stand in @text?
 * @left: steps that may be taken at places where one might begin; what is left is written back
 *
 * True too when the steps are used up: then @left is below zero. Less than half a nanosecond a byte where none begins.
 */
bool literals_in(const struct literals *l, struct str text, int64_t *left);
