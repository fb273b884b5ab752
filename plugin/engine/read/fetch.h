#pragma once
/*
 * fetch: an address from which dockerd itself, as root, gets what a request asks for: the sources of a build, an image;
 * or the registry that it asks.
 *
 * moby builder/remotecontext, daemon/images/image_import.go.
 */
#include "reading.h"

/* Adds to facts.fetches; an empty @url is none. @what: as in fetch_facts. */
void fetch_read(struct reading *in, const char *field, enum word what, struct str url);

/* The registry that image.registry names. */
void fetch_registry(struct reading *in, const char *field);
