#pragma once
/*
 * subject: what a file given to `explain` asks about, as AuthZ calls.
 *
 * A file holds one whole call, one create body, or what `docker inspect` printed. Whatever it is becomes a call as
 * dockerd writes it, so that it is read by nothing but request_read().
 */
#include "docksill/base/arena.h"

struct subject {
        struct str call;
        struct str name, id; /* of an inspected container */
        struct str note;     /* what could not be taken from it; empty: nothing */
};

struct subjects {
        struct subject *items;
        size_t n, capacity;
        bool inspected;
};

/**
 * subjects_read() - tell what @text is
 * @out: views of @text and of @arena
 *
 * Broken JSON is taken for a body, so that a finding says what is wrong with it. Returns 0, -EINVAL when it is a list
 * of other things than containers, -ENOMSG when it is no JSON at all (a compose file, a word, nothing), -EFBIG or
 * -ENOMEM.
 */
must_check_ int subjects_read(struct arena *arena, struct str text, struct subjects *out);
