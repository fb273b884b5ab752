#include "frame/markup.h"
#include "html.h"

/* -- areas and subjects -- */

static const enum report_state told_states[] = { REPORT_UNKNOWN, REPORT_MANUAL, REPORT_EXEMPT, REPORT_PASS };

static void add_heads(struct text *out, const char *const *names, size_t n) {
        for (size_t i = 0; i < n; ++i)
                text_addf(out, "<th scope=\"col\" class=\"n\">%s</th>", names[i]);
}

/* The columns that an area and a subject have alike. */
static void add_count_heads(struct text *out) {
        static const char *const names[] = { "Critical", "High",   "Medium", "Low",   "Info",
                                             "Unknown",  "Manual", "Exempt", "Passed" };

        add_heads(out, names, ARRAY_SIZE(names));
}

static void add_counts(struct text *out, const size_t *severities, const size_t *states) {
        for (unsigned s = SEVERITIES; s-- > SEVERITY_INFO;)
                html_number(out, severities[s]);
        for (size_t i = 0; i < ARRAY_SIZE(told_states); ++i)
                html_number(out, states[told_states[i]]);
}

static void begin_table(struct text *out, const char *name, size_t index) {
        text_addf(out,
                  "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"%s-%zu\"><table>\n"
                  "<caption id=\"%s-%zu\">",
                  name, index, name, index);
}

static void end_table(struct text *out) {
        text_addz(out, "</tbody></table></div>\n");
}

static struct str area_title(const struct report_area *a) {
        return a->title.n ? a->title : a->name;
}

void html_areas(struct text *out, const struct report *r) {
        static const char *const scored[] = { "Score", "Points" }, *const all[] = { "Subjects" };

        begin_table(out, "area-table", 0);
        text_addz(out, "Areas, and what was found in each</caption>\n<thead><tr><th scope=\"col\">Area</th>");
        add_heads(out, scored, r->scored ? ARRAY_SIZE(scored) : 0);
        add_heads(out, all, ARRAY_SIZE(all));
        add_count_heads(out);
        text_addz(out, "</tr></thead><tbody>\n");
        for (size_t i = 0; i < r->areas.n; ++i) {
                const struct report_area *a = &r->areas.items[i];

                if (a->subjects == 0)
                        continue;
                text_addz(out, "<tr>");
                html_element(out, "th scope=\"row\"", area_title(a));
                if (r->scored) {
                        html_number(out, a->score);
                        html_number(out, a->points);
                }
                html_number(out, a->subjects);
                add_counts(out, a->severities, a->states);
                text_addz(out, "</tr>\n");
        }
        end_table(out);
        if (r->scored)
                text_addz(out, "<p class=\"soft\">How it is added up: a subject has 100 less the points of what fails, "
                               "and not below 0. An area has half the mean of its subjects and half the worst; the "
                               "whole likewise of the areas. Each step is rounded down.</p>\n");
}

static void add_subject(struct text *out, const struct report *r, size_t index) {
        const struct report_subject *s = &r->subjects.items[index];

        text_addf(out, "<tr class=\"subject\" data-area=\"a%zu\"><th scope=\"row\">", s->area);
        markup_add_html(out, html_subject_name(s));
        if (s->detail.n) {
                text_addz(out, "<br>");
                html_element(out, "small", s->detail);
        }
        if (s->unseen.n) {
                text_addz(out, "<br><small>not judged: ");
                markup_add_html(out, s->unseen);
                text_addz(out, "</small>");
        }
        text_addz(out, "</th>");
        if (r->scored) {
                html_number(out, s->score);
                html_number(out, s->points);
                text_addz(out, "<td>");
                if (s->verdict.n)
                        html_badge(out, s->verdict);
                text_addz(out, "</td>");
        }
        add_counts(out, s->severities, s->states);
        text_addz(out, "</tr>\n");
}

