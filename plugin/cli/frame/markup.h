#pragma once
/*
 * markup: foreign text made harmless in the formats that reports are written in.
 *
 * Control characters, and what hides or reorders text, are made visible as in text_add_visible().
 */
#include "docksill/base/text.h"

/* Between tags, and within an attribute's double quotes. */
void markup_add_html(struct text *out, struct str s);

/* In a cell of a table: nothing in it is taken for markup, a link or the next cell. */
void markup_add_markdown(struct text *out, struct str s);

/* One field, quoted; what a spreadsheet would take for a formula has an apostrophe before it. */
void markup_add_csv(struct text *out, struct str s);
