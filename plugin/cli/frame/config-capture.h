#pragma once
/*
 * config-capture: `capture:` of a configuration.
 */
#include "docksill/rules/yaml.h"

struct config_capture {
        const char *folder; /* an absolute path; NULL: none was given */
        uint64_t keep, max;
        unsigned reads; /* which of the words */
        struct position folder_at, keep_at, max_at, reads_at;
};

/**
 * config_capture_read() - what @node says
 * @out:   has the defaults; what is not said stays
 * @arena: of the texts
 * @reads: the words for .reads, ended by NULL
 *
 * Returns 0, -EINVAL (reported) or -ENOMEM.
 */
must_check_ int config_capture_read(struct config_capture *out, struct arena *arena, const struct yaml_node *node,
                                    const char *const *reads, struct diag *diag);
