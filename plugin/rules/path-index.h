#pragma once
/*
 * path-index: all the lists of paths of a rule set, held against a path at once.
 *
 * Rules ask the same few paths of a request about the same long lists, one after another. So the patterns of all lists
 * are one tree of components; a walk along the path finds every list that has something equal to it, above it or below
 * it, and what it finds is remembered. The decision costs the path's depth then, however long the lists are.
 */
#include "docksill/base/path.h"

struct operand;

struct path_index;

/* Lists; where there are more, path_index_add() has none to give. */
#define PATH_SETS 128

must_check_ int path_index_new(struct path_index **out, struct arena *arena);

/**
 * path_index_add() - a list of patterns: clean, absolute paths with `*` in them or not
 * @patterns: their texts; borrowed, as @arena is
 * @set:      what the list is asked by; of one that is there already the same
 *
 * Returns 0, -ENOSPC when there are PATH_SETS already, or -ENOMEM.
 */
must_check_ int path_index_add(struct path_index *index, struct arena *arena, const struct operand *patterns, size_t n,
                               unsigned *set);

/**
 * path_index_holds() - path_matches() for some pattern of the list
 * @path: as the fact has it
 * @holds: written when it can be told
 *
 * False when it can't: @path is not clean and absolute, or stars lead to too many places at once. One thread at a time.
 */
must_check_ bool path_index_holds(struct path_index *index, unsigned set, struct str path, enum path_relation relation,
                                  bool *holds);
