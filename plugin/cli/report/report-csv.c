#include "format.h"
#include "frame/markup.h"
#include <errno.h>

/* Fixed: sheets and scripts go by it. New ones come behind the last. */
static const char *const columns[] = {
        "area",   "kind",    "subject", "subject_id",  "rule",     "title",       "state", "severity",
        "points", "message", "where",   "file",        "line",     "instances",   "count", "since",
        "known",  "why",     "fix",     "fix_compose", "controls", "fingerprint", "last",
};

static void add_field(struct text *out, struct str s) {
        markup_add_csv(out, s);
        text_add_char(out, ',');
}

static void add_number(struct text *out, size_t n) {
        text_addf(out, "%zu,", n);
}

/* "cis-docker 5.4; seed A1.2" */
static void add_controls(struct text *out, const struct report_check *c) {
        cleanup_(text_deinit) struct text all;

        text_init(&all);
        for (size_t i = 0; i < c->n_references; ++i)
                text_addf(&all, "%s%" STR_FMT " %" STR_FMT, i ? "; " : "", STR_ARG(c->references[i].framework),
                          STR_ARG(c->references[i].control));
        add_field(out, text_str(&all));
        out->failed = out->failed || all.failed;
}

static void add_finding(struct text *out, const struct report *r, const struct report_finding *f) {
        const struct report_check *c = &r->checks.items[f->check];
        const struct report_subject *s = &r->subjects.items[f->subject];

        add_field(out, r->areas.items[s->area].name);
        add_field(out, s->kind);
        add_field(out, s->name);
        add_field(out, s->id);
        add_field(out, c->id);
        add_field(out, c->title);
        add_field(out, report_state_name(f->state));
        add_field(out, severity_name(f->severity));
        add_number(out, f->points);
        add_field(out, f->message);
        add_field(out, f->where);
        add_field(out, f->file);
        add_number(out, f->line);
        add_number(out, f->instances);
        add_number(out, f->count);
        add_field(out, f->since);
        add_field(out, f->known ? STR_C("yes") : STR_C("no"));
        add_field(out, f->why);
        add_field(out, f->fix);
        add_field(out, f->fix_compose);
        add_controls(out, c);
        add_field(out, str_from(f->fingerprint));
        markup_add_csv(out, f->last);
        text_add_char(out, '\n');
}

int report_csv(struct text *out, const struct report *r, bool verbose) {
        (void)verbose;
        for (size_t i = 0; i < ARRAY_SIZE(columns); ++i)
                text_addf(out, "%s%s", i ? "," : "", columns[i]);
        text_add_char(out, '\n');
        for (size_t i = 0; i < r->findings.n; ++i)
                add_finding(out, r, &r->findings.items[i]);
        return out->failed ? -ENOMEM : 0;
}
