#pragma once
/*
 * found-image: the image that a name leads to, and what a container inherits of it.
 */
#include "docksill/engine/question.h"

/**
 * found_image_told() - write the engine's answer into image.*, and into what the request leaves to the image
 *
 * Returns 0, INSPECTED_E_UNREADABLE (nothing was written) or -ENOMEM.
 */
must_check_ int found_image_told(struct request *r, struct arena *arena, struct str json);

/* There is no such image. */
void found_image_missing(struct request *r);

/* Nobody could tell. */
void found_image_untold(struct request *r);
