#include "docksill/base/clock.h"
#include "format.h"
#include "frame/json-out.h"
#include <errno.h>

static void add_severities(struct json_out *j, const size_t *severities) {
        json_out_object(j, "severities");
        for (unsigned s = SEVERITIES; s-- > SEVERITY_INFO;)
                json_out_number(j, severity_name(s).p, (int64_t)severities[s]);
        json_out_end_object(j);
}

static void add_states(struct json_out *j, const size_t *states) {
        json_out_object(j, "states");
        for (unsigned state = 0; state < REPORT_STATES; ++state)
                json_out_number(j, report_state_name(state).p, (int64_t)states[state]);
        json_out_end_object(j);
}

static void add_texts(struct json_out *j, const char *key, const struct str *items, size_t n) {
        json_out_list(j, key);
        for (size_t i = 0; i < n; ++i)
                json_out_text(j, NULL, items[i]);
        json_out_end_list(j);
}

static void add_time(struct json_out *j, int64_t at) {
        char buffer[40];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        clock_add_rfc3339(&t, at);
        json_out_text(j, "at", text_str(&t));
}

static void add_head(struct json_out *j, const struct report *r) {
        json_out_words(j, "schema", str_eqz(r->kind, "audit") ? "docksill.audit/1" : "docksill.report/1");
        json_out_text(j, "kind", r->kind);
        json_out_text(j, "id", r->id);
        json_out_text(j, "title", r->title);
        add_time(j, r->at);
        json_out_optional(j, "host", r->host);
        json_out_optional(j, "environment", r->environment);
        json_out_text(j, "program", r->program);
        json_out_optional(j, "headline", r->headline);
        if (r->scored)
                json_out_number(j, "score", r->score);
        else
                json_out_null(j, "score");
        json_out_number(j, "points", r->points);
        json_out_number(j, "known", (int64_t)r->known);
        add_severities(j, r->severities);
        add_states(j, r->states);
}

