#pragma once
/*
 * build: an image made here, as far as the query tells.
 *
 * moby daemon/server/router/build, daemon/builder/remotecontext; PROTOCOL 4.4, 5.2. The Dockerfile and the context
 * travel in the body, which is a tar, or in a BuildKit session: neither is ever shown to a plugin. Worse, a form may
 * hide in that body whose parameters dockerd takes for the query's.
 */
#include "reading.h"

/* Each fills build.*. Of POST /session and POST /grpc there is nothing to be seen. */
void build_decode(struct reading *in);
void session_decode(struct reading *in);
