#pragma once
/*
 * remedy: the least that has to change for a refused request to be let through.
 *
 * Found by arithmetic alone: a finding goes when all the flags that lift it are there, and what is left must stay under
 * the gates. A finding of which some instance has no flag, or was not listed, can't be promised to go. Of the sets of
 * flags that pass, the one that disturbs the program least is offered.
 */
#include "docksill/decide/decision.h"
#include "docksill/decide/flag.h"

struct remedy {
        bool found;                     /* else nothing can be promised: not all findings are known */
        struct flags flags;             /* empty: none is needed, or none helps */
        const struct finding **by_hand; /* these must go too, and no flag lifts them */
        size_t n_by_hand;
        unsigned points; /* left over */
};

/**
 * remedy_find() - the set of flags that disturbs least
 * @out:  in @arena; views of @d
 * @d:    a refusal, whether it is enforced or not
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int remedy_find(struct remedy *out, const struct decision *d, const struct request *request,
                            const struct limits *limits, struct arena *arena);
