#pragma once
/*
 * engine-view: what the engine tells of a running container beside inspect: its processes, what differs from the image,
 * what it uses, and what the image says.
 */
#include "docksill/host/engine-api.h"
#include "observed.h"
#include <jansson.h>

/**
 * engine_view() - ask
 * @o:     what could not be told is said in .unseen
 * @image: its image's id; empty: it is not asked about
 *
 * Returns 0, -EINTR (stopped), -EIO or -ETIMEDOUT (the engine no longer answers), or -ENOMEM.
 */
must_check_ int engine_view(struct observed *o, struct engine_api *engine, struct str image);

/* After all else was looked at: what it uses, if no cgroup told (an engine may take a second to say so), and whether it
 * still runs: .gone. Returns as engine_view(). */
must_check_ int engine_view_end(struct observed *o, struct engine_api *engine);

/* What one answer tells that nobody told yet; for the module and its tests. @answer: NULL or of another shape tells
 * nothing. */
void engine_take_top(struct observed *o, const json_t *answer);
void engine_take_changes(struct observed *o, const json_t *answer);
void engine_take_stats(struct observed *o, const json_t *answer);
void engine_take_image(struct observed *o, const json_t *answer);
