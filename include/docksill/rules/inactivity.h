#pragma once
/*
 * inactivity: what of a rule sleeps while the engine is not asked (lookups.docker: off), or no report of a scanner is
 * looked for. DESIGN 5.
 *
 * A fact that only such a lookup tells is off then, and a case that can't do without it is skipped. Said beforehand,
 * from the conditions alone, so that nobody believes to be watched over by a rule that sleeps.
 */
#include "docksill/rules/rule.h"

/* What may be off. */
enum {
        SOURCE_ENGINE = 1 << 0, /* lookups.docker */
        SOURCE_SCANS = 1 << 1,  /* scans */
};

struct inactivity {
        bool rule;    /* it can't fire at all */
        size_t cases; /* of those that would fire, so many are skipped; all of them when the rule sleeps */
};

/* Exact for what lookups decide; what else may keep a condition from holding is not looked at. */
struct inactivity rule_inactivity(const struct rule *rule, unsigned off);
