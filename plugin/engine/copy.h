#pragma once
/*
 * copy: files into and out of a container: /containers/{name}/archive, and /copy of API < 1.24.
 *
 * The archive itself is never shown to plugins; the path says where it goes (PROTOCOL 5.1).
 */
#include "docksill/engine/request.h"

/* Each fills copy.*. */
void archive_decode(struct request *request, struct arena *arena);
void copy_decode(struct request *request, struct arena *arena);
