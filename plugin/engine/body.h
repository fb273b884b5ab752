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

/* Not to be read: a flaw stands. */
#define BODY_E_FLAWED 1

/**
 * body_decode() - request->body as one object
 * @out: a zeroed struct of @type, which begins with bool given
 *
 * Adds what gojson finds; a null, which no handler takes for an object, is malformed too. Returns 0, BODY_E_FLAWED when
 * any flaw stands, or -ENOMEM.
 */
must_check_ int body_decode(struct request *request, struct arena *arena, void *out, const struct gojson_type *type);
