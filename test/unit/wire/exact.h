#pragma once
/*
 * exact: input without a byte behind it, so that a sanitizer sees the first one read too many; and a random source that
 * is the same in each run.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/str.h"

/* A copy of @s in memory of just its size; free(3) its p. */
static inline struct str exact(struct str s) {
        char *p = malloc(s.n);

        if (!p && s.n > 0)
                abort();
        if (s.n > 0)
                memcpy(p, s.p, s.n);
        return (struct str){ p, s.n };
}

static inline void exact_free(struct str *s) {
        free((char *)s->p);
}

/* xorshift64*: below @below. */
static inline size_t dice(uint64_t *seed, size_t below) {
        *seed ^= *seed >> 12;
        *seed ^= *seed << 25;
        *seed ^= *seed >> 27;
        return (size_t)((*seed * UINT64_C(2685821657736338717) >> 32) % below);
}
