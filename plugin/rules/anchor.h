#pragma once
/*
 * anchor: what a condition hangs on, so that a requester can't make it up.
 */
#include "docksill/rules/rule.h"

/* Bits: each says that the condition can't hold without it. */
enum hold {
        ANCHOR_USER = 1 << 0,      /* a name of a TLS certificate */
        ANCHOR_IMAGE = 1 << 1,     /* an image's name or reference, or what that leads to */
        ANCHOR_CONTENT = 1 << 2,   /* an image's digest or id */
        ANCHOR_AS_BUILT = 1 << 3,  /* what the image starts as is the image's own */
        ANCHOR_TARGET = 1 << 4,    /* the id of a container that exists */
        ANCHOR_SOMETHING = 1 << 5, /* one of the others but AS_BUILT, whichever branch of any: it is */
        ANCHOR_HARD = 1 << 6,      /* likewise: enough for what is hard */
        ANCHOR_HOST = 1 << 7,      /* what an audit finds on the host */
};

/* The bits of an exemption's `match`. */
unsigned anchor_of(const struct condition *match);

/* Whether an exemption's `only` pins the value that @rule judges by: an element's where it walks a list. */
bool anchor_narrows(const struct condition *only, const struct rule *rule);

/* Whether a condition of the rule reads this fact (@element: of its element). */
bool anchor_reads(const struct rule *rule, bool element, size_t at);
