#include "text-page.h"
#include "docksill/decide/wrap.h"

#define NARROWEST 8 /* characters that a column of words keeps */
#define BAR_LEAST 4
#define BAR_MOST  40

void page_style(const struct page *p, const char *code) {
        if (p->colour)
                text_addz(p->out, code);
}

void page_lines(struct page *p, size_t indent, const char *label, struct str s) {
        size_t before = strlen(label);

        if (!s.n)
                return;
        text_reset(&p->scratch);
        text_add_visible(&p->scratch, s, LINE_MOST);
        text_addf(p->out, "%*s%s", (int)(indent - before), "", label);
        wrap_add(p->out, text_str(&p->scratch), indent, COLUMNS, 40);
        text_add_char(p->out, '\n');
}

static size_t width_of(struct str s) {
        size_t n = 0;

        for (size_t i = 0; i < s.n; ++i)
                n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
        return n;
}

/* How many bytes its first @n characters have. */
static size_t bytes_of(struct str s, size_t n) {
        size_t i = 0;

        for (size_t count = 0; i < s.n; ++i)
                if (((unsigned char)s.p[i] & 0xc0) != 0x80 && count++ == n)
                        break;
        return i;
}

static void add_cell(struct page *p, struct str cell, size_t width, bool number, bool last) {
        size_t n;

        text_reset(&p->scratch);
        text_add_visible(&p->scratch, cell, NAME_MOST);
        n = width_of(text_str(&p->scratch));
        if (number)
                text_addf(p->out, "%*s", (int)(n < width ? width - n : 0), "");
        if (n > width) {
                text_add(p->out, str_first(text_str(&p->scratch), bytes_of(text_str(&p->scratch), width - 1)));
                text_addz(p->out, "…");
        } else {
                text_add(p->out, text_str(&p->scratch));
        }
        if (!last)
                text_addf(p->out, "%*s", (int)(!number && n < width ? width - n + 2 : 2), "");
}

static size_t column_width(struct page *p, const struct report_table *t, size_t column) {
        size_t widest = width_of(t->columns[column]);

        for (size_t i = column; i < t->cells.n; i += t->n_columns) {
                text_reset(&p->scratch);
                text_add_visible(&p->scratch, t->cells.items[i], NAME_MOST);
                if (width_of(text_str(&p->scratch)) > widest)
                        widest = width_of(text_str(&p->scratch));
        }
        return widest;
}

/* What a row is wide: two spaces before each column. */
static size_t row_width(const size_t *widths, size_t n) {
        size_t sum = 0;

        for (size_t i = 0; i < n; ++i)
                sum += 2 + widths[i];
        return sum;
}

/* Takes from the widest column of words until all fit. */
static void fit(const struct report_table *t, size_t *widths, size_t n) {
        while (row_width(widths, n) > COLUMNS) {
                size_t widest = n;

                for (size_t i = 0; i < n; ++i)
                        if (!(t->numbers & UINT64_C(1) << i) && widths[i] > NARROWEST &&
                            (widest == n || widths[i] > widths[widest]))
                                widest = i;
                if (widest == n)
                        return;
                --widths[widest];
        }
}

static int64_t number_in(const struct report_table *t, size_t row) {
        int64_t n;

        return str_int(t->cells.items[row * t->n_columns + t->bar], &n) == 0 && n > 0 ? n : 0;
}

/* Behind a row, as long as there is room; what is more than nothing shows. */
static void add_bar(struct page *p, const struct report_table *t, size_t row, size_t used) {
        size_t room = COLUMNS > used + 2 ? COLUMNS - used - 2 : 0, rows = t->cells.n / t->n_columns;
        int64_t most = 1, n = number_in(t, row);

        for (size_t i = 0; i < rows; ++i)
                most = number_in(t, i) > most ? number_in(t, i) : most;
        room = room > BAR_MOST ? BAR_MOST : room;
        if (room < BAR_LEAST || n == 0)
                return;
        text_addz(p->out, "  ");
        for (int64_t i = 0; i < (int64_t)room && (i == 0 || i * most < n * (int64_t)room); ++i)
                text_addz(p->out, "█");
}

void page_table(struct page *p, const struct report_table *t) {
        size_t widths[64];
        size_t columns = t->n_columns < 64 ? t->n_columns : 64, rows = columns ? t->cells.n / t->n_columns : 0;
        size_t shown = p->verbose || rows < ROWS ? rows : ROWS;

        text_add_char(p->out, '\n');
        page_style(p, BOLD);
        page_lines(p, 0, "", t->title);
        page_style(p, PLAIN);
        page_lines(p, 0, "", t->note);
        for (size_t i = 0; i < columns; ++i)
                widths[i] = column_width(p, t, i);
        fit(t, widths, columns);
        for (size_t row = 0; columns && row <= shown; ++row) {
                const struct str *cells = row ? &t->cells.items[(row - 1) * t->n_columns] : t->columns;

                text_addz(p->out, "  ");
                for (size_t i = 0; i < columns; ++i)
                        add_cell(p, cells[i], widths[i], t->numbers & UINT64_C(1) << i, i + 1 == columns);
                if (row && t->bar < columns)
                        add_bar(p, t, row - 1, row_width(widths, columns));
                text_add_char(p->out, '\n');
        }
        if (rows > shown)
                text_addf(p->out, "  and %zu more; --verbose shows them\n", rows - shown);
}
