#pragma once
/*
 * finding: from the instances of a rule that fired to what is told of them.
 */
#include "docksill/decide/decision.h"

/* What one instance of a rule came to. Zeroed: it did not fire. */
struct instance {
        const struct rule_case *cause;   /* NULL: not fired */
        enum severity severity;          /* as charged; none when an unknown one is only warned of */
        bool hard, unknown, any_unknown; /* as in struct finding */
        bool unresolved;                 /* charged for a path of which nobody knows where it leads */
        unsigned spelling;
        size_t position; /* of the element */
};

/* The position of the instance that stands for what an unknown list may hold besides the elements seen. */
#define POSITION_UNSEEN SIZE_MAX

struct exempting;

/* A rule's instances that fired: the worst ones, and what must not be forgotten of the others. */
struct tally {
        const struct exempting *exempting; /* NULL: takes all */
        struct instance worst[EVIDENCE_MAX];
        size_t n, instances;
        bool hard, any_unknown;
};

static inline struct fact_str finding_set_element(const struct fact_set *set, size_t i) {
        return (struct fact_str){ .head = { .given = true }, .value = set->items[i] };
}

static inline const void *finding_list_element(const struct fact *each, const struct fact_list *list, size_t i) {
        return (const char *)list->items + i * each->element_size;
}

/* How often the path facts of an element are spelt: a link and where it leads are two. */
unsigned finding_spellings(const struct fact *each, const void *element);

/* The finding of a tally that holds something; evidence of its worst. In @arena. Returns 0 or -ENOMEM. */
must_check_ int finding_new(struct finding *out, const struct rule *rule, const struct tally *t,
                            const struct facts *facts, struct arena *arena);
