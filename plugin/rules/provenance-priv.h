#pragma once
/*
 * provenance-priv: how a rule set keeps what it was made of.
 */
#include "docksill/rules/provenance.h"
#include "environment.h"

/* Copies what is in force into the rule set's arena; after the overrides. Returns 0 or -ENOMEM. */
must_check_ int provenance_new(struct provenance *out, const struct loader *l, const struct environment *e);
