#include "format.h"
#include "frame/markup.h"
#include <errno.h>

#define NAMED 20 /* subjects that are named of one check */

static void add_cell(struct text *out, struct str s) {
        text_addz(out, "| ");
        markup_add_markdown(out, s);
        text_add_char(out, ' ');
}

static void add_head(struct text *out, const struct report *r) {
        text_addz(out, "# ");
        markup_add_markdown(out, r->title);
        text_addz(out, "\n\n");
        if (r->headline.n) {
                text_addz(out, "**");
                markup_add_markdown(out, r->headline);
                text_addz(out, "**\n\n");
        }
        for (size_t i = 0; i < r->facts.n; ++i) {
                text_addz(out, "* ");
                markup_add_markdown(out, r->facts.items[i].name);
                text_addz(out, ": ");
                markup_add_markdown(out, r->facts.items[i].value);
                text_add_char(out, '\n');
        }
        text_addz(out, r->facts.n ? "\n" : "");
}

static void add_areas(struct text *out, const struct report *r) {
        if (!r->scored)
                return;
        text_addf(out, "Hardening score: **%u** of 100, %u points\n\n", r->score, r->points);
        text_addz(out, "| Area | Score | Subjects | Critical | High | Medium | Low | Unknown | Exempt | Passed |\n"
                       "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for (size_t i = 0; i < r->areas.n; ++i) {
                const struct report_area *a = &r->areas.items[i];

                if (a->subjects == 0)
                        continue;
                add_cell(out, a->title.n ? a->title : a->name);
                text_addf(out, "| %u | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu |\n", a->score, a->subjects,
                          a->severities[SEVERITY_CRITICAL], a->severities[SEVERITY_HIGH],
                          a->severities[SEVERITY_MEDIUM], a->severities[SEVERITY_LOW], a->states[REPORT_UNKNOWN],
                          a->states[REPORT_EXEMPT], a->states[REPORT_PASS]);
        }
        text_add_char(out, '\n');
}

static void add_changes(struct text *out, const struct report *r) {
        if (r->changes.n == 0)
                return;
        text_addz(out, "## What to change first\n\n");
        for (size_t i = 0; i < r->changes.n; ++i) {
                const struct report_change *c = &r->changes.items[i];

                text_addf(out, "%zu. ", i + 1);
                markup_add_markdown(out, c->what);
                text_addz(out, " (");
                markup_add_markdown(out, r->checks.items[c->check].id);
                text_addf(out, "; %zu subject%s, %u points, score %u to %u)\n", c->subjects,
                          c->subjects == 1 ? "" : "s", c->points, c->score_before, c->score_after);
        }
        text_add_char(out, '\n');
}

static size_t group_end(const struct report *r, size_t i) {
        const struct report_finding *first = &r->findings.items[i];

        while (++i < r->findings.n && r->findings.items[i].check == first->check &&
               r->findings.items[i].state == first->state && r->findings.items[i].severity == first->severity)
                ;
        return i;
}

/* One row a check, with the names of those it is about. */
static void add_group(struct text *out, const struct report *r, size_t from, size_t to) {
        const struct report_finding *f = &r->findings.items[from];
        size_t named = to - from < NAMED ? to - from : NAMED;

        add_cell(out, f->state == REPORT_FAIL ? severity_name(f->severity) : report_state_name(f->state));
        add_cell(out, r->checks.items[f->check].id);
        text_addz(out, "| ");
        for (size_t i = 0; i < named; ++i) {
                text_addz(out, i ? ", " : "");
                markup_add_markdown(out, r->subjects.items[r->findings.items[from + i].subject].name);
        }
        if (to - from > named)
                text_addf(out, " and %zu more", to - from - named);
        text_add_char(out, ' ');
        add_cell(out, f->state == REPORT_FAIL ? f->message : f->why.n ? f->why : f->message);
        add_cell(out, f->fix);
        text_addz(out, "|\n");
}

static void add_findings(struct text *out, const struct report *r, bool verbose) {
        bool any = false;

        for (size_t i = 0, end; i < r->findings.n; i = end) {
                end = group_end(r, i);
                if (!verbose && r->findings.items[i].state >= REPORT_NOT_APPLICABLE)
                        break;
                if (!any)
                        text_addz(out,
                                  "## Findings\n\n| Severity | Rule | Where | What | Fix |\n|---|---|---|---|---|\n");
                any = true;
                add_group(out, r, i, end);
        }
        text_addz(out, any ? "\n" : "");
}

static void add_frameworks(struct text *out, const struct report *r) {
        for (size_t i = 0; i < r->frameworks.n; ++i) {
                const struct report_framework *f = &r->frameworks.items[i];

                text_addz(out, "## ");
                markup_add_markdown(out, f->title.n ? f->title : f->id);
                text_addz(out, "\n\n| Control | About | State | Findings |\n|---|---|---|--:|\n");
                for (size_t k = 0; k < f->n_controls; ++k) {
                        add_cell(out, f->controls[k].id);
                        add_cell(out, f->controls[k].title);
                        add_cell(out, report_state_name(f->controls[k].state));
                        text_addf(out, "| %zu |\n", f->controls[k].fails);
                }
                text_add_char(out, '\n');
        }
}

static void add_table(struct text *out, const struct report_table *t) {
        text_addz(out, "## ");
        markup_add_markdown(out, t->title);
        text_addz(out, "\n\n");
        if (t->note.n) {
                markup_add_markdown(out, t->note);
                text_addz(out, "\n\n");
        }
        for (size_t i = 0; i < t->n_columns; ++i)
                add_cell(out, t->columns[i]);
        text_addz(out, "|\n");
        for (size_t i = 0; i < t->n_columns; ++i)
                text_addz(out, i < 64 && t->numbers & UINT64_C(1) << i ? "|--:" : "|---");
        text_addz(out, "|\n");
        for (size_t i = 0; i < t->cells.n; ++i) {
                add_cell(out, t->cells.items[i]);
                text_addz(out, (i + 1) % t->n_columns == 0 ? "|\n" : "");
        }
        text_add_char(out, '\n');
}

static void add_gaps(struct text *out, const struct report *r) {
        if (r->gaps.n == 0)
                return;
        text_addz(out, "## Not seen\n\n");
        for (size_t i = 0; i < r->gaps.n; ++i) {
                text_addz(out, "* ");
                markup_add_markdown(out, r->gaps.items[i].what);
                text_addz(out, ": ");
                markup_add_markdown(out, r->gaps.items[i].why);
                text_add_char(out, '\n');
        }
}

int report_markdown(struct text *out, const struct report *r, bool verbose) {
        add_head(out, r);
        add_areas(out, r);
        add_changes(out, r);
        add_findings(out, r, verbose);
        add_frameworks(out, r);
        for (size_t i = 0; i < r->tables.n; ++i)
                if (r->tables.items[i].n_columns)
                        add_table(out, &r->tables.items[i]);
        add_gaps(out, r);
        return out->failed ? -ENOMEM : 0;
}
