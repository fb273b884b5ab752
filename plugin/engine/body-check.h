#pragma once
/*
 * body-check: has everything been shown that dockerd will read of the request's body?
 *
 * dockerd leaves RequestBody out in at least nine situations in which it still uses the body, and obeys the first of
 * several Content-Type headers while plugins are shown the last (PROTOCOL 0.2 to 0.4, 2.3, 4.4). So that nothing was
 * sent is believed only where Content-Length: 0 proves it, or where nobody would read it: no handler, and no form.
 */
#include "docksill/engine/request.h"

/* Adds what is wrong to request->flaws. request->body and ->operation (NULL: unknown) are read. */
void body_check(struct request *request);

/* Is the body provably empty? */
bool body_is_absent(const struct request *request);

/* None is shown, and parameters may stand in one. A body that is shown came as JSON, and is no form. */
bool body_may_hide(const struct request *request);
