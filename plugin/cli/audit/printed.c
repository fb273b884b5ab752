#include "printed.h"
#include "docksill/base/clock.h"
#include "frame/output.h"
#include "report/format.h"

#define LINE_MOST 400 /* bytes of foreign text */

static void add_visible_line(struct text *out, const char *label, struct str text) {
        if (text.n == 0)
                return;
        text_addf(out, "    %-8s ", label);
        text_add_visible(out, text, LINE_MOST);
        text_add_char(out, '\n');
}

static void add_message(struct text *out, struct str where, struct str message) {
        text_addz(out, "    ");
        if (where.n) {
                text_add_visible(out, where, LINE_MOST);
                text_addz(out, ": ");
        }
        text_add_visible(out, message, LINE_MOST);
        text_add_char(out, '\n');
}

static void add_controls(struct text *out, const struct report_check *c) {
        cleanup_(text_deinit) struct text all;

        text_init(&all);
        for (size_t i = 0; i < c->n_references; ++i)
                text_addf(&all, "%s%" STR_FMT " %" STR_FMT, i ? "; " : "", STR_ARG(c->references[i].framework),
                          STR_ARG(c->references[i].control));
        add_visible_line(out, "controls:", text_str(&all));
}

static void add_finding(struct text *out, const struct report *r, const struct report_finding *f, bool verbose) {
        const struct report_check *c = &r->checks.items[f->check];
        const struct report_subject *s = &r->subjects.items[f->subject];
        struct str severity = f->severity ? severity_name(f->severity) : STR_C("");

        text_addf(out, "%-14" STR_FMT " %-8" STR_FMT " %" STR_FMT "  %" STR_FMT "  (%" STR_FMT " ",
                  STR_ARG(report_state_name(f->state)), STR_ARG(severity), STR_ARG(c->id), STR_ARG(c->title),
                  STR_ARG(s->kind));
        text_add_visible(out, s->name, LINE_MOST);
        text_addz(out, f->known ? ")  known\n" : ")\n");
        add_visible_line(out, "why:", f->why);
        if (f->message.n)
                add_message(out, f->where, f->message);
        for (size_t i = 0; i < f->n_more; ++i)
                add_message(out, STR_C(""), f->more[i]);
        add_visible_line(out, "fix:", f->fix);
        add_visible_line(out, "since:", f->since);
        if (verbose)
                add_controls(out, c);
}

static void add_changes(struct text *out, const struct report *r) {
        if (r->changes.n)
                text_addz(out, "\nWhat to change first:\n");
        for (size_t i = 0; i < r->changes.n; ++i) {
                const struct report_change *c = &r->changes.items[i];

                text_addf(out, "%zu. ", i + 1);
                text_add_visible(out, c->what, LINE_MOST);
                text_addf(out, "\n   %" STR_FMT ", %zu subject%s: %u points, score %u to %u\n",
                          STR_ARG(r->checks.items[c->check].id), c->subjects, c->subjects == 1 ? "" : "s", c->points,
                          c->score_before, c->score_after);
        }
}

/* Of the one that was asked for. */
static void add_controls_table(struct text *out, const struct report *r) {
        for (size_t i = 0; r->frameworks.n == 1 && i < r->frameworks.items[0].n_controls; ++i) {
                const struct report_control *c = &r->frameworks.items[0].controls[i];

                text_addf(out, "%s%-14" STR_FMT " %-10" STR_FMT " %" STR_FMT "\n", i ? "" : "\n",
                          STR_ARG(report_state_name(c->state)), STR_ARG(c->id), STR_ARG(c->title));
        }
}

