#pragma once
/*
 * opening: what a configuration opens that the rules keep shut (struct opening in ruleset.h).
 */
#include "loader.h"

/*
 * Each adds what is open in the end, after all overrides, and warns of it (DS313). Returns 0 or -ENOMEM.
 *
 * Of rules: those that refused everywhere, as they are written or by an override, and do no longer. Of lists: each list
 * of conditions that an override took items from; after all rules are compiled. Allow-lists lose nothing but what they
 * let in.
 */
must_check_ int openings_of_rules(struct loader *l);
must_check_ int openings_of_lists(struct loader *l);
