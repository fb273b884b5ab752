#pragma once
/*
 * opening: what a configuration opens that the rules keep shut (struct opening in ruleset.h).
 */
#include "loader.h"

/* Adds one and warns of it (DS313); @fmt says what, in a few words. Returns 0 or -ENOMEM. */
printf_(4, 5) must_check_ int opening_add(struct loader *l, struct str name, struct position at, const char *fmt, ...);

/* Of every list of conditions that an override took items from: after all rules are compiled. Allow-lists lose nothing
 * but what they let in. Returns 0 or -ENOMEM. */
must_check_ int openings_of_lists(struct loader *l);
