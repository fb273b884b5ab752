#pragma once
/*
 * exemptions: what is lifted, who answers for it and for how long, as `docksill check` lists it.
 */
#include "docksill/base/text.h"
#include "docksill/rules/ruleset.h"
#include "exemption/use.h"

/* A line each. Those that end within 30 days of @now, clock_wall(), are warned of (DS312). @use: what records tell of
 * them, or NULL. */
void exemptions_add(struct text *out, const struct ruleset *rules, const struct use *use, int64_t now,
                    struct diag *diag);
