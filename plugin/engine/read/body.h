#pragma once
/*
 * body: the JSON of a request's body, read into the C struct that mirrors Go's.
 */
#include "reading.h"

/**
 * json_read() - @text as gojson_decode() has it
 * @out: a zeroed value of @type; zeroed again where memory ends, which makes the arena full
 *
 * At a full arena nothing is read.
 */
void json_read(struct reading *in, void *out, const struct gojson_type *type, struct str text, struct str top);

/* The same of a text of its own, whose @flaws are not the request's: a profile, an answer of the engine. */
void json_read_apart(struct arena *arena, struct flaws *flaws, void *out, const struct gojson_type *type,
                     struct str text);

/* The body as a zeroed value of @type; true: nothing is wrong with it, nor with the request. */
must_check_ bool body_read(struct reading *in, void *out, const struct gojson_type *type);

/* The same of one object: a struct of @type, which begins with bool given. A null, which no handler takes for an
 * object, is malformed. */
must_check_ bool body_decode(struct reading *in, void *out, const struct gojson_type *type);

/* Of a stream that is used for some parameters only: without these nothing may follow. */
void body_check_absent(struct reading *in);
