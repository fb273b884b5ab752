#include "difference.h"
#include "frame/output.h"

static json_t *standing_json(standing s) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        if (s == STANDING_SILENT)
                return json_null();
        standing_add(&t, s);
        return t.failed ? NULL : json_stringn(t.p, t.n);
}

/* Appends what was made, or remembers that there was no memory. */
static bool append(json_t *list, json_t *one) {
        return json_array_append_new(list, one) == 0;
}

static json_t *side_json(const struct side *s) {
        return json_pack("{s:o, s:o, s:b, s:I, s:o}", "given", printable_json(str_from(s->given)), "environment",
                         printable_json(ruleset_name(s->setup.rules)), "configuration", s->configuration, "rules",
                         (json_int_t)ruleset_rules(s->setup.rules).n, "rules_digest",
                         printable_json(ruleset_digest(s->setup.rules)));
}

static json_t *outcome_json(const struct outcome *o) {
        return json_pack("{s:o, s:o, s:i}", "verdict", printable_json(verdict_name(o->verdict)), "gate",
                         printable_json(gate_name(o->gate)), "points", (int)o->points);
}

static json_t *moved_json(const struct moved *m) {
        json_auto_t *rules = json_array();

        for (size_t i = 0; rules && i < m->rules.n; ++i) {
                const struct moved_rule *one = &m->rules.items[i];

                if (!append(rules, json_pack("{s:o, s:o, s:o}", "rule", printable_json(one->rule), "before",
                                             standing_json(one->from), "after", standing_json(one->to))))
                        return NULL;
        }
        return rules ? json_pack("{s:o, s:o, s:o, s:o, s:o, s:O}", "what", printable_json(m->what), "image",
                                 printable_json(m->image), "operation", printable_json(m->operation), "before",
                                 outcome_json(&m->before), "after", outcome_json(&m->after), "rules", rules)
                     : NULL;
}

static json_t *moves_json(const struct moves *moves) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < moves->n; ++i)
                if (!append(list, moved_json(&moves->items[i])))
                        return NULL;
        return TAKE(list);
}

static json_t *changes_json(const uint64_t *calls) {
        return json_pack("{s:I, s:I, s:I, s:I, s:I}", "newly_refused", (json_int_t)calls[CHANGE_REFUSED],
                         "newly_allowed", (json_int_t)calls[CHANGE_ALLOWED], "more_points",
                         (json_int_t)calls[CHANGE_UP], "fewer_points", (json_int_t)calls[CHANGE_DOWN], "as_many",
                         (json_int_t)calls[CHANGE_NONE]);
}

static json_t *verdicts_json(const uint64_t *calls) {
        return json_pack("{s:I, s:I, s:I}", "allowed", (json_int_t)calls[VERDICT_ALLOW], "warned",
                         (json_int_t)calls[VERDICT_WARN], "refused", (json_int_t)calls[VERDICT_DENY]);
}

static json_t *rule_sums_json(const struct comparison *c) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < c->rules.n; ++i)
                for (size_t k = 0; k < c->rules.items[i].n; ++k) {
                        const struct transition *one = &c->rules.items[i].items[k];

                        if (!append(list,
                                    json_pack("{s:o, s:o, s:o, s:I}", "rule", printable_json(c->rules.items[i].rule),
                                              "before", standing_json(one->from), "after", standing_json(one->to),
                                              "calls", (json_int_t)one->calls)))
                                return NULL;
                }
        return TAKE(list);
}

static json_t *image_json(json_t *name, const struct image_changes *i) {
        return json_pack("{s:o, s:o}", "image", name, "changes", changes_json(i->calls));
}

static json_t *images_json(const struct comparison *c) {
        json_auto_t *list = json_array();
        uint64_t others = 0;

        for (size_t i = 0; list && i < c->images.n; ++i)
                if (!append(list, image_json(printable_json(c->images.items[i].image), &c->images.items[i])))
                        return NULL;
        for (size_t i = 0; i < CHANGES; ++i)
                others += c->other.calls[i];
        if (list && others && !append(list, image_json(json_null(), &c->other)))
                return NULL;
        return TAKE(list);
}

static json_t *settings_json(const struct ruleset_change *c) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < c->settings.n; ++i) {
                const struct setting_change *s = &c->settings.items[i];

                if (!append(list, json_pack("{s:o, s:o, s:o}", "name", printable_json(s->name), "before",
                                            printable_list_json(s->before.items, s->before.n), "after",
                                            printable_list_json(s->after.items, s->after.n))))
                        return NULL;
        }
        return TAKE(list);
}

static json_t *rules_json(const struct ruleset_change *c) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < c->rules.n; ++i) {
                const struct rule_change *r = &c->rules.items[i];
                const char *change = !r->before ? "new" : !r->after ? "gone" : r->text ? "written" : "cost";

                if (!append(list, json_pack("{s:o, s:s, s:o, s:o}", "rule", printable_json(r->id), "change", change,
                                            "before", r->before ? standing_json(r->from) : json_null(), "after",
                                            r->after ? standing_json(r->to) : json_null())))
                        return NULL;
        }
        return TAKE(list);
}

static json_t *untold_json(const struct difference *d) {
        return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "new_rules", (json_int_t)d->rules.added, "cases",
                         (json_int_t)d->doubts.cases, "exemptions", (json_int_t)d->doubts.exemptions, "access",
                         (json_int_t)d->doubts.access, "made_by_other_rules", (json_int_t)d->foreign, "lost",
                         (json_int_t)d->lost);
}

static json_t *passed_over_json(const struct passed_over *p) {
        size_t n = p->n < DIFFERENCE_NAMED ? (size_t)p->n : DIFFERENCE_NAMED;

        return json_pack("{s:I, s:o}", "calls", (json_int_t)p->n, "first", printable_list_json(p->named, n));
}

static json_t *judged_json(const struct difference *d) {
        static const char *const sources[] = { [DIFFERENCE_NOTHING] = "nothing",
                                               [DIFFERENCE_CALLS] = "calls",
                                               [DIFFERENCE_CAPTURED] = "captured",
                                               [DIFFERENCE_CONTAINERS] = "containers",
                                               [DIFFERENCE_RECORDS] = "records" };
        const struct comparison *c = &d->comparison;

        return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "source", sources[d->source],
                         "calls", (json_int_t)c->calls, "changes", changes_json(c->changes), "before",
                         verdicts_json(c->before), "after", verdicts_json(c->after), "newly_refused",
                         moves_json(&c->refused), "newly_allowed", moves_json(&c->allowed), "by_rule",
                         rule_sums_json(c), "by_image", images_json(c), "passed_over", passed_over_json(&d->passed),
                         "removed_meanwhile", (json_int_t)d->gone);
}

json_t *difference_json(const struct difference *d) {
        return json_pack("{s:s, s:o, s:o, s:o, s:o?, s:o, s:o}", "schema", "docksill.diff/1", "old",
                         side_json(d->before), "new", side_json(d->after), "judged", judged_json(d), "untold",
                         d->source == DIFFERENCE_RECORDS ? untold_json(d) : NULL, "settings", settings_json(&d->rules),
                         "rules", rules_json(&d->rules));
}
