#pragma once
/*
 * yaml: a YAML file as a tree of nodes with positions, within bounds.
 *
 * A rule file may come from anywhere, so size, depth, nodes and what aliases unfold to are bounded (DS105), a key twice
 * in one map is an error (DS104: libyaml and most readers let the last win, silently), and one file is one document.
 * Scalars stay text: what `no`, `22:22` or `0777` is, the schema says. Only the body of a rule's test is typed as
 * YAML 1.2's core schema does (yaml_json).
 */
#include "docksill/base/diag.h"
#include "docksill/rules/bundle.h"

#define YAML_FILE_MOST  ((size_t)1 << 20)
#define YAML_DEPTH_MOST 64
#define YAML_NODES_MOST 100000 /* aliases counted as what they stand for */

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAP };

struct yaml_node {
        enum node_kind kind;
        bool quoted; /* of a scalar: quoted or a block, so it can't be null, a number … */
        struct position at;
        struct str text;                /* of a scalar */
        struct yaml_pair *pairs;        /* of a map, in order; keys are scalars */
        const struct yaml_node **items; /* of a sequence */
        size_t n, capacity;             /* of pairs or items */
        unsigned weight, height;        /* nodes below with itself, aliases unfolded; levels below */
};

struct yaml_pair {
        const struct yaml_node *key, *value;
};

/* Where a file's parts go. Nodes are needed while it is being compiled, texts and sources for as long as positions
 * are. */
struct yaml {
        struct arena *keep;    /* sources and texts */
        struct arena *scratch; /* nodes; may be the same */
        struct diag *diag;
        const struct bundle *from; /* where files are read; NULL: from the disk */
        struct bundle *into;       /* the files read are added, in .keep; NULL: nowhere */
};

/**
 * yaml_read() - read and parse one file
 * @y:     all borrowed
 * @path:  NUL-terminated; also the name shown in diagnostics
 * @named: where a person named the file, for when it can't be read; zeroed: the file itself
 * @out:   its root; never NULL on success
 *
 * Returns 0, -EINVAL (reported: DS101 to DS107, DS201 for an empty file or a second document), or -ENOMEM.
 */
must_check_ int yaml_read(const struct yaml *y, const char *path, struct position named, const struct yaml_node **out);

/* The same of a text at hand; @source must live as long as positions are used. */
must_check_ int yaml_parse(const struct yaml *y, const struct source *source, const struct yaml_node **out);

/* The value of @key in a map, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* A plain scalar that YAML takes for null: nothing, ~, null. */
bool yaml_is_null(const struct yaml_node *node);

/**
 * yaml_json() - the node as JSON, plain scalars typed by YAML 1.2's core schema
 *
 * For bodies in tests of rules. Infinities and "not a number" have no JSON spelling and are reported (DS204).
 * Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int yaml_json(const struct yaml_node *node, struct text *out, struct diag *diag);
