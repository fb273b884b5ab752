#pragma once
/*
 * named-list: the named lists and values of a rule set, and what `$name` stands for.
 *
 * Names are known in every file of the rule set. A list's items get their type where it is used: one list may serve two
 * facts as long as each item fits both.
 */
#include "docksill/rules/schema.h"

struct compiler;

struct names {
        struct str *items;
        size_t n, capacity;
};

/* What a definition is for: a list or value of conditions, or a list of what is let in by name. */
enum definition_kind { DEFINITION_LIST, DEFINITION_ALLOW_LIST, DEFINITION_VALUE };

struct definition {
        struct str name;
        struct position at;
        bool list;  /* else a value: one item */
        bool allow; /* of a list: what stands in it is let in, so that an item that fits everything is an error */
        const struct yaml_node **items;
        size_t n, capacity;
        bool used;
        bool open;          /* being unfolded: a list that holds itself is an error, not a loop */
        unsigned blamed;    /* the use whose complaints about items are reported; one use is enough */
        struct names users; /* ids of the rules that use it, in the order of their files */
        struct names lost;  /* items that an override took away */
        struct position lost_at;
};

struct definitions {
        struct definition **items;
        size_t n, capacity;
        unsigned uses; /* numbers each unfolding, for .blamed */
};

/* An operand as written, `$name` unfolded. */
struct item {
        const struct yaml_node *node; /* a scalar */
        struct definition *from;      /* the definition it stands in, or NULL */
};

struct items {
        struct item *items;
        size_t n, capacity;
        size_t steps;      /* what it took, bounded by ITEMS_MOST */
        unsigned allowing; /* allow-lists being unfolded */
};

#define ITEMS_MOST 4096

/**
 * definitions_add() - take in `lists:`, `allow-lists:` or `values:` of one file
 *
 * Reports bad names (DS205), names taken already (DS206) and shapes (DS204). Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int definitions_add(struct compiler *c, const struct yaml_node *map, enum definition_kind kind);

/* The definition, or NULL. */
struct definition *definition_find(const struct definitions *all, struct str name);

/* Reports that there is none of this name (DS217, DS218), with a suggestion. */
int definition_unknown(const struct compiler *c, struct str name, bool list, struct position at);

/* Items of an override of a list or a value: replaces what it has, or adds to it; what is lost is remembered. Returns
 * 0, -EINVAL or -ENOMEM. */
must_check_ int definition_set(struct compiler *c, struct definition *d, const struct yaml_node *node);
must_check_ int definition_append(struct compiler *c, struct definition *d, const struct yaml_node *node);

/* Whether a scalar is `$name`; quoted or not, since a slip there would compare with the text "$name". */
bool item_is_reference(const struct yaml_node *node);

/* Nothing but wildcards and what parts names: in an allow-list it would let everything in. */
bool item_is_everything(struct str item);

/* A path with ":ro" or ":rw" behind it, as a bind is written; a list has paths alone, and would never be met with
 * this. */
bool item_has_mode(struct str item);

/**
 * items_unfold() - the scalars that an operand stands for
 * @node: a scalar, `$name`, or a list of those, nested or not
 * @many: whether a list may stand here
 *
 * Each item of an allow-list that lets everything or every device in is reported (DS226), and each that is no plain
 * path (DS216). Returns 0, -EINVAL (reported) or -ENOMEM.
 */
must_check_ int items_unfold(struct compiler *c, const struct yaml_node *node, bool many, struct items *out);

/* Reports an item that does not fit its use, once for each definition. @fmt as in diag_error(). Returns -EINVAL. */
printf_(3, 4) int item_error(struct compiler *c, const struct item *item, const char *fmt, ...);

/* DS224 for every definition that nothing used. */
void definitions_report_unused(const struct compiler *c);
