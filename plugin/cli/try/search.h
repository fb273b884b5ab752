#pragma once
/*
 * search: the least that has to be conceded to a container, found by trying copies of it.
 *
 * First one as it is, then one in the hardest form, then ever fewer concessions by delta debugging (ddmin.h).
 */
#include "progress.h"
#include "tried.h"

struct search {
        struct copies copies;
        struct arena *arena;
        struct progress progress;
        unsigned most;       /* copies */
        int64_t deadline;    /* clock_monotonic() */
        const char *network; /* of the copies; NULL: none yet. In @arena. */
};

/**
 * search_run() - try
 * @out: .original is there
 *
 * What it made may be there still when it fails: leftovers_remove(). Returns 0, whatever was found; SEARCH_REFUSED
 * (a plugin lets no copy be made: the last attempt has its words), or as copies_run().
 */
#define SEARCH_REFUSED 3
must_check_ int search_run(struct search *s, struct tried *out);
