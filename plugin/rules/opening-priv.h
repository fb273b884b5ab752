#pragma once
/*
 * opening-priv: how a loader finds them.
 */
#include "docksill/rules/opening.h"
#include "loader.h"

/**
 * openings_find() - what is open in the end, after all overrides and when all rules are compiled
 * @out: in the rule set's arena
 *
 * Of rules: those that refused everywhere, as they are written or by an override, and do no longer. Of lists: each list
 * of conditions that an override took items from; allow-lists lose nothing but what they let in. Warns of each (DS313).
 * Returns 0 or -ENOMEM.
 */
must_check_ int openings_find(const struct loader *l, struct opening_view *out);
