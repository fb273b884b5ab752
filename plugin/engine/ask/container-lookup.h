#pragma once
/*
 * container-lookup: a container that exists already, as requests that join it, share its volumes or act on it see it.
 */
#include "inspected.h"

/* What is asked about a container: bits of question.about. */
enum container_lookup_about {
        EXISTING_JOINED = 1 << 0,  /* container.joins, target.joins */
        EXISTING_SHARED = 1 << 1,  /* container.volumes_from */
        EXISTING_TARGET = 1 << 2,  /* target.* */
        EXISTING_STARTED = 1 << 3, /* its own mounts, and whom it joins */
        EXISTING_REACHED = 1 << 4, /* reached.*, and of whom it joins likewise */
};

/**
 * container_lookup_fill() - write what the engine says of container @name into what @about says
 * @about: enum container_lookup_about
 *
 * Its mounts are appended to those of the request.
 */
void container_lookup_fill(struct reading *in, struct str name, unsigned about, const struct inspected_container *c);

/* There is no container @name: a start that would have joined it fails. */
void container_lookup_missing(struct facts *f, struct str name);

/* Nobody could tell. Whom a request joins is unknown until it is told. */
void container_lookup_mark_unknown(struct facts *f, unsigned about);
