#pragma once
/*
 * quantifier: how often a part of a regular expression may come, as far as that can make it slow.
 */
#include "docksill/base/str.h"

/**
 * quantifiers_nest() - whether a group that may come any number of times holds what may, as in (a+)*
 *
 * Such an expression may try a text in more ways than there are atoms in it. Possessive ones and atomic groups do not.
 */
bool quantifiers_nest(struct str pattern);
