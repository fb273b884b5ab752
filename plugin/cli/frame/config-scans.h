#pragma once
/*
 * config-scans: `scans:` of a configuration, and the file of vulnerabilities that are let be.
 *
 *         docksill: v1
 *         kind: scan-ignore
 *         ignore:
 *           - id: CVE-2024-1234
 *             package: openssl      # in all, unless one is named
 *             until: 2027-01-31     # the last day
 *             reason: the code is never reached
 */
#include "docksill/engine/scan.h"
#include "docksill/rules/schema.h"

/* Its keys, in the order of its schema. */
enum scans_key { SCANS_KEY_FOLDER, SCANS_KEY_IGNORE, SCANS_KEYS };

struct config_scans {
        const char *folder, *ignore; /* absolute paths; NULL: none was given */
        struct scan_ignored *ignored;
        size_t n_ignored;
        struct position folder_at, ignore_at;
};

/**
 * config_scans_read() - what @node says
 * @out:    zeroed
 * @schema: its keys
 * @y:      how files are read; texts are kept in y->keep
 *
 * Returns 0, -EINVAL (reported) or -ENOMEM.
 */
must_check_ int config_scans_read(struct config_scans *out, const struct schema *schema, const struct yaml_node *node,
                                  const struct yaml *y);
