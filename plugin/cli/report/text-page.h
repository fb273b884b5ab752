#pragma once
/*
 * text-page: what a report as text is written on: lines of 80 columns, with colour or without.
 */
#include "docksill/base/text.h"
#include "report.h"

#define COLUMNS   80
#define LINE_MOST 600 /* bytes of foreign text */
#define NAME_MOST 40  /* of a name among others */
#define NAMED     12  /* names of a block */

struct page {
        struct text *out;
        const struct report *report;
        bool verbose, colour;
        struct text scratch, names;
};

#define BOLD  "\033[1m"
#define FAINT "\033[2m"
#define PLAIN "\033[0m"

/* One of the codes above; nothing without colour. */
void page_style(const struct page *p, const char *code);

/* @s from column @indent on, of which @label takes the last; nothing of an empty one. Uses p->scratch. */
void page_lines(struct page *p, size_t indent, const char *label, struct str s);

#define ROWS 31 /* of a table, that are shown without --verbose */

/* A table of a report's own, its title and its note above it; in 80 columns, with the numbers whole and words cut. */
void page_table(struct page *p, const struct report_table *t);
