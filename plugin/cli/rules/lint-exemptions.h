#pragma once
/*
 * lint-exemptions: exemptions that load and yet let in more than somebody may have meant.
 */
#include "docksill/base/arena.h"
#include "docksill/base/diag.h"

/**
 * lint_exemptions() - warn of each that matches by a pattern, and bounds neither what nor how much it lifts (DS511)
 * @path: a file of exemptions, or a folder of them
 * @seen: how many exemptions were looked at is added
 *
 * A file that can't be read, or is none, is reported. Returns 0, -EINVAL or -ENOMEM.
 */
must_check_ int lint_exemptions(const char *path, struct arena *arena, size_t *seen, struct diag *diag);
