#pragma once
/*
 * host-path: a path of the host, as a request spells it, made comparable.
 */
#include "docksill/engine/facts.h"

/**
 * host_path() - the first spelling of @path
 * @out: in @arena or a view of @path; overwritten
 *
 * Cleaned as dockerd cleans it (PROTOCOL 6.1); /var/run becomes /run, because it is a link to it on every supported
 * distribution and no rule should have to name both. A relative path begins at the root, which is dockerd's working
 * directory: volume options and devices take "dev/sda". An empty one is no path. One that is longer than the kernel
 * takes makes the arena full, and at a full arena none is written.
 */
void host_path(struct arena *arena, struct str path, struct fact_path *out);

/* As path_clean(); empty at a full arena. */
struct str path_cleaned(struct arena *arena, struct str path);

/* Has it a component ".."? */
bool path_climbs(struct str path);

/* The same of a path that goes to the kernel as it stands. There ".." is taken off after the links before it, so that
 * where one with ".." leads is told by the host alone: FACT_LEXICAL until it is. */
void host_path_uncleaned(struct arena *arena, struct str path, struct fact_path *out);
