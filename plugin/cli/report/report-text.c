/*
 * For an admin at a terminal of 80 columns: the headline, the areas, what to change first, then the findings, worst
 * first, a block a rule with the names of all it is about.
 */
#include "docksill/decide/wrap.h"
#include "format.h"
#include "text-page.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *severity_colour(enum severity s) {
        static const char *const codes[SEVERITIES] = {
                "", "\033[36m", "\033[36m", "\033[33m", "\033[31m", "\033[1;31m"
        };

        return codes[s];
}

static const char *score_colour(unsigned score) {
        return score < 40 ? "\033[31m" : score < 75 ? "\033[33m" : "\033[32m";
}

static void add_title(const struct page *p, const char *title) {
        text_add_char(p->out, '\n');
        page_style(p, BOLD);
        text_addz(p->out, title);
        page_style(p, PLAIN);
        text_add_char(p->out, '\n');
}

static void add_name(struct text *to, struct str s, size_t most) {
        text_add_visible(to, s, most);
}

/* -- head -- */

static void add_head(struct page *p) {
        const struct report *r = p->report;

        page_style(p, BOLD);
        page_lines(p, 0, "", r->title);
        page_style(p, PLAIN);
        page_lines(p, 0, "", r->headline);
        text_addz(p->out, r->facts.n ? "\n" : "");
        for (size_t i = 0; i < r->facts.n; ++i) {
                char label[32];

                text_reset(&p->names);
                text_add_visible(&p->names, r->facts.items[i].name, 16);
                snprintf(label, sizeof(label), "%-17s", p->names.p ? p->names.p : "");
                page_lines(p, strlen(label), label, r->facts.items[i].value);
        }
}

/* Ten steps. */
static void add_bar(const struct page *p, unsigned score) {
        page_style(p, score_colour(score));
        for (unsigned i = 0; i < 10; ++i)
                text_addz(p->out, i < (score + 5) / 10 ? "█" : "░");
        page_style(p, PLAIN);
}

static void add_count(const struct page *p, size_t n, int width, const char *colour) {
        page_style(p, n ? colour : FAINT);
        text_addf(p->out, "%*zu", width, n);
        page_style(p, PLAIN);
}

static void add_row(struct page *p, struct str title, unsigned score, size_t subjects, const size_t *severities,
                    const size_t *states) {
        static const int widths[] = { 6, 6, 8, 5 };

        text_reset(&p->names);
        add_name(&p->names, title, 12);
        text_addf(p->out, "%-13s ", p->names.p ? p->names.p : "");
        if (states[REPORT_FAIL] + states[REPORT_EXEMPT] + states[REPORT_PASS]) {
                text_addf(p->out, "%3u ", score);
                add_bar(p, score);
        } else {
                text_addz(p->out, "  -           ");
        }
        text_addf(p->out, "%9zu", subjects);
        for (unsigned i = 0; i < ARRAY_SIZE(widths); ++i)
                add_count(p, severities[SEVERITY_CRITICAL - i], widths[i], severity_colour(SEVERITY_CRITICAL - i));
        add_count(p, states[REPORT_UNKNOWN], 9, "");
        add_count(p, states[REPORT_PASS], 8, "");
        text_add_char(p->out, '\n');
}

static void add_areas(struct page *p) {
        const struct report *r = p->report;
        size_t subjects = 0;

        if (!r->scored)
                return;
        text_add_char(p->out, '\n');
        page_style(p, FAINT);
        text_addz(p->out, "              score          subjects  crit  high  medium  low  unknown  passed");
        page_style(p, PLAIN);
        text_add_char(p->out, '\n');
        for (size_t i = 0; i < r->areas.n; ++i) {
                const struct report_area *a = &r->areas.items[i];

                subjects += a->subjects;
                if (a->subjects)
                        add_row(p, a->title.n ? a->title : a->name, a->score, a->subjects, a->severities, a->states);
        }
        page_style(p, BOLD);
        add_row(p, STR_C("All"), r->score, subjects, r->severities, r->states);
        page_style(p, PLAIN);
}

static void add_changes(struct page *p) {
        const struct report *r = p->report;

        if (r->changes.n)
                add_title(p, "What to change first");
        for (size_t i = 0; i < r->changes.n; ++i) {
                const struct report_change *c = &r->changes.items[i];
                char label[32];

                snprintf(label, sizeof(label), "%zu. ", i + 1);
                page_lines(p, 5, label, c->what);
                page_style(p, FAINT);
                text_addf(p->out, "     %" STR_FMT ": %zu subject%s, %u points, score %u → %u\n",
                          STR_ARG(r->checks.items[c->check].id), c->subjects, c->subjects == 1 ? "" : "s", c->points,
                          c->score_before, c->score_after);
                page_style(p, PLAIN);
        }
}

