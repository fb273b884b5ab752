#include "ddmin.h"
#include <assert.h>

/* The @k-th of @n parts of @set, as equal as they may be; the first parts hold its first items. */
static uint64_t part_of(uint64_t set, size_t k, size_t n) {
        size_t items = (size_t)__builtin_popcountll(set), from = items * k / n, to = items * (k + 1) / n, at = 0;
        uint64_t part = 0;

        for (uint64_t rest = set; rest; rest &= rest - 1, ++at)
                if (at >= from && at < to)
                        part |= rest & -rest;
        return part;
}

struct search {
        size_t width;
        ddmin_try *try;
        void *closure;
};

/* The first of @sets that works: its place in *out; @n: none does. */
static int first_that_works(const struct search *s, const uint64_t *sets, size_t n, size_t *out) {
        for (size_t at = 0; at < n; at += s->width) {
                bool works[DDMIN_WIDTH] = { false };
                size_t now = n - at < s->width ? n - at : s->width;
                int r = s->try(s->closure, sets + at, now, works);

                if (r != 0)
                        return r;
                for (size_t i = 0; i < now; ++i)
                        if (works[i]) {
                                *out = at + i;
                                return 0;
                        }
        }
        *out = n;
        return 0;
}

/* All but one part each; the last ones go first. */
static size_t list_sets(uint64_t set, size_t parts, uint64_t *out) {
        size_t n = 0;

        for (size_t k = parts; k-- > 0;)
                out[n++] = set & ~part_of(set, k, parts);
        return n;
}

int ddmin(uint64_t *set, size_t width, ddmin_try *try, void *closure) {
        const struct search s = { width, try, closure };
        uint64_t sets[DDMIN_ITEMS];
        size_t parts = 2, items;

        assert(width > 0 && width <= DDMIN_WIDTH);
        while ((items = (size_t)__builtin_popcountll(*set)) > 1) {
                size_t n = list_sets(*set, parts, sets), at;
                int r = first_that_works(&s, sets, n, &at);

                if (r != 0)
                        return r;
                if (at < n) {
                        *set = sets[at];
                        parts = parts > 2 ? parts - 1 : 2;
                } else if (parts < items) {
                        parts = 2 * parts < items ? 2 * parts : items;
                } else {
                        return 0;
                }
        }
        return 0;
}
