#pragma once
/*
 * override: what an environment changes about rules, lists and values that others wrote.
 */
#include "docksill/rules/addition.h"
#include "environment.h"

/* Of lists and values: before rules are compiled. Reports; returns 0, -EINVAL or -ENOMEM. */
must_check_ int override_definitions(struct loader *l, const struct environment *e);

/* What comes onto lists beside: after that. Returns 0, -EINVAL or -ENOMEM. */
must_check_ int override_add(struct loader *l, const struct list_additions *added);

/* Of rules: after. Reports; returns 0, -EINVAL or -ENOMEM. */
must_check_ int override_rules(struct loader *l, const struct environment *e);
