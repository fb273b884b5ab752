#pragma once
/*
 * copy: files into and out of a container: /containers/{name}/archive, and /copy of API < 1.24.
 *
 * The archive itself is never shown to plugins; the path says where it goes (PROTOCOL 5.1).
 */
#include "reading.h"

/* Each fills copy.*. */
void archive_decode(struct reading *in);
void copy_decode(struct reading *in);
