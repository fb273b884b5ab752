/*
 * OSCAL 1.1.3, assessment results: subjects are inventory items, what a check found is an observation, how a control
 * ended a finding. In a report without frameworks the rules themselves are the objectives.
 *
 * A report of the same things has the same UUIDs, but for those of the report itself.
 */
#include "docksill/base/clock.h"
#include "format.h"
#include "oscal.h"
#include <errno.h>
#include <stdio.h>

/* -- what was looked at, and with what -- */

static void add_head(struct oscal *o) {
        struct json_out *j = &o->j;

        json_out_text(j, "uuid", o->r->id);
        json_out_object(j, "metadata");
        oscal_markdown(o, "title", o->r->title);
        json_out_words(j, "last-modified", o->at);
        json_out_words(j, "version", "1");
        json_out_words(j, "oscal-version", "1.1.3");
        json_out_end_object(j);
        json_out_object(j, "import-ap");
        text_reset(&o->scratch);
        text_addf(&o->scratch, "#%s", o->plan);
        json_out_text(j, "href", text_str(&o->scratch));
        json_out_words(j, "remarks", "The plan is the rules themselves; a resource of the back matter names them.");
        json_out_end_object(j);
}

static void add_tool(struct oscal *o) {
        struct json_out *j = &o->j;

        json_out_list(j, "components");
        json_out_object(j, NULL);
        json_out_words(j, "uuid", o->tool);
        json_out_words(j, "type", "software");
        json_out_words(j, "title", "docksill");
        json_out_words(j, "description", "Judges what exists on a Docker host by hardening rules.");
        json_out_list(j, "props");
        oscal_property(o, "version", o->r->program);
        json_out_end_list(j);
        json_out_object(j, "status");
        json_out_words(j, "state", "operational");
        json_out_end_object(j);
        json_out_end_object(j);
        json_out_end_list(j);
}

static void add_item(struct oscal *o, size_t index) {
        const struct report_subject *s = &o->r->subjects.items[index];
        struct json_out *j = &o->j;
        char uuid[UUID_SIZE];

        oscal_name_subject(o, uuid, index);
        json_out_object(j, NULL);
        json_out_words(j, "uuid", uuid);
        oscal_markdown(o, "description", s->detail.n ? s->detail : s->name.n ? s->name : s->kind);
        json_out_list(j, "props");
        oscal_property(o, "kind", s->kind);
        oscal_property(o, "name", s->name);
        oscal_property(o, "id", s->id);
        oscal_property(o, "area", o->r->areas.items[s->area].name);
        if (o->r->scored) {
                oscal_number(o, "score", s->score);
                oscal_number(o, "points", s->points);
        }
        oscal_property(o, "verdict", s->verdict);
        oscal_property(o, "unseen", s->unseen);
        json_out_end_list(j);
        json_out_end_object(j);
}

static void add_definitions(struct oscal *o) {
        json_out_object(&o->j, "local-definitions");
        add_tool(o);
        if (o->r->subjects.n) {
                json_out_list(&o->j, "inventory-items");
                for (size_t i = 0; i < o->r->subjects.n; ++i)
                        add_item(o, i);
                json_out_end_list(&o->j);
        }
        json_out_end_object(&o->j);
}

static void add_selection(struct oscal *o, const struct report_framework *f) {
        json_out_object(&o->j, NULL);
        oscal_markdown(o, "description", f->title.n ? f->title : f->id);
        json_out_list(&o->j, "include-controls");
        for (size_t i = 0; i < f->n_controls; ++i) {
                json_out_object(&o->j, NULL);
                oscal_token(o, "control-id", f->id, f->controls[i].id);
                json_out_end_object(&o->j);
        }
        json_out_end_list(&o->j);
        json_out_end_object(&o->j);
}

static void add_controls(struct oscal *o) {
        bool any = false;

        json_out_object(&o->j, "reviewed-controls");
        json_out_list(&o->j, "control-selections");
        for (size_t i = 0; i < o->r->frameworks.n; ++i)
                if (o->r->frameworks.items[i].n_controls) {
                        add_selection(o, &o->r->frameworks.items[i]);
                        any = true;
                }
        if (!any) {
                json_out_object(&o->j, NULL);
                json_out_words(&o->j, "description", "Each rule that was asked");
                json_out_object(&o->j, "include-all");
                json_out_end_object(&o->j);
                json_out_end_object(&o->j);
        }
        json_out_end_list(&o->j);
        json_out_end_object(&o->j);
}

