#pragma once
/*
 * ruleset-change: what differs between two rule sets and the settings around them, before any call is judged.
 */
#include "comparison.h"
#include "side.h"

/* A setting, by its name in `config show`; of a list only the items that differ. */
struct setting_change {
        struct str name;
        struct {
                struct str *items;
                size_t n, capacity;
        } before, after;
};

struct rule_change {
        struct str id;
        const struct rule *before, *after; /* NULL: it has none of this id */
        standing from, to;                 /* the worst that it can come to */
        bool text;                         /* what it looks for, or what its cases cost, is written otherwise */
};

struct ruleset_change {
        struct arena *arena; /* borrowed */
        struct {
                struct setting_change *items; /* in the order of `config show`, those of the new side alone last */
                size_t n, capacity;
        } settings;
        struct {
                struct rule_change *items; /* by id */
                size_t n, capacity;
        } rules;
        size_t added, removed, charged, written; /* rules; charged: the worst severity differs; written: text alone */
};

/* Both with rules. Returns 0 or -ENOMEM. */
must_check_ int ruleset_change_find(struct ruleset_change *out, struct arena *arena, const struct side *before,
                                    const struct side *after);
