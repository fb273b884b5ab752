#pragma once
/*
 * body-change: a create's body as it would be with what is suggested.
 */
#include "fit.h"
#include <jansson.h>

/**
 * body_change() - apply all that is applied of @s to @body, in place
 *
 * A flag adds what it would add to the command; what is there already of a single value is replaced. Returns 0,
 * -EINVAL when some flag has no member of the body, or the body's member is of another kind, or -ENOMEM.
 */
must_check_ int body_change(json_t *body, const struct suggestions *s, struct arena *arena);
