#pragma once
/*
 * changes: what to mend first: the changes that take most points away.
 */
#include "report.h"

#define CHANGES_MOST 5

/**
 * report_changes() - fill r->changes with the best, best first; once all is counted and scored
 *
 * Findings that fail of one check and with one fix are one change: the same key of daemon.json, the same flag on twelve
 * containers. A subject's own name in a fix keeps it from being the same nowhere; of several subjects it is told as
 * NAME. What a change gains is what the report comes to without its findings. By points, then by the score after it,
 * then by check and fix. Returns 0 or -ENOMEM.
 */
must_check_ int report_changes(struct report *r);

/* @fix with NAME wherever the word @name stands; itself where it does not, else in @arena. p == NULL: no memory. */
struct str change_general(struct arena *arena, struct str fix, struct str name);
