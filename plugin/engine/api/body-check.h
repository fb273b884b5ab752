#pragma once
/*
 * body-check: has everything been shown that dockerd will read of the request's body?
 *
 * dockerd leaves RequestBody out in at least nine situations in which it still uses the body, and obeys the first of
 * several Content-Type headers while plugins are shown the last (PROTOCOL 0.2 to 0.4, 2.3, 4.4). So that nothing was
 * sent is believed only where Content-Length: 0 proves it, or where nobody would read it: no handler, and no form.
 */
#include "docksill/engine/operation.h"

/**
 * body_check() - what the headers prove of the body
 * @in: body, envelope and target are read; its flaws and .body_… are written
 * @o:  NULL: unknown
 *
 * Returns whether the length alone says that there is no form, where it must: request.form_unproven if the engine makes
 * that no proof.
 */
bool body_check(struct reading *in, const struct operation *o);
