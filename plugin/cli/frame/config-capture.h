#pragma once
/*
 * config-capture: `capture:` of a configuration.
 */
#include "docksill/rules/schema.h"

/* Its keys, in the order of its schema. */
enum capture_key { CAPTURE_KEY_FOLDER, CAPTURE_KEY_KEEP, CAPTURE_KEY_MAX, CAPTURE_KEY_READS, CAPTURE_KEYS };

struct config_capture {
        const char *folder; /* an absolute path; NULL: none was given */
        uint64_t keep, max;
        unsigned reads; /* which of the words */
        struct position folder_at, keep_at, max_at, reads_at;
};

/**
 * config_capture_read() - what @node says
 * @out:    has the defaults; what is not said stays
 * @arena:  of the texts
 * @schema: its keys, and the words for .reads
 *
 * Returns 0, -EINVAL (reported) or -ENOMEM.
 */
must_check_ int config_capture_read(struct config_capture *out, struct arena *arena, const struct schema *schema,
                                    const struct yaml_node *node, struct diag *diag);
