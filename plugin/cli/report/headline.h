#pragma once
/*
 * headline: a report in one sentence, the worst first.
 */
#include "report.h"

/**
 * report_headline() - fill r->headline; once report_finish() has been
 *
 * "Critical: Runs privileged (container web), and 1 more; 2 high, 5 medium findings; hardening score 41 of 100; 3
 * checks could not be told." As all texts here it may hold a stranger's name.
 */
void report_headline(struct report *r);
