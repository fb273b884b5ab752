#pragma once
/*
 * wrap: text in lines of so many columns, broken at blanks.
 */
#include "docksill/base/text.h"

/**
 * wrap_add() - @s from column @indent on, in at most @lines lines that begin there
 * @columns: of a line; a longer word is not broken
 *
 * A character is a column. What has no room is left out behind "…".
 */
void wrap_add(struct text *out, struct str s, size_t indent, size_t columns, size_t lines);

/* How many lines all of it takes; 0 of nothing. */
size_t wrap_lines(struct str s, size_t indent, size_t columns);
