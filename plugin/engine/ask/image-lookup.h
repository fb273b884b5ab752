#pragma once
/*
 * image-lookup: the image that a name leads to, and what a container inherits of it.
 */
#include "docksill/engine/request.h"
#include "inspected.h"

/**
 * image_lookup_fill() - write the engine's answer into image.*, and into what the request leaves to the image
 * @in: of @request; what is told is written there
 *
 * False: nothing was written, as inspected_read() has it.
 */
must_check_ bool image_lookup_fill(const struct request *request, struct reading *in, struct str json);

/**
 * image_lookup_compared() - does a container that exists start as its image was built?
 * @container: its configuration, which dockerd merged with the image's when it was made (moby daemon/commit.go)
 *
 * Writes image.as_built. Returns as image_lookup_fill().
 */
must_check_ bool image_lookup_compared(const struct request *request, struct reading *in,
                                       const struct inspected_config *container, struct str json);

/* There is no such image. */
void image_lookup_missing(struct request *request);

/* Nobody could tell. */
void image_lookup_mark_unknown(struct request *request);
