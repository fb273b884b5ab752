#pragma once
/*
 * own-places: where docksill's own files lie by the settings in force, for the lists by which the rules keep them shut.
 *
 * The rules name the places of a package. Whoever moves the records, the state or the rules need not say so twice.
 */
#include "docksill/cli/config.h"

#define OWN_PLACES "own-paths"     /* the list of what is docksill's */
#define OWN_ASKED  "asked-sockets" /* the list of sockets at which the engine is asked */
#define OWN_DOORS                                                                                                      \
        "runtime-sockets" /* the list of sockets: a mount of a folder above, read-only or not, reaches them            \
                           */

/* What serve alone knows. */
struct own_in_use {
        const char *socket, *control, *records; /* where they are others than the settings say; NULL: those. Borrowed */
        bool serving; /* flags and the program are those of who decides, and not of somebody who tries */
};

struct own_places {
        struct arena *arena; /* borrowed */
        struct list_addition *items;
        size_t n, capacity;
};

/**
 * own_places_collect() - every place of the settings and, serving, of the flags, the program and the settings' file; as
 * written and as it resolves
 * @file: of the settings; NULL: the default
 *
 * May wait for the disk. Returns 0 or -ENOMEM.
 */
must_check_ int own_places_collect(struct own_places *out, struct arena *arena, const struct config *config,
                                   const char *file, struct own_in_use in_use);
