#pragma once
/*
 * settings: every value in force under one name each, with the line or flag that says so.
 */
#include "setup.h"

struct setting {
        struct str name, value, origin; /* "deny.points", "50", "rules/environments/production.yaml:8" */
};

struct settings {
        struct arena *arena; /* borrowed */
        struct setting *items;
        size_t n, capacity;
};

/**
 * settings_collect() - the configuration, the environment's limits, folders, lists, values and overrides
 * @setup: with its rules loaded
 *
 * A list has a setting for each item, all of one name. Returns 0 or -ENOMEM.
 */
must_check_ int settings_collect(struct settings *out, struct arena *arena, const struct setup *setup);
