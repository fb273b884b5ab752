#pragma once
/*
 * image-history: the lines of the Dockerfiles that an image was built by, out of GET /images/{name}/history.
 */
#include "read/reading.h"

/* Writes image.history. False: nothing was written; it is not what an engine writes. */
must_check_ bool image_history_fill(struct reading *in, struct str json);