static void add_subjects_of(struct text *out, const struct report *r, size_t area) {
        static const char *const scored[] = { "Score", "Points" };
        const struct report_area *a = &r->areas.items[area];

        text_addz(out, "<details open><summary>");
        html_element(out, "h3", area_title(a));
        text_addf(out, "<span class=\"soft\">%zu subject%s</span></summary>\n<div class=\"inside\">\n", a->subjects,
                  a->subjects == 1 ? "" : "s");
        begin_table(out, "subject-table", area);
        markup_add_html(out, area_title(a));
        text_addz(out, ": each subject, and what was found on it</caption>\n<thead><tr><th scope=\"col\">Name</th>");
        add_heads(out, scored, r->scored ? ARRAY_SIZE(scored) : 0);
        text_addz(out, r->scored ? "<th scope=\"col\">Made anew</th>" : "");
        add_count_heads(out);
        text_addz(out, "</tr></thead><tbody>\n");
        for (size_t i = 0; i < r->subjects.n; ++i)
                if (r->subjects.items[i].area == area)
                        add_subject(out, r, i);
        end_table(out);
        text_addz(out, "</div></details>\n");
}

void html_subjects(struct text *out, const struct report *r) {
        if (r->subjects.n == 0)
                return;
        text_addz(out, "<section aria-labelledby=\"subjects\">\n<h2 id=\"subjects\">Subjects</h2>\n");
        for (size_t i = 0; i < r->areas.n; ++i)
                if (r->areas.items[i].subjects)
                        add_subjects_of(out, r, i);
        text_addz(out, "</section>\n");
}

/* -- frameworks -- */

static void add_rules(struct text *out, const struct report *r, const struct report_control *c, const size_t *groups) {
        text_addz(out, "<td class=\"wide\">");
        for (size_t i = 0; i < c->n_checks; ++i) {
                size_t group = groups[c->checks[i]];

                text_addz(out, i ? ", " : "");
                if (group != SIZE_MAX)
                        text_addf(out, "<a href=\"#f%zu\">", group);
                markup_add_html(out, r->checks.items[c->checks[i]].id);
                text_addz(out, group != SIZE_MAX ? "</a>" : "");
        }
        if (c->beside.n) {
                text_addz(out, c->n_checks ? "<br>" : "");
                text_addz(out, "<small>Look at besides: ");
                markup_add_html(out, c->beside);
                text_addz(out, "</small>");
        }
        text_addz(out, "</td>");
}

static void add_controls(struct text *out, const struct report *r, size_t index, const size_t *groups) {
        const struct report_framework *f = &r->frameworks.items[index];

        begin_table(out, "framework-table", index);
        text_addz(out, "Each control, and how it ended</caption>\n<thead><tr><th scope=\"col\">Control</th>"
                       "<th scope=\"col\">About</th><th scope=\"col\">State</th><th scope=\"col\" class=\"n\">Findings"
                       "</th><th scope=\"col\">Covered</th><th scope=\"col\">Rules</th></tr></thead><tbody>\n");
        for (size_t i = 0; i < f->n_controls; ++i) {
                const struct report_control *c = &f->controls[i];

                text_addz(out, "<tr><th scope=\"row\">");
                markup_add_html(out, c->id);
                text_addz(out, "</th><td class=\"wide\">");
                markup_add_html(out, c->title);
                text_addz(out, "</td><td>");
                html_badge(out, report_state_name(c->state));
                text_addz(out, "</td>");
                html_number(out, c->fails);
                text_addz(out, "<td>");
                markup_add_html(out, c->covers);
                text_addz(out, "</td>");
                add_rules(out, r, c, groups);
                text_addz(out, "</tr>\n");
        }
        end_table(out);
}

