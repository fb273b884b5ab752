#pragma once
/*
 * body: has everything been shown that dockerd will read of the request's body?
 *
 * dockerd leaves RequestBody out in at least nine situations in which it still uses the body, and obeys the first of
 * several Content-Type headers while plugins are shown the last (PROTOCOL 0.2 to 0.4, 2.3, 4.4). So that nothing was
 * sent is believed only where Content-Length: 0 proves it, or where nobody would read it: no handler, and no form.
 */
#include "docksill/engine/request.h"

/* Adds what is wrong to request->flaws. request->body and ->operation (NULL: unknown) are read. */
void body_check(struct request *request);

/* Of a stream that is used for some parameters only: without these nothing may follow. */
void body_check_absent(struct request *request);

/* Is the body provably empty? */
bool body_is_absent(const struct request *request);

/**
 * json_read() - @text as gojson_decode() has it
 * @out: a zeroed value of @type; zeroed again where memory ends, which makes the arena full
 *
 * At a full arena nothing is read.
 */
void json_read(struct gojson_report *report, struct arena *arena, void *out, const struct gojson_type *type,
               struct str text, struct str top);

/* request->body as a zeroed value of @type; true: nothing is wrong with it, nor with the request. */
must_check_ bool body_read(struct request *request, struct arena *arena, void *out, const struct gojson_type *type);

/* The same of one object: a struct of @type, which begins with bool given. A null, which no handler takes for an
 * object, is malformed. */
must_check_ bool body_decode(struct request *request, struct arena *arena, void *out, const struct gojson_type *type);
