#pragma once
/*
 * original-mounts: what a copy has mounted, in place of what its original has.
 */
#include "original.h"

/**
 * original_mounts() - of a container
 *
 * Fills .read_only, .fresh, .mounted and notes. Returns 0 or -ENOMEM.
 */
must_check_ int original_mounts(struct original *o, struct arena *arena, const json_t *inspect);

/* Of an image: the volumes that it declares. @config: of the image. */
must_check_ int original_volumes(struct original *o, struct arena *arena, const json_t *config);

/* Appends to .notes; @what is made visible. */
void original_note(struct original *o, struct arena *arena, const char *before, struct str what, const char *after);
