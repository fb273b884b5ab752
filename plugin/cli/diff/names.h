#pragma once
/*
 * names: a bounded set of texts, each with a number, found by hashing.
 */
#include "docksill/base/arena.h"

struct names {
        struct arena *arena; /* borrowed; owns the copies */
        size_t most;
        struct str *items; /* by number */
        size_t n, capacity;
        uint32_t *slots; /* numbers from 1; 0: free */
        size_t n_slots;  /* a power of two */
};

/* Zeroed but for the arena and how many there may be. */
void names_init(struct names *names, struct arena *arena, size_t most);

/**
 * names_take() - the number of @name, from 0, in the order in which they came
 * @name: copied
 *
 * Returns 0, -ENOSPC when it is new and there are names.most, or -ENOMEM.
 */
must_check_ int names_take(struct names *names, struct str name, size_t *out);

/* Whether @name was taken before, and its number then. */
bool names_find(const struct names *names, struct str name, size_t *out);
