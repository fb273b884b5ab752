#pragma once
/*
 * exemption-priv: how a folder of `kind: exemptions` becomes exemptions of the rules at hand.
 */
#include "docksill/rules/exemption.h"
#include "loader.h"

/* As in struct ruleset_options. */
struct exemption_files {
        const char *all; /* a folder, or one file; NULL: none */
        const char *draft, *replaced;
};

/**
 * exemptions_load() - read, check and compile all exemptions, and give each rule its own
 * @out: in the rule set's arena, by id
 *
 * After override_rules(): what is hard by then counts. Reports (DS1xx, DS2xx, DS301, DS307 to DS311, DS320). Returns 0,
 * -EINVAL or -ENOMEM.
 */
must_check_ int exemptions_load(struct loader *l, const struct exemption_files *files, struct exemption_view *out);
