#pragma once
/*
 * mask-assignment: the value that a text gives to a name: "password=hunter2", "password: 'hunter2'", {"password": "x"}.
 */
#include "docksill/base/str.h"

struct assignment {
        size_t value, end; /* of the value in the text; end == value: it is none */
};

/**
 * assignment_at() - of the name that stands from @begin to @at
 * @free: people write what they like there, so that a colon needs no blank behind it, and a line of settings or an
 *        option no sign at all ("requirepass hunter2"); elsewhere "token:1.0" is an image
 *
 * Quotes, and what says how a secret is meant ("Bearer"), are no part of the value.
 */
struct assignment assignment_at(struct str text, size_t begin, size_t at, bool free);
