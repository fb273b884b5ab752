#pragma once
/*
 * known: what a report finds that an earlier one (--baseline) had found already.
 */
#include "earlier.h"

/**
 * known_mark() - set .known of the findings that fail and failed then, as badly at least and as often
 *
 * They stand in the report and cost their points; it is the exit status that leaves them out.
 */
void known_mark(struct report *r, const struct earlier *baseline);
