#pragma once
/*
 * exemption-priv: how a folder of `kind: exemptions` becomes exemptions of the rules at hand.
 */
#include "docksill/rules/exemption.h"
#include "loader.h"

/**
 * exemptions_load() - read, check and compile all exemptions, and give each rule its own
 * @folder: a folder, or one file; NULL: none
 * @out:    in the rule set's arena, by id
 *
 * After override_rules(): what is hard by then counts. Reports (DS1xx, DS2xx, DS301, DS307 to DS311). Returns 0,
 * -EINVAL or -ENOMEM.
 */
must_check_ int exemptions_load(struct loader *l, const char *folder, struct exemption_view *out);
