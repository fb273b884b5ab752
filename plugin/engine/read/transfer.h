#pragma once
/*
 * transfer: images on their way, to and from registries, files and other names; all of it said in path and query.
 *
 * moby daemon/server/router/image and distribution; PROTOCOL 5.2.
 */
#include "reading.h"

/* Each fills image.*. A pull is POST /images/create, which imports as well. */
void pull_decode(struct reading *in);
void load_decode(struct reading *in);
void push_decode(struct reading *in);
void tag_decode(struct reading *in);
void search_decode(struct reading *in);
void distribution_decode(struct reading *in);

/* A login: where dockerd goes with it, where the body is shown (Debian's 20.10 does; others keep it from plugins).
 * Nothing else of it is kept. */
void auth_decode(struct reading *in);
