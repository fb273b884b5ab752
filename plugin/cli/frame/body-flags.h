#pragma once
/*
 * body-flags: a create's body as it would be with more flags on the command.
 */
#include "docksill/base/arena.h"
#include "docksill/decide/flag.h"
#include <jansson.h>

/**
 * body_add_flags() - apply @flags to @body, in place, one by one as a client reads them
 *
 * A flag adds what it would add to the command; what is there already of a single value is replaced. Returns 0,
 * -EINVAL when some flag has no member of the body, or the body's member is of another kind, or -ENOMEM.
 */
must_check_ int body_add_flags(json_t *body, const struct flags *flags, struct arena *arena);

/* A member of an object, in whatever case its key is: dockerd folds them. NULL: none. */
json_t *body_member(json_t *object, struct str name);

/* Puts @value in the member's place, or adds it; takes it over. Returns 0 or -ENOMEM. */
must_check_ int body_set_member(json_t *object, struct str name, json_t *value);