static void report_text_add(struct text *out, const struct report *r, bool verbose) {
        text_add_visible(out, r->headline, 2 * LINE_MOST);
        text_add_char(out, '\n');
        for (size_t i = 0; i < r->facts.n; ++i) {
                text_addf(out, "%-12" STR_FMT " ", STR_ARG(r->facts.items[i].name));
                text_add_visible(out, r->facts.items[i].value, LINE_MOST);
                text_add_char(out, '\n');
        }
        text_add_char(out, '\n');
        for (size_t i = 0; i < r->findings.n; ++i)
                if (verbose || r->findings.items[i].state < REPORT_NOT_APPLICABLE)
                        add_finding(out, r, &r->findings.items[i], verbose);
        text_add_char(out, '\n');
        for (size_t i = 0; i < r->areas.n; ++i)
                text_addf(out, "%-11" STR_FMT " %4zu  %5u points, hardening score %u of 100\n",
                          STR_ARG(r->areas.items[i].name), r->areas.items[i].subjects, r->areas.items[i].points,
                          r->areas.items[i].score);
        add_changes(out, r);
        add_controls_table(out, r);
        for (size_t i = 0; i < r->gaps.n; ++i) {
                text_addz(out, "not seen: ");
                text_add_visible(out, r->gaps.items[i].what, LINE_MOST);
                text_addz(out, ": ");
                text_add_visible(out, r->gaps.items[i].why, LINE_MOST);
                text_add_char(out, '\n');
        }
}

static json_t *states_json(const size_t *states) {
        json_t *out = json_object();

        for (unsigned i = 0; i < REPORT_STATES; ++i)
                json_object_set_new(out, report_state_name(i).p, json_integer((json_int_t)states[i]));
        return out;
}

static json_t *finding_json(const struct report *r, const struct report_finding *f) {
        const struct report_subject *s = &r->subjects.items[f->subject];
        json_t *out = json_object();

        json_object_set_new(out, "rule", printable_json(r->checks.items[f->check].id));
        json_object_set_new(out, "area", printable_json(r->areas.items[s->area].name));
        json_object_set_new(out, "subject", printable_json(s->name));
        json_object_set_new(out, "state", printable_json(report_state_name(f->state)));
        json_object_set_new(out, "severity", printable_json(severity_name(f->severity)));
        json_object_set_new(out, "points", json_integer(f->points));
        json_object_set_new(out, "where", printable_json(f->where));
        json_object_set_new(out, "file", printable_json(f->file));
        json_object_set_new(out, "line", json_integer(f->line));
        json_object_set_new(out, "message", printable_json(f->message));
        json_object_set_new(out, "more", printable_list_json(f->more, f->n_more));
        json_object_set_new(out, "instances", json_integer((json_int_t)f->instances));
        json_object_set_new(out, "since", f->since.n ? printable_json(f->since) : json_null());
        json_object_set_new(out, "known", json_boolean(f->known));
        json_object_set_new(out, "why", printable_json(f->why));
        json_object_set_new(out, "fix", printable_json(f->fix));
        json_object_set_new(out, "fingerprint", json_string(f->fingerprint));
        return out;
}

static json_t *subject_json(const struct report *r, const struct report_subject *s) {
        json_t *out = json_object();

        json_object_set_new(out, "area", printable_json(r->areas.items[s->area].name));
        json_object_set_new(out, "kind", printable_json(s->kind));
        json_object_set_new(out, "name", printable_json(s->name));
        json_object_set_new(out, "id", printable_json(s->id));
        json_object_set_new(out, "detail", printable_json(s->detail));
        json_object_set_new(out, "score", json_integer(s->score));
        json_object_set_new(out, "verdict", printable_json(s->verdict));
        json_object_set_new(out, "unseen", printable_json(s->unseen));
        json_object_set_new(out, "states", states_json(s->states));
        return out;
}

static json_t *area_json(const struct report_area *area) {
        return json_pack("{s:o, s:i, s:i, s:i, s:o}", "name", printable_json(area->name), "subjects",
                         (int)area->subjects, "points", (int)area->points, "score", (int)area->score, "states",
                         states_json(area->states));
}

static json_t *changes_json(const struct report *r) {
        json_t *out = json_array();

        for (size_t i = 0; i < r->changes.n; ++i) {
                const struct report_change *c = &r->changes.items[i];

                json_array_append_new(out, json_pack("{s:o, s:o, s:I, s:i, s:i, s:i}", "what", printable_json(c->what),
                                                     "rule", printable_json(r->checks.items[c->check].id), "subjects",
                                                     (json_int_t)c->subjects, "points", (int)c->points, "score_before",
                                                     (int)c->score_before, "score_after", (int)c->score_after));
        }
        return out;
}

