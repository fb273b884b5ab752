#pragma once
/*
 * fit-static: what rules offer for a container that nobody watches: one that does not run, a compose file, a body.
 */
#include "explain/explained.h"
#include "fit.h"

/**
 * fit_static() - the flags of the least remedy, each with what it lifts
 * @out: zeroed but for its arena
 * @e:   judged, in the environment that it shall pass; one that passes needs nothing
 *
 * What is known of well-known images (rules/profiles/) comes with the remedy. Numbers that nobody measured, and what
 * may stop a program, only use over time can show. Returns 0 or -ENOMEM.
 */
must_check_ int fit_static(struct suggestions *out, const struct explained *e);
