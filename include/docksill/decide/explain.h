#pragma once
/*
 * explain: a decision in words.
 */
#include "docksill/decide/decision.h"

/**
 * explain_refusal() - the one line that the refused user reads
 *
 * Worst findings first, six at most; points and limit, or the gate that decided; that another try may help, where
 * something could not be told; the flags that lift the listed findings; the decision id. At most EXPLAIN_MAX bytes;
 * foreign text is made visible, never raw. The verdict of @d must be deny; where it is answered with allow all the same
 * (audit), the line says "would be refused".
 */
#define EXPLAIN_MAX 1800
void explain_refusal(struct text *out, const struct decision *d, const struct request *r, const struct ruleset *rules);

/* The flags that lift the findings of @d, deduplicated, in order; each is in the arena, as the rule has it, not quoted:
 * see explain_add_flag(). Returns 0 or -ENOMEM. */
struct explain_flags {
        struct str *items;
        size_t n, capacity;
};
must_check_ int explain_flags(struct explain_flags *out, const struct decision *d, const struct request *r,
                              struct arena *arena);

/**
 * explain_add_flag() - a flag so that it can be pasted into a shell
 * @flag: "--name", "--name value" or "--name=value"; all that follows the name is one value
 *
 * What a requester wrote may stand in the value: with blanks, quotes or a semicolon in it, it goes between single
 * quotes.
 */
void explain_add_flag(struct text *out, struct str flag);

/* What an admin would have to do to let in what some findings are about. */
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
                              const struct request *r, const struct limits *limits, struct arena *arena);

/* An entry for override: in an environment: - {list: allowed-host-paths, append: ["/srv/data"]}. The items are quoted
 * so that each is read back as exactly what it is. */
void explain_add_list(struct text *out, const struct explain_list *list);

/* "and exempts it from sensitive-host-mount", after the lines; nothing when there is nothing to exempt. */
void explain_add_exempt(struct text *out, const struct explain_lists *lists);

/* The refusal of a call that is no AuthZ request (DESIGN 1.4). */
void explain_no_request(struct text *out, enum envelope_refusal refusal);