/* -- findings -- */

static const struct report_subject *subject_of(const struct page *p, const struct report_finding *f) {
        return &p->report->subjects.items[f->subject];
}

static size_t block_end(const struct report *r, size_t i) {
        const struct report_finding *first = &r->findings.items[i];

        while (++i < r->findings.n && r->findings.items[i].check == first->check &&
               r->findings.items[i].state == first->state && r->findings.items[i].severity == first->severity)
                ;
        return i;
}

/* "container web, db and 3 more" */
static void add_named(struct page *p, size_t from, size_t to) {
        const struct report_finding *all = p->report->findings.items;
        size_t named = p->verbose || to - from <= NAMED ? to - from : NAMED;

        text_reset(&p->names);
        for (size_t i = 0; i < named; ++i) {
                const struct report_subject *s = subject_of(p, &all[from + i]);

                text_addz(&p->names, i ? ", " : "");
                if (i == 0 || !str_eq(s->kind, subject_of(p, &all[from + i - 1])->kind))
                        text_addf(&p->names, "%" STR_FMT " ", STR_ARG(s->kind));
                add_name(&p->names, s->name, NAME_MOST);
        }
        if (to - from > named)
                text_addf(&p->names, " and %zu more", to - from - named);
        text_addz(p->out, "  ");
        wrap_add(p->out, text_str(&p->names), 2, COLUMNS, SIZE_MAX);
        text_add_char(p->out, '\n');
}

static void add_controls(struct page *p, const struct report_check *c) {
        text_reset(&p->names);
        for (size_t i = 0; i < c->n_references; ++i) {
                bool same = i && str_eq(c->references[i].framework, c->references[i - 1].framework);

                text_addz(&p->names, i == 0 ? "" : same ? ", " : "; ");
                if (!same)
                        text_addf(&p->names, "%" STR_FMT " ", STR_ARG(c->references[i].framework));
                text_add(&p->names, c->references[i].control);
        }
        page_lines(p, 12, "controls: ", text_str(&p->names));
}

static void add_evidence(struct page *p, const struct report_finding *f, bool named) {
        text_reset(&p->names);
        if (named) {
                add_name(&p->names, subject_of(p, f)->name, NAME_MOST);
                text_addz(&p->names, ": ");
        }
        text_add(&p->names, f->message);
        if (f->file.n && p->verbose) {
                text_addz(&p->names, " (");
                text_add(&p->names, f->file);
                if (f->line)
                        text_addf(&p->names, ":%u", f->line);
                text_addz(&p->names, ")");
        } else if (f->where.n && p->verbose) {
                text_addz(&p->names, " (");
                text_add(&p->names, f->where);
                text_addz(&p->names, ")");
        }
        if (f->instances > 1 && !p->verbose)
                text_addf(&p->names, " (and %zu more)", f->instances - 1);
        page_lines(p, 4, "", text_str(&p->names));
        for (size_t i = 0; p->verbose && i < f->n_more; ++i)
                page_lines(p, 6, "", f->more[i]);
        if (p->verbose && f->since.n)
                page_lines(p, 12, "since: ", f->since);
}

/* Of records a finding is as bad as it is frequent: "3 subjects, 120 times, last 2026-01-31T12:00" */
static void add_frequency(const struct page *p, size_t from, size_t to) {
        const struct report_finding *all = p->report->findings.items;
        struct str last = { 0 };
        size_t times = 0;

        for (size_t i = from; i < to; ++i) {
                times += all[i].count;
                last = str_cmp(all[i].last, last) > 0 ? all[i].last : last;
        }
        text_addz(p->out, "  ");
        if (to - from > 1)
                text_addf(p->out, "%zu subjects, ", to - from);
        text_addf(p->out, "%zu time%s, last ", times, times == 1 ? "" : "s");
        text_add_visible(p->out, str_first(last, last.n < 16 ? last.n : 16), 20);
        text_add_char(p->out, '\n');
}

