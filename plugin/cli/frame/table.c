#include "table.h"
#include "docksill/base/cleanup.h"
#include <assert.h>

#define CELL_MAX 200 /* bytes shown of one */
#define GAP      2   /* blanks between columns */
#define WIDE     50  /* characters: a cell that is longer pushes what follows in its row, and pads no other */

void table_init(struct table *t, struct arena *arena, const char *const *titles, size_t columns) {
        *t = (struct table){ .arena = arena, .columns = columns };
        for (size_t i = 0; i < columns; ++i)
                table_add(t, str_from(titles[i]));
}

void table_add(struct table *t, struct str cell) {
        struct str *slot = ARENA_PUSH(t->arena, t);
        struct text visible;

        text_init_arena(&visible, t->arena);
        text_add_visible(&visible, cell, CELL_MAX);
        t->failed = t->failed || !slot || visible.failed;
        if (slot)
                *slot = text_str(&visible);
}

void table_addf(struct table *t, const char *fmt, ...) {
        struct text cell;
        va_list args;

        text_init_arena(&cell, t->arena);
        va_start(args, fmt);
        text_addv(&cell, fmt, args);
        va_end(args);
        t->failed = t->failed || cell.failed;
        table_add(t, text_str(&cell));
}

/* In characters: the bytes that continue one take no room. */
static size_t width(struct str cell) {
        size_t n = 0;

        for (size_t i = 0; i < cell.n; ++i)
                n += ((unsigned char)cell.p[i] & 0xc0) != 0x80;
        return n;
}

static size_t column_width(const struct table *t, size_t column) {
        size_t widest = 0;

        for (size_t i = column; i < t->n; i += t->columns) {
                size_t here = width(t->items[i]);

                if (here > widest && here <= WIDE)
                        widest = here;
        }
        return widest;
}

/* No blanks at the end of a line: neither behind the last column nor before empty cells that end the row. */
static void add_row(const struct table *t, struct text *out, const struct str *row, const size_t *widths) {
        size_t blanks = 0;

        for (size_t i = 0; i < t->columns; ++i) {
                if (row[i].n) {
                        text_addf(out, "%*s", (int)blanks, "");
                        text_add(out, row[i]);
                        blanks = 0;
                }
                blanks += (width(row[i]) < widths[i] ? widths[i] - width(row[i]) : 0) + GAP;
        }
        text_add_char(out, '\n');
}

void table_render(const struct table *t, struct text *out) {
        size_t *widths = ARENA_ARRAY(t->arena, size_t, t->columns);

        if (t->failed || !widths) {
                out->failed = true;
                return;
        }
        assert(t->n % t->columns == 0);
        for (size_t i = 0; i < t->columns; ++i)
                widths[i] = column_width(t, i);
        for (size_t i = 0; i < t->n; i += t->columns)
                add_row(t, out, &t->items[i], widths);
}
