#include "coverage.h"
#include "frame/output.h"

static json_t *rule_json(const struct covering_rule *r) {
        return json_pack("{s:o, s:s, s:o}", "id", printable_json(r->rule->id), "state", rule_state_name(r->state).p,
                         "until", r->until.n ? printable_json(r->until) : json_null());
}

static json_t *rules_json(const struct covered_control *c) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < c->rules.n; ++i)
                if (json_array_append_new(list, rule_json(&c->rules.items[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *control_json(const struct covered_control *c) {
        const struct control *control = c->control;

        return json_pack("{s:o, s:o, s:o, s:s, s:b, s:s, s:o, s:o, s:o}", "id", printable_json(control->id), "title",
                         printable_json(control->title), "scope", printable_json(control->scope), "covers",
                         control_covers_name(control->covers).p, "unsure", control->unsure, "state",
                         rule_state_name(c->state).p, "rules", rules_json(c), "why", printable_json(control->why),
                         "beside", printable_json(control->beside));
}

static json_t *controls_json(const struct covered_framework *f) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < f->framework->n_controls; ++i)
                if (json_array_append_new(list, control_json(&f->controls[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *framework_json(const struct covered_framework *f) {
        const struct framework *framework = f->framework;

        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:{s:I, s:I, s:I}, s:o}", "id", printable_json(framework->id),
                         "title", printable_json(framework->title), "edition", printable_json(framework->edition),
                         "source", printable_json(framework->source), "checked", printable_json(framework->checked),
                         "covers", "full", (json_int_t)f->covers[COVERS_FULL], "part",
                         (json_int_t)f->covers[COVERS_PART], "none", (json_int_t)f->covers[COVERS_NONE], "controls",
                         controls_json(f));
}

json_t *coverage_json(const struct coverage *c) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < c->n; ++i)
                if (json_array_append_new(list, framework_json(&c->items[i])) < 0)
                        return NULL;
        return list ? json_pack("{s:s, s:o, s:s, s:b, s:o, s:s, s:O}", "schema", "docksill.coverage/1", "environment",
                                printable_json(ruleset_name(c->rules)), "mode", mode_name(c->mode).p, "lookups",
                                !(c->off & SOURCE_ENGINE), "rules_digest", printable_json(ruleset_digest(c->rules)),
                                "note", coverage_note, "frameworks", list)
                    : NULL;
}
