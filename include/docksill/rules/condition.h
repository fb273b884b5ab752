#pragma once
/*
 * condition: what must hold of the facts, compiled; three-valued, and a fourth value for "nobody was asked".
 */
#include "docksill/engine/facts.h"

enum truth {
        TRUTH_NO,
        TRUTH_YES,
        TRUTH_UNKNOWN, /* a fact's source is on and could not tell */
        TRUTH_OFF,     /* a fact's source is off: the case is skipped, as if it were not written */
};

/* What a condition is asked about. */
struct scope {
        const struct facts *facts;
        const void *element; /* of the rule's for_each list; of a set: a struct fact_str; NULL without for_each */
        unsigned spelling;   /* which spelling of the element's path facts is judged: 0 … FACT_SPELLINGS - 1 */
};

struct condition; /* immutable, in the rule set's arena */

/* NULL always holds. Of any: an OFF branch counts as not there. Of all: OFF makes it OFF unless another part is NO.
 * Allocates nothing. A path fact with fewer spellings than scope->spelling is judged in its last one. */
enum truth condition_holds(const struct condition *c, const struct scope *scope);
