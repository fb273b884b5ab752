#pragma once
/*
 * written: the folders that a container writes in its root file system, each with what would have to be mounted there
 * if that were read-only.
 */
#include "observed.h"

enum place {
        PLACE_MEMORY, /* a file system in memory: nothing of the image lies there, and nothing has to outlive a restart
                       */
        PLACE_VOLUME, /* a volume without a name: it begins with what the image has there */
        PLACE_NONE,   /* the image's own programs and settings: nothing can be mounted there */
};

struct written {
        struct str path;
        struct str example; /* what was written there */
        enum place place;
        bool told;            /* the host told whose it is: the next four */
        uint32_t user, group; /* of the container */
        unsigned mode;        /* permissions */
        int64_t bytes;        /* in it; UNTOLD: too much to count */
};

struct written_list {
        struct written *items; /* by path; none lies in another */
        size_t n, capacity;
};

#define WRITTEN_MOST 64 /* so many nobody mounts: others are not looked for */

/**
 * written_find() - from @o->changes and files that are open
 * @mounts: where something is mounted: what lies there is no matter of the root file system
 * @proc:   as of host_places, @first process 1: folders are looked at there; NULL: they are not
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int written_find(struct written_list *out, const struct observed *o, const struct observed_texts *mounts,
                             const char *proc, int64_t first);
