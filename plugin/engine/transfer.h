#pragma once
/*
 * transfer: images on their way, to and from registries, files and other names; all of it said in path and query.
 *
 * moby daemon/server/router/image and distribution; PROTOCOL 5.2.
 */
#include "docksill/engine/request.h"

/* Each fills image.*. A pull is POST /images/create, which imports as well. */
void pull_decode(struct request *request, struct arena *arena);
void load_decode(struct request *request, struct arena *arena);
void push_decode(struct request *request, struct arena *arena);
void tag_decode(struct request *request, struct arena *arena);
void search_decode(struct request *request, struct arena *arena);
void distribution_decode(struct request *request, struct arena *arena);

/* A login: where dockerd goes with it, where the body is shown (Debian's 20.10 does; others keep it from plugins).
 * Nothing else of it is kept. */
void auth_decode(struct request *request, struct arena *arena);
