#pragma once
/*
 * image-attestations: what was attested of an image when it was built, out of GET /images/{name}/attestations.
 *
 * Engines from API 1.55 on tell it, where containerd keeps their images (moby daemon/server/router/image/image.go).
 * Nobody verifies anything by it: a statement is there, or there is none.
 */
#include "read/reading.h"

/* Writes image.attestations. False: nothing was written; it is not what an engine writes. */
must_check_ bool image_attestations_fill(struct reading *in, struct str json);
