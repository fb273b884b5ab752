#pragma once
/*
 * let-in: the remedy that is an item of an allow-list, fix: {list: {allowed-host-paths: mount.source}}.
 *
 * A requester wrote the value, and an admin pastes the line into a file that says what is let in. So the line is no
 * text of a rule with the value in it: the value is quoted here, and what a list can't say of it exactly is not offered
 * at all, or `/srv/x, /root` would let in two folders, and a folder called `*` all of them.
 */
#include "docksill/base/text.h"
#include "docksill/rules/condition.h"

struct let_in; /* immutable, in the rule set's arena */

struct str let_in_list(const struct let_in *l);

/* What the list would have to hold, in the spelling that @scope names; empty: nothing would help, or it can't be
 * told. */
struct str let_in_value(const struct let_in *l, const struct scope *scope);

/* How often the value is spelt: a link and where it leads are two, and the list would have to hold both. */
unsigned let_in_spellings(const struct let_in *l, const struct scope *scope);

/* Why no item of a list stands for exactly @value, in words that follow "can't be listed: "; NULL: one does. */
const char *let_in_unfit(const struct let_in *l, struct str value);
