#pragma once
/*
 * config-capture: `capture:` of a configuration.
 */
#include "docksill/cli/config.h"
#include "docksill/rules/schema.h"

/* Reads @node into @c; NULL leaves it off. Returns 0, -EINVAL (reported) or -ENOMEM. */
must_check_ int config_take_capture(struct config *c, const struct yaml_node *node, struct diag *diag);