/* -- observations -- */

static void add_method(struct oscal *o, const char *method) {
        json_out_list(&o->j, "methods");
        json_out_words(&o->j, NULL, method);
        json_out_end_list(&o->j);
}

/* What says something: not that there is one of it. */
static void add_facts(struct oscal *o, const struct report_finding *f) {
        json_out_list(&o->j, "props");
        oscal_property(o, "rule", o->r->checks.items[f->check].id);
        oscal_property(o, "state", report_state_name(f->state));
        if (f->severity > SEVERITY_NONE)
                oscal_property(o, "severity", severity_name(f->severity));
        if (f->points)
                oscal_number(o, "points", f->points);
        if (f->instances > 1)
                oscal_number(o, "instances", f->instances);
        if (f->count > 1)
                oscal_number(o, "count", f->count);
        oscal_property(o, "where", f->where);
        oscal_property(o, "file", f->file);
        if (f->line)
                oscal_number(o, "line", f->line);
        oscal_property(o, "since", f->since);
        oscal_property(o, "known", f->known ? STR_C("yes") : STR_C(""));
        oscal_property(o, "fingerprint", str_from(f->fingerprint));
        json_out_end_list(&o->j);
}

static void add_sentence(struct text *t, const char *what, struct str words) {
        if (words.n)
                text_addf(t, "%s%s%" STR_FMT, t->n ? "; " : "", what, STR_ARG(words));
}

static void add_remarks(struct oscal *o, const struct report_finding *f) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        for (size_t i = 0; i < f->n_more; ++i)
                add_sentence(&t, "also: ", f->more[i]);
        add_sentence(&t, "why: ", f->why);
        add_sentence(&t, "fix: ", f->fix);
        add_sentence(&t, "in compose: ", f->fix_compose);
        if (t.n)
                oscal_markdown(o, "remarks", text_str(&t));
        o->j.out->failed |= t.failed;
}

static void add_observation(struct oscal *o, const struct report_finding *f) {
        const struct report_check *c = &o->r->checks.items[f->check];
        struct json_out *j = &o->j;
        char uuid[UUID_SIZE];

        oscal_name_observation(o, uuid, f);
        json_out_object(j, NULL);
        json_out_words(j, "uuid", uuid);
        oscal_markdown(o, "title", c->title.n ? c->title : c->id);
        oscal_markdown(o, "description", f->message.n ? f->message : c->title);
        add_facts(o, f);
        add_method(o, f->state == REPORT_MANUAL ? "EXAMINE" : "TEST");
        oscal_name_subject(o, uuid, f->subject);
        json_out_list(j, "subjects");
        json_out_object(j, NULL);
        json_out_words(j, "subject-uuid", uuid);
        json_out_words(j, "type", "inventory-item");
        json_out_end_object(j);
        json_out_end_list(j);
        json_out_words(j, "collected", o->at);
        add_remarks(o, f);
        json_out_end_object(j);
}

static void add_passes(struct oscal *o, size_t check) {
        const struct report_check *c = &o->r->checks.items[check];
        char uuid[UUID_SIZE], said[60];

        oscal_name_passes(o, uuid, check);
        snprintf(said, sizeof(said), "%zu subject%s passed.", c->states[REPORT_PASS],
                 c->states[REPORT_PASS] == 1 ? "" : "s");
        json_out_object(&o->j, NULL);
        json_out_words(&o->j, "uuid", uuid);
        oscal_markdown(o, "title", c->title.n ? c->title : c->id);
        json_out_words(&o->j, "description", said);
        json_out_list(&o->j, "props");
        oscal_property(o, "rule", c->id);
        oscal_property(o, "state", report_state_name(REPORT_PASS));
        json_out_end_list(&o->j);
        add_method(o, "TEST");
        json_out_words(&o->j, "collected", o->at);
        json_out_end_object(&o->j);
}

