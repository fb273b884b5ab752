#include "text-page.h"
#include "docksill/decide/wrap.h"

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

static void add_cell(struct page *p, struct str cell, size_t width, bool number, bool last) {
        size_t n;

        text_reset(&p->scratch);
        text_add_visible(&p->scratch, cell, NAME_MOST);
        n = width_of(text_str(&p->scratch));
        if (number)
                text_addf(p->out, "%*s", (int)(n < width ? width - n : 0), "");
        text_add(p->out, text_str(&p->scratch));
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

void page_table(struct page *p, const struct report_table *t) {
        size_t widths[64];
        size_t columns = t->n_columns < 64 ? t->n_columns : 64;

        text_add_char(p->out, '\n');
        page_style(p, BOLD);
        page_lines(p, 0, "", t->title);
        page_style(p, PLAIN);
        page_lines(p, 0, "", t->note);
        for (size_t i = 0; i < columns; ++i)
                widths[i] = column_width(p, t, i);
        for (size_t row = 0; columns && (row == 0 || (row - 1) * t->n_columns < t->cells.n); ++row) {
                const struct str *cells = row ? &t->cells.items[(row - 1) * t->n_columns] : t->columns;

                text_addz(p->out, "  ");
                for (size_t i = 0; i < columns; ++i)
                        add_cell(p, cells[i], widths[i], t->numbers & UINT64_C(1) << i, i + 1 == columns);
                text_add_char(p->out, '\n');
        }
}
