#pragma once
/*
 * links: the writer's end of the chain (docksill/record/chain.h): lines get their numbers where they are queued, and
 * their digests when they are about to be written.
 */
#include "docksill/record/chain.h"
#include "lines.h"

struct links {
        bool on; /* never changes */
        uint64_t last;
        struct chain chain;
};

/* @after: what the first line follows; NULL: lines stay as they are. Returns 0 or -ENOMEM. */
must_check_ int links_init(struct links *l, const struct chain_head *after);
/* Zeroed memory will do. */
void links_deinit(struct links *l);

/* The most that a line of @n bytes needs. */
static inline size_t links_room(const struct links *l, size_t n) {
        return n + (l->on ? CHAIN_ROOM : 0);
}

/* @line: an object and its newline. Returns whether it is one and there was room for it. One caller at a time. */
bool links_add(struct links *l, struct lines *to, struct str line);

/* All that was added to @lines, once, and in the order of adding. Another thread may add elsewhere meanwhile. */
void links_seal(struct links *l, struct lines *lines);
