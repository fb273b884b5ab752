#pragma once
/*
 * who: `user: [globs]`, the short way to ask for a name of a TLS certificate.
 */
#include "compiler.h"

/**
 * who_unfold() - a map of conditions in which `user:` may stand, as the rule language has it
 * @out: in the scratch arena; everything but `user:` is left as it was, at any depth of all:, any: and not:
 *
 * `user:` never holds for the anonymous, whatever the globs: what is written for users of certificates must not meet
 * everybody on the Unix socket. Returns 0 or -ENOMEM.
 */
must_check_ int who_unfold(struct compiler *c, const struct yaml_node *map, const struct yaml_node **out);
