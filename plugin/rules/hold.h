#pragma once
/*
 * hold: what a condition hangs on, so that a requester can't make it up.
 */
#include "docksill/rules/rule.h"

/* Bits: each says that the condition can't hold without it. */
enum hold {
        HOLDS_USER = 1 << 0,      /* a name of a TLS certificate */
        HOLDS_IMAGE = 1 << 1,     /* an image's name or reference */
        HOLDS_CONTENT = 1 << 2,   /* an image's digest or id */
        HOLDS_AS_BUILT = 1 << 3,  /* what the image starts as is the image's own */
        HOLDS_TARGET = 1 << 4,    /* the id of a container that exists */
        HOLDS_SOMETHING = 1 << 5, /* one of the others but AS_BUILT, whichever branch of any: it is */
        HOLDS_HARD = 1 << 6,      /* likewise: enough for what is hard */
};

/* The bits of an exemption's `match`. */
unsigned hold_of(const struct condition *match);

/* Whether an exemption's `only` pins the value that @rule judges by: an element's where it walks a list. */
bool hold_narrows(const struct condition *only, const struct rule *rule);

/* Whether a condition of the rule reads this fact (@element: of its element). */
bool hold_reads(const struct rule *rule, bool element, size_t at);