/* "26 containers, 2600 points" */
static void add_size(const struct page *p, size_t from, size_t to, size_t points) {
        const struct report_finding *f = &p->report->findings.items[from];

        text_addz(p->out, "  ");
        if (to - from > 1)
                text_addf(p->out, "%zu %" STR_FMT "s, ", to - from, STR_ARG(subject_of(p, f)->kind));
        text_addf(p->out, "%zu point%s%s\n", points, points == 1 ? "" : "s", f->known ? ", known" : "");
}

static void add_block(struct page *p, size_t from, size_t to) {
        const struct report_finding *f = &p->report->findings.items[from];
        const struct report_check *c = &p->report->checks.items[f->check];
        bool fails = f->state == REPORT_FAIL;
        struct str word = fails ? severity_name(f->severity) : report_state_name(f->state);
        size_t points = 0;

        for (size_t i = from; i < to; ++i)
                points += p->report->findings.items[i].points;
        text_add_char(p->out, '\n');
        page_style(p, fails ? severity_colour(f->severity) : FAINT);
        text_addf(p->out, "%-9" STR_FMT, STR_ARG(word));
        page_style(p, PLAIN);
        page_style(p, BOLD);
        text_add_char(p->out, ' ');
        text_add_visible(p->out, c->id, 100);
        page_style(p, PLAIN);
        if (!p->report->scored)
                add_frequency(p, from, to);
        else if (fails)
                add_size(p, from, to, points);
        else
                text_add_char(p->out, '\n');
        page_lines(p, 2, "", c->title);
        add_named(p, from, to);
        for (size_t i = from; i < (p->verbose ? to : from + 1); ++i)
                if (p->report->findings.items[i].message.n)
                        add_evidence(p, &p->report->findings.items[i], to - from > 1);
        if (!fails)
                page_lines(p, 13, "because: ", f->why);
        else
                page_lines(p, 9, "fix: ", f->fix);
        if (p->verbose && fails)
                page_lines(p, 13, "compose: ", f->fix_compose);
        if (p->verbose) {
                page_lines(p, 9, "why: ", c->why);
        }
        if (p->verbose || (fails && !p->report->scored))
                add_controls(p, c);
}

/* -- what could not be told: a block a cause -- */

struct caused {
        const struct report *report;
        const struct report_finding *finding;
};

static int by_cause(const void *a, const void *b) {
        const struct caused *x = a, *y = b;
        int r = str_cmp(x->finding->why, y->finding->why);

        if (r == 0)
                r = str_cmp(x->report->checks.items[x->finding->check].id,
                            y->report->checks.items[y->finding->check].id);
        return r;
}

static void add_cause(struct page *p, const struct caused *all, size_t n) {
        size_t rules = 0;

        text_reset(&p->names);
        for (size_t i = 0; i < n; ++i) {
                if (i && all[i].finding->check == all[i - 1].finding->check)
                        continue;
                text_addz(&p->names, rules++ ? ", " : "");
                text_add_visible(&p->names, p->report->checks.items[all[i].finding->check].id, 100);
        }
        text_add_char(p->out, '\n');
        page_lines(p, 2, "", all[0].finding->why.n ? all[0].finding->why : STR_C("no cause is known"));
        text_addz(p->out, "    ");
        wrap_add(p->out, text_str(&p->names), 4, COLUMNS, SIZE_MAX);
        if (n > rules)
                text_addf(p->out, "\n    %zu checks in all", n);
        text_add_char(p->out, '\n');
}

/* @from, @to: of the findings that are unknown. */
static int add_unknown(struct page *p, size_t from, size_t to) {
        struct caused *all = calloc(to - from + 1, sizeof(all[0]));
        size_t n = to - from;

        if (!all)
                return -ENOMEM;
        for (size_t i = 0; i < n; ++i)
                all[i] = (struct caused){ p->report, &p->report->findings.items[from + i] };
        qsort(all, n, sizeof(all[0]), by_cause);
        add_title(p, "Could not be told (no pass)");
        for (size_t i = 0, end; i < n; i = end) {
                for (end = i + 1; end < n && str_eq(all[end].finding->why, all[i].finding->why);)
                        ++end;
                add_cause(p, &all[i], end - i);
        }
        free(all);
        return 0;
}

