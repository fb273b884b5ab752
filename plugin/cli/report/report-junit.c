/*
 * In the shape of Surefire and Jenkins: a suite an area, a case a check of a subject that did not pass; what passed is
 * a suite of its own, a case a check, since who passed is not kept. Control characters, which XML 1.0 can't hold, are
 * visible text by markup_add_html().
 */
#include "docksill/base/clock.h"
#include "format.h"
#include "frame/markup.h"
#include <errno.h>

static void add_attribute(struct text *out, const char *name, struct str value) {
        text_addf(out, " %s=\"", name);
        markup_add_html(out, value);
        text_add_char(out, '"');
}

static bool is_skipped(enum report_state state) {
        return state != REPORT_FAIL && state != REPORT_PASS;
}

struct sums {
        size_t tests, failures, skipped;
};

static void count(struct sums *s, const struct report_finding *f) {
        ++s->tests;
        s->failures += f->state == REPORT_FAIL;
        s->skipped += is_skipped(f->state);
}

static void add_sums(struct text *out, const struct sums *s) {
        text_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\"", s->tests, s->failures,
                  s->skipped);
}

static void add_line(struct text *out, const char *label, struct str value) {
        if (!value.n)
                return;
        text_addz(out, label);
        markup_add_html(out, value);
        text_add_char(out, '\n');
}

static void add_failure(struct text *out, const struct report_check *c, const struct report_finding *f) {
        text_addz(out, "      <failure");
        add_attribute(out, "type", severity_name(f->severity));
        add_attribute(out, "message", f->message.n ? f->message : c->title);
        text_add_char(out, '>');
        add_line(out, "", c->title);
        add_line(out, "where: ", f->where);
        add_line(out, "file: ", f->file);
        for (size_t i = 0; i < f->n_more; ++i)
                add_line(out, "also: ", f->more[i]);
        add_line(out, "why: ", c->why);
        add_line(out, "fix: ", f->fix);
        add_line(out, "compose: ", f->fix_compose);
        text_addz(out, "</failure>\n");
}

static void add_case(struct text *out, const struct report *r, const struct report_finding *f) {
        const struct report_subject *s = &r->subjects.items[f->subject];
        cleanup_(text_deinit) struct text message;

        text_init(&message);
        text_addz(out, "    <testcase");
        add_attribute(out, "classname", s->name);
        add_attribute(out, "name", r->checks.items[f->check].id);
        text_addz(out, " time=\"0\">\n");
        if (f->state == REPORT_FAIL) {
                add_failure(out, &r->checks.items[f->check], f);
        } else {
                text_add(&message, report_state_name(f->state));
                text_addz(&message, f->why.n ? ": " : "");
                text_add(&message, f->why);
                text_addz(out, "      <skipped");
                add_attribute(out, "message", text_str(&message));
                text_addz(out, "/>\n");
                out->failed = out->failed || message.failed;
        }
        text_addz(out, "    </testcase>\n");
}

static void add_head(struct text *out, const struct report *r, struct str name, const struct sums *sums) {
        text_addz(out, "  <testsuite");
        add_attribute(out, "name", name);
        add_sums(out, sums);
        text_addz(out, " timestamp=\"");
        {
                char buffer[40];
                struct text t;

                /* Without the zone, as the form has it. */
                text_init_fixed(&t, buffer, sizeof(buffer));
                clock_add_rfc3339(&t, r->at);
                text_add(out, str_first(text_str(&t), 19));
        }
        text_addz(out, "\"");
        add_attribute(out, "hostname", r->host.n ? r->host : STR_C("localhost"));
        text_addz(out, ">\n");
}

static void add_area(struct text *out, const struct report *r, size_t area) {
        struct sums sums = { 0 };

        for (size_t i = 0; i < r->findings.n; ++i)
                if (r->subjects.items[r->findings.items[i].subject].area == area)
                        count(&sums, &r->findings.items[i]);
        add_head(out, r, r->areas.items[area].name, &sums);
        for (size_t i = 0; i < r->findings.n; ++i)
                if (r->subjects.items[r->findings.items[i].subject].area == area)
                        add_case(out, r, &r->findings.items[i]);
        text_addz(out, "  </testsuite>\n");
}

static size_t passed(const struct report *r) {
        size_t n = 0;

        for (size_t i = 0; i < r->checks.n; ++i)
                n += r->checks.items[i].states[REPORT_PASS] > 0;
        return n;
}

static void add_passed(struct text *out, const struct report *r) {
        const struct sums sums = { .tests = passed(r) };

        add_head(out, r, STR_C("passed"), &sums);
        for (size_t i = 0; i < r->checks.n; ++i) {
                const struct report_check *c = &r->checks.items[i];

                if (!c->states[REPORT_PASS])
                        continue;
                text_addz(out, "    <testcase classname=\"passed\"");
                add_attribute(out, "name", c->id);
                text_addf(out, " time=\"0\">\n      <system-out>%zu passed</system-out>\n    </testcase>\n",
                          c->states[REPORT_PASS]);
        }
        text_addz(out, "  </testsuite>\n");
}

/* What could not be seen is a case that was skipped. */
static void add_gaps(struct text *out, const struct report *r) {
        const struct sums sums = { .tests = r->gaps.n, .skipped = r->gaps.n };

        if (r->gaps.n == 0)
                return;
        add_head(out, r, STR_C("not seen"), &sums);
        for (size_t i = 0; i < r->gaps.n; ++i) {
                text_addz(out, "    <testcase classname=\"not seen\"");
                add_attribute(out, "name", r->gaps.items[i].what);
                text_addz(out, " time=\"0\">\n      <skipped");
                add_attribute(out, "message", r->gaps.items[i].why);
                text_addz(out, "/>\n    </testcase>\n");
        }
        text_addz(out, "  </testsuite>\n");
}

int report_junit(struct text *out, const struct report *r, bool verbose) {
        struct sums sums = { .tests = passed(r) + r->gaps.n, .skipped = r->gaps.n };

        (void)verbose;
        for (size_t i = 0; i < r->findings.n; ++i)
                count(&sums, &r->findings.items[i]);
        text_addz(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
        add_attribute(out, "name", r->title);
        add_sums(out, &sums);
        text_addz(out, ">\n");
        for (size_t i = 0; i < r->areas.n; ++i)
                add_area(out, r, i);
        add_passed(out, r);
        add_gaps(out, r);
        text_addz(out, "</testsuites>\n");
        return out->failed ? -ENOMEM : 0;
}
