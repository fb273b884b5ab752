#pragma once
/*
 * mask-json: a JSON text with its strings masked by where they stand.
 *
 * All else is copied byte for byte: white space, the spelling of keys and numbers, keys that come twice. So a reader
 * finds in it what he found before. Where it ceases to be JSON it ends, with a byte that is none either.
 */
#include "mask-text.h"

/* What is known of it beside what it says. */
enum mask_kind {
        MASK_BODY,
        MASK_CONFIG, /* the body of a swarm's config: Data is base64 of a text */
        MASK_SECRET, /* of its secret: Data is one */
        MASK_FREE,   /* a parameter whose values people choose */
};

/* In the masking's arena. */
struct str mask_json(struct masking *k, struct str json, enum mask_kind kind);
