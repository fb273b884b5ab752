#pragma once
/*
 * scans: the folder of scanners' reports, one an image: <64 hex digits>.json, the digits being the image's id or a
 * digest of it (GUIDANCE 4.5).
 *
 * A list of its packages may lie beside it: <digits>.spdx.json, <digits>.cdx.json; and for all of them CISA's catalogue
 * of known exploited vulnerabilities, known_exploited_vulnerabilities.json. A report that can't be read, or that is on
 * another image, counts as absent, and is told of. What was read is kept by the file's identity (device, number, size,
 * time), so that a report is read once until it is replaced.
 *
 * Blocks on the disk: for helpers and commands, not for the decision thread. Any thread may ask; one reads at a time.
 */
#include "docksill/engine/scan.h"

#define SCAN_FILE_MOST ((size_t)64 * 1024 * 1024) /* bytes of a report */
#define SCANS_KEPT     128                        /* reports, and */
#define SCANS_MEMORY   ((size_t)16 * 1024 * 1024) /* bytes of what is kept of them; the oldest go */

struct scans;

/**
 * scans_new() - the reports in @folder, which need not exist yet
 * @ignored: vulnerabilities that are let be; copied
 *
 * Counted references. Returns 0 or -ENOMEM.
 */
must_check_ int scans_new(struct scans **out, struct str folder, const struct scan_ignored *ignored, size_t n_ignored);
struct scans *scans_ref(struct scans *s);
void scans_unref(struct scans *s); /* NULL does nothing */
DEFINE_CLEANUP(struct scans *, scans_unref);

struct str scans_folder(const struct scans *s);

/* Of a file that can't be used. Empty: there is none. */
struct scan_trouble {
        char text[320]; /* "scans/….json: it is no JSON"; visible */
        bool news;      /* for the first time since the file has changed */
};

/**
 * scans_find() - what is known of an image by one of @keys
 * @out:     views in @arena
 * @trouble: of the first file that can't be used
 * @now:     as clock_wall() counts
 *
 * Of several reports the latest counts. Returns 1, 0 (there is none) or -ENOMEM.
 */
must_check_ int scans_find(struct scans *s, struct scan *out, struct arena *arena, const struct scan_keys *keys,
                           int64_t now, struct scan_trouble *trouble);
