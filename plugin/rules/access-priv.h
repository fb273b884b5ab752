#pragma once
/*
 * access-priv: how an environment's `access:` becomes entries.
 */
#include "docksill/rules/access.h"
#include "environment.h"

/* Compiles the entries of @e, those of what it extends first. Reports (DS2xx, DS306). Returns 0, -EINVAL or -ENOMEM. */
must_check_ int access_compile(struct loader *l, const struct environment *e, struct access_view *out);
