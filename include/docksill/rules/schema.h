#pragma once
/*
 * schema: which keys a map knows, of what shape, and which it must have.
 *
 * One table a kind of map; the check, the suggestions and what is printed for people read the same rows.
 */
#include "docksill/rules/yaml.h"

enum schema_shape {
        SHAPE_ANY,
        SHAPE_TEXT,     /* a scalar; something must stand there */
        SHAPE_NAME,     /* lower-case letters, digits and dashes, beginning with a letter */
        SHAPE_FLAG,     /* true or false */
        SHAPE_NUMBER,   /* 0 to a million */
        SHAPE_CHOICE,   /* one of .choices */
        SHAPE_TEXTS,    /* a scalar or a list of them */
        SHAPE_SEQUENCE, /* a list */
        SHAPE_MAP,
};

/* What a map holds whose keys are anybody's choice. schema_read() leaves it to others. */
enum schema_holds {
        HOLDS_ANYTHING,
        HOLDS_TEXT,      /* name: text */
        HOLDS_TEXTS,     /* name: text, or a list of them */
        HOLDS_CONDITION, /* of the rule language */
};

struct schema_key {
        const char *name;
        enum schema_shape shape;
        bool required;
        const char *const *choices; /* of SHAPE_CHOICE: NULL-terminated */
        const char *doc;
        const struct schema *of; /* of SHAPE_MAP: the map's; of SHAPE_SEQUENCE: each item's; NULL: no schema has it */
        enum schema_holds holds; /* of SHAPE_MAP without .of */
};

struct schema {
        const char *what;              /* "a rule" */
        const struct schema_key *keys; /* ended by one without a name */
};

/* Whole files, by their `kind:`. That of a configuration is config_sections' first. */
extern const struct schema schema_rules, schema_environment, schema_exemptions, schema_profile, schema_framework;

#define SCHEMA_KEYS_MOST 20

/**
 * schema_read() - check a map against its schema
 * @node:   any node; a wrong kind is reported
 * @values: by the place of the key's row; NULL where it is missing, repeated or of the wrong shape
 *
 * Reports every unknown key (DS202), missing one (DS203) and wrong shape (DS204, names DS205). What stands in @values
 * needs no further check of shape. Returns 0 or -EINVAL.
 */
int schema_read(const struct schema *schema, const struct yaml_node *node, const struct yaml_node **values,
                struct diag *diag);

/* Words of SHAPE_CHOICE that several schemas share. */
extern const char *const schema_severities[]; /* none … critical */
extern const char *const schema_modes[];      /* enforce, enforce-hard, audit */

/* Values of nodes that passed as SHAPE_FLAG, SHAPE_NUMBER. NULL is false, 0. */
bool schema_flag(const struct yaml_node *node);
unsigned schema_number(const struct yaml_node *node);

/* Lower-case letters, digits and dashes, beginning with a letter; at most 63. */
bool schema_is_name(struct str text);

/**
 * schema_document() - check a document's first two lines, `docksill: v1` and `kind:`
 * @kind: the one that belongs here; NULL: any
 *
 * The other keys are left to schema_read(). Returns the kind, or an empty text when it was reported (DS201).
 */
struct str schema_document(const struct yaml_node *root, const char *kind, struct diag *diag);
