#pragma once
/*
 * index: which rules are worth asking, told by facts that many of them share.
 *
 * Nearly every rule begins with a condition that ordinary requests fail: a list that is empty, a switch that is off.
 * Rules of one operation that begin alike make a group; its guard is asked once for all of them. Ten times the rules of
 * the same kind then cost little more (DESIGN 9).
 */
#include "docksill/rules/rule.h"

struct rule_group {
        const struct condition *guard; /* when it says no, or is off, no rule of the group can fire; NULL: none */
        struct rule_view rules;
};

struct rule_index {
        const struct rule_group *groups;
        size_t n;
        size_t n_rules; /* of all groups */
};

/**
 * guards_assign() - a number for each rule, the same for rules with the same guard
 * @guards: room for a condition for each rule; filled up to the number of different guards, by their numbers
 * @out:    the number for each rule
 *
 * Returns 0 or -ENOMEM; *@n is how many guards there are.
 */
must_check_ int guards_assign(struct rule_view rules, struct arena *arena, const struct condition **guards, size_t *out,
                              size_t *n);

/* The rules of those groups whose guard holds or can't be told, in @out, which has room for all. Returns how many. */
size_t index_candidates(const struct rule_index *index, const struct facts *facts, const struct rule **out);
