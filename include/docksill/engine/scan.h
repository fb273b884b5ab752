#pragma once
/*
 * scan: what a scanner's report says of an image, and the facts that come of it.
 *
 * Nothing here looks for a report: host/scan-lookup.h does, and the rules' own tests tell one. A report is found by
 * what an image is, its id or its digest, never by a tag, which may be another image's by now (GUIDANCE 4.5).
 */
#include "docksill/engine/request.h"

enum scan_level { SCAN_UNKNOWN, SCAN_LOW, SCAN_MEDIUM, SCAN_HIGH, SCAN_CRITICAL, SCAN_LEVELS };

/* "unknown", "low", … */
struct str scan_level_name(enum scan_level level);

/* Words of scanners, in any case: "Critical", "negligible", "moderate" … What is none of them is SCAN_UNKNOWN. */
enum scan_level scan_level_parse(struct str word);

/* One vulnerability in one package. */
struct scan_flaw {
        struct str id, package;
        enum scan_level level;
        bool fixable; /* there is a version without it */
};

/* One report, read; views of its text or of the arena that it was read into. */
struct scan_report {
        struct str scanner; /* "trivy" */
        int64_t at;         /* when it was made, as clock_wall() counts; 0: it does not say */
        bool looked;        /* for vulnerabilities; else it lists packages alone */
        struct {
                struct str *items; /* ids and digests of the image it is about: 64 hex digits each */
                size_t n, capacity;
        } images;
        struct {
                struct scan_flaw *items;
                size_t n, capacity;
        } flaws;
        struct {
                struct str *items; /* names of packages, some perhaps twice */
                size_t n, capacity;
        } packages;
        unsigned secrets; /* that it found in the image's files */
};

/* Of one report; one with more is none. */
#define SCAN_ITEMS_MOST 50000

/**
 * scan_report_read() - a scanner's report, or a list of an image's packages
 * @out: zeroed by the caller; partly filled on failure
 *
 * Trivy's JSON, Grype's and Syft's, Clair's, SARIF of any scanner that names the image, CycloneDX, SPDX (JSON), and
 * docksill's own form, docksill.scan/1. @json must outlive @out. NULL on success, else what is wrong with it, for
 * people; static.
 */
must_check_ const char *scan_report_read(struct scan_report *out, struct arena *arena, struct str json);

#define SCAN_SCHEMA "docksill.scan/1"

/* In docksill's own form; members that say nothing are left out. */
void scan_report_add(struct text *t, const struct scan_report *report);

/* "sha256:…", "name@sha256:…" or the 64 digits alone: the digits, in lower case as they stand; p == NULL: it is none.
 */
struct str scan_image_hex(struct str id);

/* Ids of vulnerabilities, sorted by str_cmp(). */
struct scan_ids {
        struct str *items;
        size_t n, capacity;
};

/* CISA's catalogue of known exploited vulnerabilities, as JSON. False: it is none, or there is no memory. */
must_check_ bool scan_exploited_read(struct scan_ids *out, struct arena *arena, struct str json);

/* One that somebody has looked at, and lets be until a day. */
struct scan_ignored {
        struct str id, package; /* package: empty: in all of them */
        int64_t until;          /* when it counts again, as clock_wall() counts */
};

/* What is left out of the count, and what counts as exploited. All borrowed. */
struct scan_filter {
        const struct scan_ignored *ignored;
        size_t n_ignored;
        const struct str *exploited; /* ids, sorted by str_cmp() */
        size_t n_exploited;
};

/* What a report comes to. */
struct scan {
        struct str scanner;
        int64_t at;
        bool looked;
        unsigned found[SCAN_LEVELS], fixable[SCAN_LEVELS]; /* one id counts once a package */
        unsigned ignored, secrets;
        struct str *worst; /* ids of the worst level found, SCAN_WORST_MOST of them */
        struct str *exploited;
        const struct str *packages;
        size_t n_worst, n_exploited, n_packages;
};

#define SCAN_WORST_MOST     8
#define SCAN_EXPLOITED_MOST 32

/**
 * scan_sum() - count what @report found
 * @report: its flaws are sorted in place
 * @now:    as clock_wall() counts
 *
 * @out has views of @report and arrays in @arena. Returns 0 or -ENOMEM.
 */
must_check_ int scan_sum(struct scan *out, struct arena *arena, struct scan_report *report,
                         const struct scan_filter *filter, int64_t now);

/* By what a report of the request's image may be found: 64 hex digits each. */
#define SCAN_KEYS_MOST 8
struct scan_keys {
        struct str items[SCAN_KEYS_MOST]; /* views of the request's facts */
        size_t n;
        bool unknown; /* none, since the engine could not tell which image it is */
};

/* None where the request starts nothing, or nobody can tell which image it means (without lookups, one that is not
 * pinned). */
void request_scan_keys(struct scan_keys *out, const struct request *request);

/* @scan: NULL: there is no report of it. Copies what it keeps. Returns 0 or -ENOMEM. */
must_check_ int request_scan_tell(struct request *request, struct arena *arena, const struct scan *scan);

/* There may be a report, but nobody could look in time. */
void request_scan_mark_unknown(struct request *request);
