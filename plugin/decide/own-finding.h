#pragma once
/*
 * own-finding: what docksill finds by itself, in the shape of a rule's finding so that whoever reads those needs no
 * second shape. No file holds these rules, and no exemption or override reaches them.
 */
#include "docksill/decide/decision.h"

struct own_finding {
        const struct rule *rule; /* of one case */
        const char *where;       /* field */
        struct str message;
        bool access; /* decides at the gate of access; else it is hard */
};

/* Puts @f before the findings of @d. Returns 0, or -ENOMEM when the arena is full and the finding is missing. */
must_check_ int own_finding_add(struct decision *d, const struct own_finding *f, struct arena *arena);

/* The texts of the request took more steps than there are: what stands in them could not be looked at. As above. */
must_check_ int own_finding_spent(struct decision *d, struct arena *arena);
