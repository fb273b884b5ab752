#pragma once
/*
 * recharge: a record's findings under another rule set.
 *
 * A record tells which rules fired and how bad they found it, not what the request was. So of a rule that both sets
 * have, the cost can be told anew; that of a rule which is gone falls away; and what a new rule, a rule that looks for
 * something else, another list or another exemption would have said can't be told.
 */
#include "comparison.h"
#include <jansson.h>

/* What could not be told exactly, in records. */
struct recharge_doubts {
        uint64_t cases; /* a rule has several cases that may have been meant, and they cost otherwise now: the worst
                           is taken */
        uint64_t exemptions; /* lifted then, by an exemption that is not there: charged */
        uint64_t access;     /* access-denied, which goes by who called: kept while the rule set has any access */
};

struct recharge {
        const struct ruleset *made;  /* by which the records were made, as far as is known */
        const struct ruleset *rules; /* by which they are charged */
        enum mode mode;              /* not audit */
        int64_t at;                  /* that exemptions must last to, as clock_wall() counts */
        struct recharge_doubts doubts;
};

/**
 * recharge() - the decision that the rules come to for what a record has found
 * @r:      its doubts are added to
 * @out:    findings in @arena, of rules that live as long as the rule set
 * @record: the object of one line
 *
 * Returns 0, -EINVAL (no record of a decision) or -ENOMEM.
 */
must_check_ int recharge(struct recharge *r, struct decision *out, const json_t *record, struct arena *arena);
