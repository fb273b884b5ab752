#pragma once
/*
 * comparison: what two rule sets make of the same calls, added up.
 *
 * Memory does not grow with the calls: of rules there are as many as the rule sets have, images are told apart up to
 * COMPARISON_IMAGES, and of the calls that change sides COMPARISON_LISTED each way are kept.
 */
#include "docksill/decide/decision.h"
#include "names.h"

#define COMPARISON_RULES  4096
#define COMPARISON_IMAGES 4096
#define COMPARISON_LISTED 1000

/* What a rule comes to for one call; 0: it does not fire. */
typedef unsigned standing;
#define STANDING_SILENT 0u

/* Of all findings of @rule, of which some may be lifted: what counts, else what is lifted. */
standing standing_of(const struct decision *d, struct str rule);
/* "medium", "critical, hard", "low, lifted", "none". */
void standing_add(struct text *t, standing s);
int standing_cmp(standing a, standing b); /* the worse is the greater */

enum change { CHANGE_REFUSED, CHANGE_ALLOWED, CHANGE_UP, CHANGE_DOWN, CHANGE_NONE, CHANGES };

struct outcome {
        unsigned points; /* that count for the answer */
        enum verdict verdict;
        enum gate gate;
        const struct limits *limits; /* in force then; of the rule set */
};

/* On how many calls a rule changed from this to that. */
struct transition {
        standing from, to;
        uint64_t calls;
};

struct rule_changes {
        struct transition *items; /* that differ, the most frequent first once comparison_sort() has run */
        size_t n, capacity;
        uint64_t calls;
        struct str rule;
};

struct image_changes {
        struct str image; /* empty: calls that name none, or beyond COMPARISON_IMAGES */
        uint64_t calls[CHANGES];
};

/* One rule of a call that changed sides. */
struct moved_rule {
        struct str rule;
        standing from, to;
};

struct moved {
        struct str what, image, operation;
        struct outcome before, after;
        struct {
                struct moved_rule *items; /* that fire before or after, what changed most first */
                size_t n, capacity;
        } rules;
};

struct moves {
        struct moved *items;
        size_t n, capacity; /* COMPARISON_LISTED at most */
};

struct comparison {
        struct arena *arena; /* borrowed */
        uint64_t calls, changes[CHANGES];
        uint64_t before[3], after[3]; /* by verdict */
        struct names rule_names, image_names;
        struct {
                struct rule_changes *items;
                size_t n, capacity;
        } rules; /* by the number of the name, until they are sorted */
        struct {
                struct image_changes *items;
                size_t n, capacity;
        } images;
        struct image_changes other; /* images beyond the most */
        struct moves refused, allowed;
};

/* One call under both rule sets. */
struct compared {
        struct str what;  /* for people: a container's name, a file, a decision's id */
        struct str image; /* may be empty */
        struct str operation;
        const struct decision *before, *after;
};

void comparison_init(struct comparison *c, struct arena *arena);

/* Texts are copied. Returns 0 or -ENOMEM. */
must_check_ int comparison_add(struct comparison *c, const struct compared *call);

/* Rules and images by how much changes with them. Nothing may be added after. */
void comparison_sort(struct comparison *c);