static int add_findings(struct page *p) {
        const struct report *r = p->report;
        size_t i = 0, end;

        if (r->findings.n && r->findings.items[0].state == REPORT_FAIL)
                add_title(p, "Findings");
        for (; i < r->findings.n && r->findings.items[i].state == REPORT_FAIL; i = end)
                add_block(p, i, end = block_end(r, i));
        for (end = i; end < r->findings.n && r->findings.items[end].state == REPORT_UNKNOWN;)
                ++end;
        if (end > i && add_unknown(p, i, end) < 0)
                return -ENOMEM;
        i = end;
        if (i < r->findings.n && (p->verbose || r->findings.items[i].state < REPORT_NOT_APPLICABLE))
                add_title(p, "Others");
        for (; i < r->findings.n; i = end) {
                end = block_end(r, i);
                if (p->verbose || r->findings.items[i].state < REPORT_NOT_APPLICABLE)
                        add_block(p, i, end);
        }
        return 0;
}

/* -- the rest -- */

static void add_passed(struct page *p) {
        const struct report *r = p->report;
        bool any = false;

        text_reset(&p->names);
        for (size_t i = 0; i < r->checks.n; ++i)
                if (r->checks.items[i].states[REPORT_PASS]) {
                        text_addz(&p->names, any ? ", " : "");
                        text_add_visible(&p->names, r->checks.items[i].id, 100);
                        text_addf(&p->names, " %zu", r->checks.items[i].states[REPORT_PASS]);
                        any = true;
                }
        if (!any)
                return;
        add_title(p, "Passed (rule, and by how many)");
        text_addz(p->out, "  ");
        wrap_add(p->out, text_str(&p->names), 2, COLUMNS, SIZE_MAX);
        text_add_char(p->out, '\n');
}

static void add_frameworks(struct page *p) {
        const struct report *r = p->report;

        for (size_t i = 0; i < r->frameworks.n && (p->verbose || r->frameworks.n == 1); ++i) {
                const struct report_framework *f = &r->frameworks.items[i];

                text_add_char(p->out, '\n');
                page_style(p, BOLD);
                page_lines(p, 0, "", f->title.n ? f->title : f->id);
                page_style(p, PLAIN);
                for (size_t k = 0; k < f->n_controls; ++k) {
                        char label[64];

                        snprintf(label, sizeof(label), "%-14.*s %-10.*s ",
                                 (int)report_state_name(f->controls[k].state).n,
                                 report_state_name(f->controls[k].state).p,
                                 (int)(f->controls[k].id.n < 30 ? f->controls[k].id.n : 30), f->controls[k].id.p);
                        page_lines(p, strlen(label), label, f->controls[k].title);
                }
        }
}

static void add_gaps(struct page *p) {
        const struct report *r = p->report;

        if (r->gaps.n)
                add_title(p, "Not seen");
        for (size_t i = 0; i < r->gaps.n; ++i) {
                text_reset(&p->names);
                text_add(&p->names, r->gaps.items[i].what);
                text_addz(&p->names, ": ");
                text_add(&p->names, r->gaps.items[i].why);
                page_lines(p, 2, "", text_str(&p->names));
        }
}

static void add_sums(struct page *p) {
        const struct report *r = p->report;

        if (!r->scored)
                return;
        text_add_char(p->out, '\n');
        for (unsigned state = 0; state < REPORT_STATES; ++state)
                text_addf(p->out, "%s%zu %" STR_FMT, state ? ", " : "", r->states[state],
                          STR_ARG(report_state_name(state)));
        text_addf(p->out, ".%s\n", p->verbose ? "" : " --verbose shows all of it.");
}

static int add_page(struct text *out, const struct report *r, bool verbose, bool colour) {
        struct page p = { .out = out, .report = r, .verbose = verbose, .colour = colour };
        int e;

        text_init(&p.scratch);
        text_init(&p.names);
        add_head(&p);
        add_areas(&p);
        add_changes(&p);
        /* Of records the tables are what is asked for first. */
        for (size_t i = 0; !r->scored && i < r->tables.n; ++i)
                page_table(&p, &r->tables.items[i]);
        e = add_findings(&p);
        if (verbose)
                add_passed(&p);
        add_frameworks(&p);
        for (size_t i = 0; r->scored && i < r->tables.n; ++i)
                page_table(&p, &r->tables.items[i]);
        add_gaps(&p);
        add_sums(&p);
        if (p.scratch.failed || p.names.failed || out->failed)
                e = -ENOMEM;
        text_deinit(&p.scratch);
        text_deinit(&p.names);
        return e;
}

int report_text(struct text *out, const struct report *r, bool verbose) {
        return add_page(out, r, verbose, false);
}

int report_text_coloured(struct text *out, const struct report *r, bool verbose) {
        return add_page(out, r, verbose, true);
}
