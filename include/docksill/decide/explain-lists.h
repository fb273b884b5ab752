#pragma once
/*
 * explain-lists: what an admin would have to list, or to exempt, to let in what some findings are about.
 */
#include "docksill/decide/decision.h"

struct explain_list {
        struct str name;   /* of an allow-list */
        struct str *items; /* what it would have to hold; each fits let_in_unfit() */
        size_t n, capacity;
};
struct explain_unfit {
        struct str value;
        const char *why; /* let_in_unfit() */
};
struct explain_lists {
        struct explain_list *items;
        size_t n, capacity;
        struct {
                const struct rule **items;
                size_t n, capacity;
        } exempt; /* rules that refuse the same things whatever the lists hold: they take an exemption */
        struct {
                struct explain_unfit *items;
                size_t n, capacity;
        } unfit; /* what no list can say */
};

/**
 * explain_lists() - the items of allow-lists that lift findings of @d
 * @of: this one alone; NULL: all that count towards the refusal
 *
 * All instances that evidence holds, each in every spelling that has to be listed, none twice. Things that a rule
 * refuses which can't be lifted at all are left out. Returns 0 or -ENOMEM.
 */
must_check_ int explain_lists(struct explain_lists *out, const struct decision *d, const struct finding *of,
                              const struct request *request, const struct limits *limits, struct arena *arena);

/* An entry for override: in an environment: - {list: allowed-host-paths, append: ["/srv/data"]}. The items are quoted
 * so that each is read back as exactly what it is. */
void explain_add_list(struct text *out, const struct explain_list *list);

/* "and exempts it from sensitive-host-mount", after the lines; nothing when there is nothing to exempt. */
void explain_add_exempt(struct text *out, const struct explain_lists *lists);
