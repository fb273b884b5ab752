#pragma once
/*
 * steps-priv: how `steps:` of an environment is read.
 */
#include "docksill/rules/steps.h"
#include "environment.h"

/**
 * steps_read() - check and read the steps on the way to the limits of @e
 * @out: in the rule set's arena; empty where @e has none
 *
 * Reports (DS2xx, DS330 to DS332). Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int steps_read(struct loader *l, const struct environment *e, struct step_view *out);