void html_frameworks(struct text *out, const struct report *r, const size_t *groups) {
        if (r->frameworks.n == 0)
                return;
        text_addz(out, "<section aria-labelledby=\"frameworks\">\n<h2 id=\"frameworks\">Frameworks</h2>\n");
        for (size_t i = 0; i < r->frameworks.n; ++i) {
                const struct report_framework *f = &r->frameworks.items[i];

                text_addz(out, "<h3>");
                markup_add_html(out, f->title.n ? f->title : f->id);
                if (f->edition.n) {
                        text_add_char(out, ' ');
                        markup_add_html(out, f->edition);
                }
                text_addz(out, "</h3>\n");
                if (f->n_controls == 0)
                        continue;
                html_control_chart(out, r, i);
                add_controls(out, r, i, groups);
        }
        text_addz(out, "</section>\n");
}

/* -- tables of their own -- */

static bool holds_numbers(const struct report_table *t, size_t column) {
        return column < 64 && t->numbers & UINT64_C(1) << column;
}

static int64_t most_of(const struct report_table *t) {
        int64_t most = 0, value;

        for (size_t i = t->bar; t->bar < t->n_columns && i < t->cells.n; i += t->n_columns)
                if (str_int(t->cells.items[i], &value) == 0 && value > most)
                        most = value;
        return most;
}

static void add_cell(struct text *out, const struct report_table *t, size_t column, struct str cell, int64_t most) {
        int64_t value;

        text_addz(out, column == 0 ? "<th scope=\"row\">" : holds_numbers(t, column) ? "<td class=\"n\">" : "<td>");
        markup_add_html(out, cell.n ? cell : STR_C("\xe2\x80\x93"));
        if (column == t->bar && str_int(cell, &value) == 0)
                html_bar(out, value, most);
        text_addz(out, column == 0 ? "</th>" : "</td>");
}

static void add_table(struct text *out, const struct report_table *t, size_t index) {
        int64_t most = most_of(t);

        text_addf(out, "<section aria-labelledby=\"table-%zu\">\n<h2 id=\"table-%zu\">", index, index);
        markup_add_html(out, t->title.n ? t->title : t->id);
        text_addz(out, "</h2>\n");
        begin_table(out, "own-table", index);
        text_addf(out, "%zu row%s", t->cells.n / t->n_columns, t->cells.n / t->n_columns == 1 ? "" : "s");
        if (t->note.n) {
                text_addz(out, ": ");
                markup_add_html(out, t->note);
        }
        text_addz(out, "</caption>\n<thead><tr>");
        for (size_t i = 0; i < t->n_columns; ++i) {
                text_addf(out, "<th scope=\"col\"%s>", holds_numbers(t, i) ? " class=\"n\"" : "");
                markup_add_html(out, t->columns[i]);
                text_addz(out, "</th>");
        }
        text_addz(out, "</tr></thead><tbody>\n");
        for (size_t i = 0; i + t->n_columns <= t->cells.n; i += t->n_columns) {
                text_addz(out, "<tr>");
                for (size_t k = 0; k < t->n_columns; ++k)
                        add_cell(out, t, k, t->cells.items[i + k], most);
                text_addz(out, "</tr>\n");
        }
        end_table(out);
        text_addz(out, "</section>\n");
}

void html_tables(struct text *out, const struct report *r) {
        for (size_t i = 0; i < r->tables.n; ++i)
                if (r->tables.items[i].n_columns)
                        add_table(out, &r->tables.items[i], i);
}

void html_gaps(struct text *out, const struct report *r) {
        if (r->gaps.n == 0)
                return;
        text_addz(out, "<section aria-labelledby=\"gaps\">\n<h2 id=\"gaps\">Not seen</h2>\n<dl class=\"facts\">\n");
        for (size_t i = 0; i < r->gaps.n; ++i) {
                text_addz(out, "<dt>");
                markup_add_html(out, r->gaps.items[i].what);
                text_addz(out, "</dt><dd>");
                markup_add_html(out, r->gaps.items[i].why);
                text_addz(out, "</dd>\n");
        }
        text_addz(out, "</dl>\n</section>\n");
}