static json_t *control_json(const struct report *r, const struct report_control *c) {
        json_t *checks = json_array();

        for (size_t i = 0; i < c->n_checks; ++i)
                json_array_append_new(checks, printable_json(r->checks.items[c->checks[i]].id));
        return json_pack("{s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id", printable_json(c->id), "title",
                         printable_json(c->title), "state", printable_json(report_state_name(c->state)), "fails",
                         (json_int_t)c->fails, "covers", printable_json(c->covers), "beside", printable_json(c->beside),
                         "checks", checks);
}

static json_t *frameworks_json(const struct report *r) {
        json_t *out = json_array();

        for (size_t i = 0; i < r->frameworks.n; ++i) {
                const struct report_framework *f = &r->frameworks.items[i];
                json_t *controls = json_array();

                for (size_t k = 0; k < f->n_controls; ++k)
                        json_array_append_new(controls, control_json(r, &f->controls[k]));
                json_array_append_new(out, json_pack("{s:o, s:o, s:o, s:o, s:o}", "id", printable_json(f->id), "title",
                                                     printable_json(f->title), "edition", printable_json(f->edition),
                                                     "states", states_json(f->states), "controls", controls));
        }
        return out;
}

static json_t *time_json(int64_t at) {
        char buffer[40];
        struct text t;

        text_init_fixed(&t, buffer, sizeof(buffer));
        clock_add_rfc3339(&t, at);
        return printable_json(text_str(&t));
}

static json_t *facts_json(const struct report *r) {
        json_t *out = json_array();

        for (size_t i = 0; i < r->facts.n; ++i)
                json_array_append_new(out, json_pack("{s:o, s:o}", "name", printable_json(r->facts.items[i].name),
                                                     "value", printable_json(r->facts.items[i].value)));
        return out;
}

static json_t *report_tree(const struct report *r) {
        json_t *out = json_pack("{s:s, s:o, s:i, s:o}", "schema", "docksill.audit/1", "environment",
                                printable_json(r->environment), "score", (int)r->score, "headline",
                                printable_json(r->headline));
        json_t *areas = json_array(), *subjects = json_array(), *findings = json_array(), *checks = json_array(),
               *gaps = json_array();

        for (size_t i = 0; i < r->areas.n; ++i)
                json_array_append_new(areas, area_json(&r->areas.items[i]));
        for (size_t i = 0; i < r->subjects.n; ++i)
                json_array_append_new(subjects, subject_json(r, &r->subjects.items[i]));
        for (size_t i = 0; i < r->findings.n; ++i)
                json_array_append_new(findings, finding_json(r, &r->findings.items[i]));
        for (size_t i = 0; i < r->checks.n; ++i)
                json_array_append_new(checks, json_pack("{s:o, s:o}", "id", printable_json(r->checks.items[i].id),
                                                        "states", states_json(r->checks.items[i].states)));
        for (size_t i = 0; i < r->gaps.n; ++i)
                json_array_append_new(gaps, json_pack("{s:o, s:o}", "what", printable_json(r->gaps.items[i].what),
                                                      "why", printable_json(r->gaps.items[i].why)));
        json_object_set_new(out, "time", time_json(r->at));
        json_object_set_new(out, "facts", facts_json(r));
        json_object_set_new(out, "areas", areas);
        json_object_set_new(out, "subjects", subjects);
        json_object_set_new(out, "checks", checks);
        json_object_set_new(out, "findings", findings);
        json_object_set_new(out, "changes", changes_json(r));
        json_object_set_new(out, "frameworks", frameworks_json(r));
        json_object_set_new(out, "gaps", gaps);
        return out;
}

int printed(const struct report *r, const struct invocation *in) {
        const char *name = invocation_option(in, "format");
        bool bench = name && strcmp(name, "bench") == 0;
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        if (in->json)
                return output_json(in->command, report_tree(r));
        if (bench && report_bench(&out, r, invocation_option(in, "verbose")) < 0)
                out.failed = true;
        if (bench)
                return output_text(in->command, &out);
        report_text_add(&out, r, invocation_option(in, "verbose"));
        return output_text(in->command, &out);
}
