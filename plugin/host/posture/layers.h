#pragma once
/*
 * layers: files of several folders of which the first hides those of its name in the others, as systemd and sysctl.d(5)
 * lay them: /etc over /run over /usr/lib.
 */
#include "host-survey.h"

struct layer {
        struct str name;
        const char *folder;
};

/* Sorted by name. */
struct layers {
        struct layer *items;
        size_t n, capacity;
};

/* Adds what is in @folder, which lives as long as @out, and has a name that ends in @suffix; in .scratch. Returns 0,
 * also for a folder that is not there, or what listing it returned. */
must_check_ int layers_add(struct layers *out, struct survey *s, const char *folder, const char *suffix);
