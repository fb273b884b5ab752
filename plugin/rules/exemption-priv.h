#pragma once
/*
 * exemption-priv: how a folder of `kind: exemptions` becomes exemptions of the rules at hand.
 */
#include "docksill/rules/exemption.h"
#include "docksill/rules/ruleset.h"
#include "loader.h"

/**
 * exemptions_load() - read, check and compile all exemptions, and give each rule its own
 * @options: .exemptions, a folder or one file, .draft and .replaced; NULL: none
 * @out:     in the rule set's arena, by id
 *
 * After override_rules(): what is hard by then counts. Reports (DS1xx, DS2xx, DS301, DS307 to DS311). Returns 0,
 * -EINVAL or -ENOMEM.
 */
must_check_ int exemptions_load(struct loader *l, const struct ruleset_options *options, struct exemption_view *out);
