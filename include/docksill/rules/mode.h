#pragma once
/*
 * mode: whether what is refused is refused.
 */
#include "docksill/base/str.h"

enum mode {
        MODE_ENFORCE,
        MODE_AUDIT,        /* changes the answer and nothing else */
        MODE_ENFORCE_HARD, /* enforces what is hard, and who may call what; all else is as the findings of rules in
                              audit */
};

/* "enforce", "audit", "enforce-hard". */
struct str mode_name(enum mode mode);

/* Written on success only. Returns whether @name is a mode. */
bool mode_parse(struct str name, enum mode *out);