static void add_facts(struct json_out *j, const struct report *r) {
        json_out_list(j, "facts");
        for (size_t i = 0; i < r->facts.n; ++i) {
                json_out_object(j, NULL);
                json_out_text(j, "name", r->facts.items[i].name);
                json_out_text(j, "value", r->facts.items[i].value);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

static void add_areas(struct json_out *j, const struct report *r) {
        json_out_list(j, "areas");
        for (size_t i = 0; i < r->areas.n; ++i) {
                const struct report_area *a = &r->areas.items[i];

                json_out_object(j, NULL);
                json_out_text(j, "name", a->name);
                json_out_text(j, "title", a->title);
                json_out_number(j, "subjects", (int64_t)a->subjects);
                json_out_number(j, "score", a->score);
                json_out_number(j, "points", a->points);
                add_severities(j, a->severities);
                add_states(j, a->states);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

static void add_subjects(struct json_out *j, const struct report *r) {
        json_out_list(j, "subjects");
        for (size_t i = 0; i < r->subjects.n; ++i) {
                const struct report_subject *s = &r->subjects.items[i];

                json_out_object(j, NULL);
                json_out_text(j, "area", r->areas.items[s->area].name);
                json_out_text(j, "kind", s->kind);
                json_out_text(j, "name", s->name);
                json_out_optional(j, "id", s->id);
                json_out_optional(j, "detail", s->detail);
                json_out_number(j, "score", s->score);
                json_out_number(j, "points", s->points);
                json_out_optional(j, "verdict", s->verdict);
                json_out_optional(j, "unseen", s->unseen);
                add_severities(j, s->severities);
                add_states(j, s->states);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

/* Each framework with its controls; a check names those of one framework one after the other. */
static void add_references(struct json_out *j, const struct report_check *c) {
        json_out_object(j, "references");
        for (size_t i = 0, next; i < c->n_references; i = next) {
                json_out_list_of(j, c->references[i].framework);
                for (next = i;
                     next < c->n_references && str_eq(c->references[next].framework, c->references[i].framework);
                     ++next)
                        json_out_text(j, NULL, c->references[next].control);
                json_out_end_list(j);
        }
        json_out_end_object(j);
}

static void add_checks(struct json_out *j, const struct report *r) {
        json_out_list(j, "checks");
        for (size_t i = 0; i < r->checks.n; ++i) {
                const struct report_check *c = &r->checks.items[i];

                json_out_object(j, NULL);
                json_out_text(j, "id", c->id);
                json_out_text(j, "title", c->title);
                json_out_optional(j, "why", c->why);
                json_out_text(j, "severity", severity_name(c->severity));
                add_references(j, c);
                add_states(j, c->states);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

static void add_finding(struct json_out *j, const struct report *r, const struct report_finding *f) {
        const struct report_subject *s = &r->subjects.items[f->subject];

        json_out_object(j, NULL);
        json_out_text(j, "rule", r->checks.items[f->check].id);
        json_out_text(j, "area", r->areas.items[s->area].name);
        json_out_text(j, "kind", s->kind);
        json_out_text(j, "subject", s->name);
        json_out_optional(j, "subject_id", s->id);
        json_out_text(j, "state", report_state_name(f->state));
        json_out_text(j, "severity", severity_name(f->severity));
        json_out_number(j, "points", f->points);
        json_out_optional(j, "message", f->message);
        json_out_optional(j, "where", f->where);
        json_out_optional(j, "file", f->file);
        if (f->line)
                json_out_number(j, "line", f->line);
        else
                json_out_null(j, "line");
        json_out_number(j, "instances", (int64_t)f->instances);
        add_texts(j, "more", f->more, f->n_more);
        json_out_optional(j, "why", f->why);
        json_out_optional(j, "fix", f->fix);
        json_out_optional(j, "fix_compose", f->fix_compose);
        json_out_optional(j, "since", f->since);
        json_out_optional(j, "last", f->last);
        json_out_number(j, "count", (int64_t)f->count);
        json_out_bool(j, "known", f->known);
        json_out_optional(j, "fingerprint", str_from(f->fingerprint));
        json_out_end_object(j);
}

static void add_findings(struct json_out *j, const struct report *r) {
        json_out_list(j, "findings");
        for (size_t i = 0; i < r->findings.n; ++i)
                add_finding(j, r, &r->findings.items[i]);
        json_out_end_list(j);
}

static void add_changes(struct json_out *j, const struct report *r) {
        json_out_list(j, "changes");
        for (size_t i = 0; i < r->changes.n; ++i) {
                const struct report_change *c = &r->changes.items[i];

                json_out_object(j, NULL);
                json_out_text(j, "what", c->what);
                json_out_text(j, "rule", r->checks.items[c->check].id);
                json_out_number(j, "subjects", (int64_t)c->subjects);
                json_out_number(j, "points", c->points);
                json_out_number(j, "score_before", c->score_before);
                json_out_number(j, "score_after", c->score_after);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

static void add_control(struct json_out *j, const struct report *r, const struct report_control *c) {
        json_out_object(j, NULL);
        json_out_text(j, "id", c->id);
        json_out_text(j, "title", c->title);
        json_out_text(j, "state", report_state_name(c->state));
        json_out_optional(j, "covers", c->covers);
        json_out_optional(j, "beside", c->beside);
        json_out_number(j, "fails", (int64_t)c->fails);
        json_out_list(j, "checks");
        for (size_t i = 0; i < c->n_checks; ++i)
                json_out_text(j, NULL, r->checks.items[c->checks[i]].id);
        json_out_end_list(j);
        json_out_end_object(j);
}

static void add_frameworks(struct json_out *j, const struct report *r) {
        json_out_list(j, "frameworks");
        for (size_t i = 0; i < r->frameworks.n; ++i) {
                const struct report_framework *f = &r->frameworks.items[i];

                json_out_object(j, NULL);
                json_out_text(j, "id", f->id);
                json_out_text(j, "title", f->title);
                json_out_optional(j, "edition", f->edition);
                add_states(j, f->states);
                json_out_list(j, "controls");
                for (size_t k = 0; k < f->n_controls; ++k)
                        add_control(j, r, &f->controls[k]);
                json_out_end_list(j);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

/* What looks like a number in a column of numbers is one. */
static void add_cell(struct json_out *j, const struct report_table *t, size_t column, struct str cell) {
        int64_t number;

        if (column < 64 && t->numbers & UINT64_C(1) << column && str_int(cell, &number) == 0)
                json_out_number(j, NULL, number);
        else
                json_out_text(j, NULL, cell);
}

static void add_table(struct json_out *j, const struct report_table *t) {
        json_out_object(j, NULL);
        json_out_text(j, "id", t->id);
        json_out_text(j, "title", t->title);
        json_out_optional(j, "note", t->note);
        add_texts(j, "columns", t->columns, t->n_columns);
        json_out_list(j, "rows");
        for (size_t i = 0; t->n_columns && i + t->n_columns <= t->cells.n; i += t->n_columns) {
                json_out_list(j, NULL);
                for (size_t k = 0; k < t->n_columns; ++k)
                        add_cell(j, t, k, t->cells.items[i + k]);
                json_out_end_list(j);
        }
        json_out_end_list(j);
        json_out_end_object(j);
}

static void add_tables(struct json_out *j, const struct report *r) {
        json_out_list(j, "tables");
        for (size_t i = 0; i < r->tables.n; ++i)
                add_table(j, &r->tables.items[i]);
        json_out_end_list(j);
}

static void add_gaps(struct json_out *j, const struct report *r) {
        json_out_list(j, "gaps");
        for (size_t i = 0; i < r->gaps.n; ++i) {
                json_out_object(j, NULL);
                json_out_text(j, "what", r->gaps.items[i].what);
                json_out_text(j, "why", r->gaps.items[i].why);
                json_out_end_object(j);
        }
        json_out_end_list(j);
}

int report_json(struct text *out, const struct report *r, bool verbose) {
        struct json_out j;

        (void)verbose;
        json_out_init(&j, out);
        json_out_object(&j, NULL);
        add_head(&j, r);
        add_facts(&j, r);
        add_areas(&j, r);
        add_subjects(&j, r);
        add_checks(&j, r);
        add_findings(&j, r);
        add_changes(&j, r);
        add_frameworks(&j, r);
        add_tables(&j, r);
        add_gaps(&j, r);
        json_out_end_object(&j);
        json_out_deinit(&j);
        return out->failed ? -ENOMEM : 0;
}
