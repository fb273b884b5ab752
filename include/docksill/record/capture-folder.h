#pragma once
/*
 * capture-folder: where captured calls are, and how much of them.
 */
#include "docksill/base/text.h"

#define CAPTURE_KEEP      10000
#define CAPTURE_KEEP_MOST 100000
#define CAPTURE_MAX       ((uint64_t)64 * 1024 * 1024)
#define CAPTURE_MAX_LEAST ((uint64_t)64 * 1024)
#define CAPTURE_MAX_MOST  ((uint64_t)64 * 1024 * 1024 * 1024)

/* Where, and how much of it. */
struct capture_place {
        struct str folder; /* an absolute path; empty: off */
        uint64_t keep;     /* calls */
        uint64_t max;      /* bytes of all of them */
};

/**
 * capture_folder_check() - whether calls may be captured there
 * @make: make it, 0700, when only its last part is missing
 * @why:  appended to: a sentence without an end
 *
 * It must be a folder, no link, of the user that we are, and closed to group and others; one that is missing is none
 * that is wrong. Returns 0 or a negative errno.
 */
must_check_ int capture_folder_check(struct str folder, bool make, struct text *why);
