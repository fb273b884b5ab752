#pragma once
/*
 * profile-priv: how a file of `kind: profile` becomes one.
 */
#include "docksill/rules/profile.h"
#include "docksill/rules/yaml.h"

struct profiles {
        struct profile *items;
        size_t n, capacity;
};

/**
 * profile_read() - check a document, and add what it says to @out
 * @y:   .keep holds all that stays
 * @out: in @y->keep
 *
 * Reports (DS2xx); returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int profile_read(const struct yaml *y, const struct yaml_node *root, struct profiles *out);
