#pragma once
/*
 * response: one AuthZRes, read: what the engine's own answer tells of it.
 *
 * dockerd calls once more after the handler, with the request and the answer (PROTOCOL 2.6). The action has happened,
 * so nothing is refused here; but GET /info, /version and the networks say how the engine is set up (GUIDANCE 3.3), and
 * every answer's headers say which engine it is.
 */
#include "docksill/engine/request.h"

/**
 * response_tells() - a look: may this call tell of the engine?
 * @prefix: the first bytes of the call, RESPONSE_LOOK of them at most
 *
 * By method and path as dockerd writes them, which come before any body. Says yes a little too often, and to a user's
 * name that is longer than the look it says no: response_read() is what counts.
 */
#define RESPONSE_LOOK 512
bool response_tells(struct str prefix);

/**
 * response_changes() - a look: which OPERATION_CHANGES may it be the end of?
 * @prefix: as for response_tells()
 *
 * None for a read. What can't be told from the look may be all.
 */
unsigned response_changes(struct str prefix);

/**
 * response_read() - read @text, one AuthZRes call
 * @out: as for request_read(); with .told the facts of GROUP_RESPONSE that the operation yields are there
 *
 * The request's own body is not read again. An answer that is no success, that dockerd has sent on already, or that is
 * not what engines write tells nothing: .told is false, and for the last .flaws has why. Returns ENVELOPE_READ, or why
 * the call is none at all.
 */
must_check_ enum envelope_refusal response_read(struct request *out, struct arena *arena, struct str text);

/* The plugin that the engine lists as @name, the name of our socket, is docksill to the rules. */
void response_plugin_is_us(struct request *response, struct str name);
