#pragma once
/*
 * transfer: images on their way, to and from registries, files and other names; all of it said in path and query.
 *
 * moby daemon/server/router/image and distribution; PROTOCOL 5.2.
 */
#include "docksill/engine/request.h"

/* Each fills image.* and returns 0 or -ENOMEM. A pull is POST /images/create, which imports as well. */
must_check_ int pull_decode(struct request *request, struct arena *arena);
must_check_ int load_decode(struct request *request, struct arena *arena);
must_check_ int push_decode(struct request *request, struct arena *arena);
must_check_ int tag_decode(struct request *request, struct arena *arena);
must_check_ int search_decode(struct request *request, struct arena *arena);
must_check_ int distribution_decode(struct request *request, struct arena *arena);

/* A login: where dockerd goes with it, where the body is shown (Debian's 20.10 does; others keep it from plugins).
 * Nothing else of it is kept. */
must_check_ int auth_decode(struct request *request, struct arena *arena);
