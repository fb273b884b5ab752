#pragma once
/*
 * create-body: the body of a create in its AuthZ call, as a tree, and the same call with another one.
 */
#include "docksill/base/arena.h"
#include <jansson.h>

/**
 * create_body() - read it
 * @out: a new reference; on success only
 *
 * Returns 0, -EINVAL when it has none that is an object, or -ENOMEM.
 */
must_check_ int create_body(json_t **out, struct arena *arena, struct str call);

/* The same call with @body; in @arena, on success only. Returns 0, -EINVAL (@call is none) or -ENOMEM. */
must_check_ int create_with_body(struct str *out, struct arena *arena, struct str call, const json_t *body);
