#pragma once
/*
 * found-image: the image that a name leads to, and what a container inherits of it.
 */
#include "docksill/engine/request.h"
#include "inspected.h"

/**
 * found_image_told() - write the engine's answer into image.*, and into what the request leaves to the image
 * @in: of @r; what is told is written there
 *
 * False: nothing was written, as inspected_read() has it.
 */
must_check_ bool found_image_told(const struct request *r, struct reading *in, struct str json);

/**
 * found_image_compared() - does a container that exists start as its image was built?
 * @container: its configuration, which dockerd merged with the image's when it was made (moby daemon/commit.go)
 *
 * Writes image.as_built. Returns as found_image_told().
 */
must_check_ bool found_image_compared(const struct request *r, struct reading *in,
                                      const struct inspected_config *container, struct str json);

/* There is no such image. */
void found_image_missing(struct request *r);

/* Nobody could tell. */
void found_image_untold(struct request *r);
