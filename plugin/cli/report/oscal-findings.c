#include "oscal.h"
#include "report-control.h"

/* Of a control, or without @control of a check alone. */
struct objective {
        const struct report_framework *framework;
        const struct report_control *control;
        const size_t *checks;
        size_t n_checks;
        struct str framework_id, id, title;
        enum report_state state;
};

static const char *const ends[REPORT_STATES] = {
        [REPORT_FAIL] = "A check of it failed.",
        [REPORT_UNKNOWN] = "It could not be told.",
        [REPORT_MANUAL] = "Only a person can tell.",
        [REPORT_EXEMPT] = "A check of it would fail; an exemption lifts it.",
        [REPORT_NOT_APPLICABLE] = "What it is about is not there.",
        [REPORT_PASS] = "Its checks passed.",
};

/* The worst of its states; one that was never asked is not there. */
static enum report_state state_of(const struct report_check *c) {
        enum report_state state = 0;

        while (state < REPORT_STATES && c->states[state] == 0)
                ++state;
        return state < REPORT_STATES ? state : REPORT_NOT_APPLICABLE;
}

static bool concerns(const struct oscal *o, const struct objective *b, const struct report_finding *f) {
        for (size_t i = 0; i < b->n_checks; ++i)
                if (b->checks[i] == f->check)
                        return oscal_tells(o, f) && (!b->control || control_owns(b->framework, b->control, f, NULL));
        return false;
}

static void add_related(struct oscal *o, const char *uuid, bool *any) {
        if (!*any)
                json_out_list(&o->j, "related-observations");
        *any = true;
        json_out_object(&o->j, NULL);
        json_out_words(&o->j, "observation-uuid", uuid);
        json_out_end_object(&o->j);
}

static void add_all_related(struct oscal *o, const struct objective *b) {
        char uuid[UUID_SIZE];
        bool any = false;

        for (size_t i = 0; i < o->r->findings.n; ++i)
                if (concerns(o, b, &o->r->findings.items[i])) {
                        oscal_name_observation(o, uuid, &o->r->findings.items[i]);
                        add_related(o, uuid, &any);
                }
        for (size_t i = 0; i < b->n_checks; ++i)
                if (o->r->checks.items[b->checks[i]].states[REPORT_PASS]) {
                        oscal_name_passes(o, uuid, b->checks[i]);
                        add_related(o, uuid, &any);
                }
        if (any)
                json_out_end_list(&o->j);
}

static void add_origin(struct oscal *o) {
        json_out_list(&o->j, "origins");
        json_out_object(&o->j, NULL);
        json_out_list(&o->j, "actors");
        json_out_object(&o->j, NULL);
        json_out_words(&o->j, "type", "tool");
        json_out_words(&o->j, "actor-uuid", o->tool);
        json_out_end_object(&o->j);
        json_out_end_list(&o->j);
        json_out_end_object(&o->j);
        json_out_end_list(&o->j);
}

static void add_finding(struct oscal *o, const struct objective *b) {
        const struct str parts[] = { o->r->host, b->framework_id, b->id };
        struct json_out *j = &o->j;
        char uuid[UUID_SIZE];

        oscal_name(o, uuid, "finding", parts, ARRAY_SIZE(parts));
        json_out_object(j, NULL);
        json_out_words(j, "uuid", uuid);
        oscal_markdown(o, "title", b->title.n ? b->title : b->id);
        json_out_words(j, "description", ends[b->state]);
        json_out_list(j, "props");
        oscal_property(o, "state", report_state_name(b->state));
        oscal_property(o, "control", b->id);
        json_out_end_list(j);
        add_origin(o);
        json_out_object(j, "target");
        json_out_words(j, "type", "objective-id");
        oscal_token(o, "target-id", b->framework_id, b->id);
        json_out_object(j, "status");
        json_out_words(j, "state", b->state == REPORT_PASS ? "satisfied" : "not-satisfied");
        json_out_words(j, "reason", b->state == REPORT_PASS ? "pass" : b->state == REPORT_FAIL ? "fail" : "other");
        if (b->control && b->control->beside.n)
                oscal_markdown(o, "remarks", b->control->beside);
        json_out_end_object(j);
        json_out_end_object(j);
        add_all_related(o, b);
        json_out_end_object(j);
}

/* What is not there can be neither satisfied nor not. */
static void add_objective(struct oscal *o, const struct objective *b, bool *any) {
        if (b->state == REPORT_NOT_APPLICABLE)
                return;
        if (!*any)
                json_out_list(&o->j, "findings");
        *any = true;
        add_finding(o, b);
}

void oscal_findings(struct oscal *o) {
        const struct report *r = o->r;
        bool any = false;

        for (size_t i = 0; i < r->frameworks.n; ++i) {
                const struct report_framework *f = &r->frameworks.items[i];

                for (size_t k = 0; k < f->n_controls; ++k) {
                        const struct report_control *c = &f->controls[k];

                        add_objective(
                                o,
                                &(struct objective){ f, c, c->checks, c->n_checks, f->id, c->id, c->title, c->state },
                                &any);
                }
        }
        for (size_t i = 0; r->frameworks.n == 0 && i < r->checks.n; ++i) {
                const struct report_check *c = &r->checks.items[i];

                add_objective(o,
                              &(struct objective){ NULL, NULL, &i, 1, STR_C("docksill"), c->id, c->title, state_of(c) },
                              &any);
        }
        if (any)
                json_out_end_list(&o->j);
}
