#pragma once
/*
 * copy: files into and out of a container: /containers/{name}/archive, and /copy of API < 1.24.
 *
 * The archive itself is never shown to plugins; the path says where it goes (PROTOCOL 5.1).
 */
#include "docksill/engine/request.h"

/* Each fills copy.*. They return 0 or -ENOMEM. */
must_check_ int archive_decode(struct request *request, struct arena *arena);
must_check_ int copy_decode(struct request *request, struct arena *arena);