/* A list may not be empty. */
static bool any_observation(const struct oscal *o) {
        for (size_t i = 0; i < o->r->findings.n; ++i)
                if (oscal_tells(o, &o->r->findings.items[i]))
                        return true;
        for (size_t i = 0; i < o->r->checks.n; ++i)
                if (o->r->checks.items[i].states[REPORT_PASS])
                        return true;
        return false;
}

static void add_observations(struct oscal *o) {
        if (!any_observation(o))
                return;
        json_out_list(&o->j, "observations");
        for (size_t i = 0; i < o->r->findings.n; ++i)
                if (oscal_tells(o, &o->r->findings.items[i]))
                        add_observation(o, &o->r->findings.items[i]);
        for (size_t i = 0; i < o->r->checks.n; ++i)
                if (o->r->checks.items[i].states[REPORT_PASS])
                        add_passes(o, i);
        json_out_end_list(&o->j);
}

/* -- the whole -- */

static void add_result(struct oscal *o) {
        const struct str parts[] = { o->r->id };
        struct json_out *j = &o->j;
        char uuid[UUID_SIZE];

        oscal_name(o, uuid, "result", parts, 1);
        json_out_object(j, NULL);
        json_out_words(j, "uuid", uuid);
        oscal_markdown(o, "title", o->r->title);
        oscal_markdown(o, "description", o->r->headline);
        json_out_words(j, "start", o->at);
        json_out_words(j, "end", o->at);
        json_out_list(j, "props");
        oscal_property(o, "host", o->r->host);
        oscal_property(o, "environment", o->r->environment);
        if (o->r->scored)
                oscal_number(o, "score", o->r->score);
        oscal_number(o, "points", o->r->points);
        json_out_end_list(j);
        add_definitions(o);
        add_controls(o);
        add_observations(o);
        oscal_findings(o);
        if (o->r->gaps.n) {
                cleanup_(text_deinit) struct text t;

                text_init(&t);
                for (size_t i = 0; i < o->r->gaps.n; ++i)
                        text_addf(&t, "%s%" STR_FMT ": %" STR_FMT,
                                  i ? "; " : "not seen: ", STR_ARG(o->r->gaps.items[i].what),
                                  STR_ARG(o->r->gaps.items[i].why));
                oscal_markdown(o, "remarks", text_str(&t));
                j->out->failed |= t.failed;
        }
        json_out_end_object(j);
}

static void add_back_matter(struct oscal *o) {
        struct json_out *j = &o->j;

        json_out_object(j, "back-matter");
        json_out_list(j, "resources");
        json_out_object(j, NULL);
        json_out_words(j, "uuid", o->plan);
        json_out_words(j, "title", "The rules that judged");
        json_out_words(j, "description", "The rules of docksill, as the facts of the report name them.");
        json_out_list(j, "props");
        oscal_property(o, "program", o->r->program);
        for (size_t i = 0; i < o->r->facts.n; ++i)
                if (str_eqz(o->r->facts.items[i].name, "rules"))
                        oscal_property(o, "rules", o->r->facts.items[i].value);
        json_out_end_list(j);
        json_out_end_object(j);
        json_out_end_list(j);
        json_out_end_object(j);
}

int report_oscal(struct text *out, const struct report *r, bool verbose) {
        struct oscal o = { .r = r, .verbose = verbose };
        struct text at;

        json_out_init(&o.j, out);
        text_init(&o.scratch);
        text_init_fixed(&at, o.at, sizeof(o.at));
        clock_add_rfc3339(&at, r->at);
        oscal_name(&o, o.tool, "tool", NULL, 0);
        oscal_name(&o, o.plan, "plan", &r->program, 1);
        json_out_object(&o.j, NULL);
        json_out_object(&o.j, "assessment-results");
        add_head(&o);
        json_out_list(&o.j, "results");
        add_result(&o);
        json_out_end_list(&o.j);
        add_back_matter(&o);
        json_out_end_object(&o.j);
        json_out_end_object(&o.j);
        json_out_deinit(&o.j);
        text_deinit(&o.scratch);
        return out->failed ? -ENOMEM : 0;
}
