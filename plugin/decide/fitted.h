#pragma once
/*
 * fitted: what a rule offers to any image, as a profile has it for this one.
 */
#include "docksill/decide/flag.h"
#include "docksill/engine/request.h"
#include "docksill/rules/ruleset.h"

/**
 * fitted_add() - a flag that a rule offers, or those that take its place
 * @flag:    whole, and of the rule's own words alone
 * @profile: of the request's image; NULL: it has none
 * @out:     gets them, none twice; what finds no room in @arena is left out
 */
void fitted_add(struct flags *out, struct str flag, const struct profile *profile, const struct request *request,
                struct arena *arena);
