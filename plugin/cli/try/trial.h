#pragma once
/*
 * trial: what may be tried of a container, and what is known from trying it.
 */
#include "progress.h"
#include "tried.h"

/* Copies at once. */
#define TRIAL_WIDTH 3

/* Beside negative errnos: copies or time are used up; a plugin lets no copy be made. */
#define TRIAL_ENOUGH  2
#define TRIAL_REFUSED 3

struct trial {
        struct copies copies;
        struct arena *arena;
        struct arena logs; /* of the copies that are tried at the moment */
        struct progress progress;
        unsigned most;       /* copies */
        int64_t deadline;    /* clock_monotonic() */
        const char *network; /* of the copies; NULL: none yet. In @arena. */
        struct tried *out;
        struct log_lines known; /* what it writes as it is */
        size_t trusted;         /* attempts before this one that worked were watched too short a time */
};

bool trial_may_go_on(const struct trial *t, size_t n);

/* The body of a copy with that conceded; NULL when there is no memory. */
json_t *trial_body(const struct trial *t, uint64_t conceded);

/* Appends an attempt, and tells of it. @what: as of the attempt. Returns 0, TRIAL_REFUSED or -ENOMEM. */
must_check_ int trial_record(struct trial *t, const struct copy *copy, uint64_t conceded, const char *what);

/* Tries @n sets at once, TRIAL_WIDTH at most, and takes the copies away. Returns as copies_run() or trial_record(). */
must_check_ int trial_try(struct trial *t, const uint64_t *sets, size_t n, const char *what);

/* A ddmin_try: the same of those that are not known yet, TRIAL_ENOUGH when there may be no more. */
must_check_ int trial_test(void *closure, const uint64_t *sets, size_t n, bool *works);
