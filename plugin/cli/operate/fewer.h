#pragma once
/*
 * fewer: a reload that would lose rules.
 *
 * A file that is gone, cut short or no longer named takes its rules along, and nothing else would tell. So each is
 * named, and one that refuses everywhere goes, or refuses less, only when a person has accepted just that rule set:
 * `docksill check --accept-fewer` keeps its digest in a file of the state folder. An environment of another name may be
 * milder: to name it was the choice.
 */
#include "docksill/rules/ruleset.h"

/**
 * fewer_check() - may @now take the place of @before?
 * @state: the folder of the acceptance
 *
 * Says on stderr which rules are gone, or refuse everywhere no more. Returns 0, or -EPERM when there is one that did
 * refuse everywhere and nobody accepted that.
 */
must_check_ int fewer_check(const struct ruleset *before, const struct ruleset *now, const char *state);

/* Accepts @rules: the next reload may lose rules by them. Makes the folder where its last part is missing. Returns 0 or
 * a negative errno. */
must_check_ int fewer_accept(const struct ruleset *rules, const char *state);
