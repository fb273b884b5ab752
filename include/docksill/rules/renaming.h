#pragma once
/*
 * renaming: names that rules had, or have in a catalogue, and which rules they are.
 *
 *         renamed: {request-unreadable: [request-bad-base64, request-malformed-json]}
 *
 * Exemptions and overrides that still say an old name mean the new rule, where it is one.
 */
#include "docksill/base/diag.h"

struct renaming {
        struct str old;
        const struct str *ids; /* at least one */
        size_t n;
        struct position at;
};

struct renaming_view {
        const struct renaming *items;
        size_t n;
};

struct ruleset;

/* Of its files, in their order. */
struct renaming_view ruleset_renamings(const struct ruleset *rs);

/* The one of this old name, or NULL. */
static inline const struct renaming *renaming_find(struct renaming_view view, struct str old) {
        for (size_t i = 0; i < view.n; ++i)
                if (str_eq(view.items[i].old, old))
                        return &view.items[i];
        return NULL;
}
