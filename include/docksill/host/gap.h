#pragma once
/*
 * gap: why a fact of a host has no value.
 */
#include "docksill/engine/fact.h"

struct host_gap {
        const struct fact *fact;
        struct str why; /* visible text */
        bool off;       /* what it is about is not there; else it could not be told */
};

struct host_gaps {
        struct host_gap *items;
        size_t n, capacity;
};

/* Why this one has none; NULL: it has a value, or nobody said. */
static inline const struct host_gap *host_gap(const struct host_gaps *gaps, const struct fact *fact) {
        for (size_t i = 0; i < gaps->n; ++i)
                if (gaps->items[i].fact == fact)
                        return &gaps->items[i];
        return NULL;
}

/* What else a reader should know, as visible text: which dockerd was looked at. */
struct host_notes {
        struct str *items;
        size_t n, capacity;
};
