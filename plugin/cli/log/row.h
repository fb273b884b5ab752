#pragma once
/*
 * row: a line of the records as a line for people.
 */
#include "docksill/base/text.h"
#include <jansson.h>

struct row_style {
        size_t width; /* characters of the terminal; 0: it is none, and nothing is cut off */
        bool colour;
};

/* Of standard output. */
struct row_style row_style(void);

void row_add_titles(struct text *out, const struct row_style *style);

/* A decision, or what docksill tells of itself. All that is foreign in it is escaped. */
void row_add(struct text *out, const struct row_style *style, const json_t *line);
