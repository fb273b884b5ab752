#pragma once
/*
 * defaults: what a rules file says once for all of its rules.
 */
#include "reference-priv.h"

struct schema;

extern const struct schema tests_schema; /* of `tests:` */

struct defaults {
        struct references references;
        const struct yaml_node *operation; /* of tests; NULL: each names its own */
};

/**
 * defaults_new() - read `references:` and `tests:` of a rules file
 * @references, @tests: maps; NULL: not there
 *
 * Reports what is wrong in them, so that no rule has to. Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int defaults_new(struct compiler *c, const struct yaml_node *references, const struct yaml_node *tests,
                             struct defaults *out);
