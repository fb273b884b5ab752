#pragma once
/*
 * settings-diff: what a change of one place in a text is, as `diff -u` writes it and patch takes it.
 */
#include "docksill/base/text.h"

/* @before: p == NULL: there is no file yet. Nothing is added for texts that are the same. */
void settings_diff_add(struct text *out, const char *path, struct str before, struct str after);
