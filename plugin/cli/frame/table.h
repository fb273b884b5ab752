#pragma once
/*
 * table: rows and columns, aligned for people.
 *
 * Too little for a library: cells of one line, the last column ragged. A column is as wide as its widest cell, of those
 * that a terminal has room for: one long value does not pad every row. Texts go through
 * text_add_visible(), so a name from a file can't paint the terminal.
 */
#include "docksill/base/text.h"

struct table {
        struct arena *arena; /* borrowed; owns the cells */
        size_t columns;
        struct str *items; /* row after row */
        size_t n, capacity;
        bool failed; /* no memory; sticks */
};

/* @titles: one a column, the first row. */
void table_init(struct table *t, struct arena *arena, const char *const *titles, size_t columns);

/* The next cell of the row at hand. */
void table_add(struct table *t, struct str cell);
printf_(2, 3) void table_addf(struct table *t, const char *fmt, ...);

/* Every row, a line each; @out fails when the table had. The number of cells must fill the rows. */
void table_render(const struct table *t, struct text *out);
