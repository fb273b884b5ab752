#include "audited.h"
#include "frame/output.h"

static json_t *references_json(const struct rule *rule) {
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < rule->n_references; ++i) {
                const struct rule_reference *r = &rule->references[i];

                if (json_object_setn_new(map, r->framework.p, r->framework.n, printable_list_json(r->items, r->n)) < 0)
                        return NULL;
        }
        return TAKE(map);
}

static json_t *evidence_json(const struct finding *f) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && f && i < f->n_evidence; ++i)
                if (json_array_append_new(list,
                                          json_pack("{s:o, s:o, s:s%}", "where", printable_json(f->evidence[i].where),
                                                    "message", printable_json(f->evidence[i].message), "severity",
                                                    severity_name(f->evidence[i].severity).p,
                                                    severity_name(f->evidence[i].severity).n)) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *fix_json(const struct audit_result *r) {
        const struct finding *f = r->finding;
        const struct scope scope = { .facts = r->facts, .element = f && f->n_evidence ? f->evidence[0].element : NULL };
        cleanup_(text_deinit) struct text fix;

        text_init(&fix);
        /* What could not be told has no element to speak of. */
        if (f && r->state == AUDIT_FAIL)
                template_add(&fix, f->cause->fix->cli, &scope);
        return printable_json(text_str(&fix));
}

static json_t *result_json(const struct audit_result *r) {
        bool counts = r->finding && r->state == AUDIT_FAIL;
        struct str area = audit_area_name(r->area), state = audit_state_name(r->state);
        struct str severity = severity_name(counts ? r->finding->severity : SEVERITY_NONE);

        return json_pack("{s:o, s:o, s:s%, s:s%, s:s%, s:i, s:o, s:o, s:i, s:o, s:o, s:o}", "rule",
                         printable_json(r->rule->id), "title", printable_json(r->rule->title), "area", area.p, area.n,
                         "state", state.p, state.n, "severity", severity.p, severity.n, "points",
                         counts ? (int)r->finding->points : 0, "why", printable_json(r->why), "evidence",
                         evidence_json(r->state == AUDIT_UNKNOWN ? NULL : r->finding), "instances",
                         r->finding ? (int)r->finding->instances : 0, "fix", fix_json(r), "rule_why",
                         printable_json(r->rule->why), "references", references_json(r->rule));
}

static json_t *areas_json(const struct audited *a) {
        json_auto_t *map = json_object();

        for (unsigned area = 0; map && area < AREAS; ++area)
                if (a->areas[area] && json_object_set_new(map, audit_area_name(area).p,
                                                          json_pack("{s:i, s:i}", "points", (int)a->points[area],
                                                                    "score", (int)audit_score(a, area))) < 0)
                        return NULL;
        return TAKE(map);
}

static json_t *states_json(const struct audited *a) {
        json_auto_t *map = json_object();

        for (unsigned state = 0; map && state < AUDIT_STATES; ++state)
                if (json_object_set_new(map, audit_state_name(state).p, json_integer((json_int_t)a->states[state])) < 0)
                        return NULL;
        return TAKE(map);
}

json_t *audit_json(const struct audited *a) {
        json_auto_t *results = json_array();

        for (size_t i = 0; results && i < a->n; ++i)
                if (json_array_append_new(results, result_json(&a->items[i])) < 0)
                        return NULL;
        if (!results)
                return NULL;
        return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:O}", "schema", "docksill.audit/1", "environment",
                         printable_json(ruleset_name(a->rules)), "root", printable_json(str_from(a->root)), "notes",
                         printable_list_json(a->posture.notes.items, a->posture.notes.n), "areas", areas_json(a),
                         "states", states_json(a), "results", results);
}
