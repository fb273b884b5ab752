#pragma once
/*
 * mounted: what a copy has mounted, in place of what its original has.
 *
 * A fresh volume for each volume. Folders of the host are read-only, or fresh volumes too where they may be written to;
 * what holds sockets and devices is left out, since read-only does not keep anybody from using them.
 */
#include "docksill/base/arena.h"
#include <jansson.h>

/* What is otherwise in a copy, a few words each; visible. */
struct notes {
        struct str *items;
        size_t n, capacity;
};

/* @what is made visible. */
void notes_add(struct notes *notes, struct arena *arena, const char *before, struct str what, const char *after);

struct mounted {
        json_t *read_only; /* Mounts of a create, the host's folders read-only */
        json_t *fresh;     /* the same with fresh volumes; NULL: it may write to no folder of the host */
        struct str *items; /* where */
        size_t n, capacity;
};

/**
 * mounted_read() - of a container
 * @out:     zeroed; mounted_deinit() it, also after a failure
 * @inspect: the engine's answer
 * @owner:   the label of fresh volumes (owner.h)
 *
 * Returns 0 or -ENOMEM.
 */
must_check_ int mounted_read(struct mounted *out, struct notes *notes, struct arena *arena, const json_t *inspect,
                             const char *owner);

/* The same of an image, which declares volumes. @config: its Config. */
must_check_ int mounted_read_image(struct mounted *out, struct arena *arena, const json_t *config);

void mounted_deinit(struct mounted *m);
