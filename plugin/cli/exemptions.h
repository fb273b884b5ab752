#pragma once
/*
 * exemptions: what is lifted, who answers for it and for how long, as `docksill check` lists it.
 */
#include "docksill/rules/ruleset.h"

/**
 * exemptions_print() - a line each on stdout
 * @now: clock_wall()
 *
 * Those that end within 30 days are warned of (DS312). Returns 0 or -ENOMEM.
 */
must_check_ int exemptions_print(const struct ruleset *rules, int64_t now, struct diag *diag);
