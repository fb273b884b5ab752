/*
 * jansson refuses text that is not UTF-8, and a requester may write anything: whatever came from a request or a file
 * goes in as text_add_visible() shows it.
 */
#include "docksill/base/cleanup.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/explain-lists.h"
#include "docksill/decide/explain.h"
#include "docksill/decide/gate.h"
#include "explained.h"
#include <errno.h>

#define SHOWN_MAX 4096

/* The string, made visible; NULL when there is no memory, which json_object_set_new() and its like pass on as
 * failure. */
static json_t *text_json(struct arena *arena, struct str s) {
        struct text t;

        text_init_arena(&t, arena);
        text_add_visible(&t, s, SHOWN_MAX);
        return t.failed ? NULL : json_stringn(t.p ? t.p : "", t.n);
}

static json_t *template_json(struct arena *arena, const struct template *template, const struct scope *scope) {
        struct text t;

        if (!template || (!scope->element && template_of_element(template)))
                return json_null();
        text_init_arena(&t, arena);
        template_add(&t, template, scope);
        return t.failed ? NULL : text_json(arena, str_trim(text_str(&t)));
}

static json_t *strings_json(struct arena *arena, const struct str *items, size_t n) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < n; ++i)
                if (json_array_append_new(list, text_json(arena, items[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *evidence_json(struct arena *arena, const struct finding *f) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < f->n_evidence; ++i) {
                const struct evidence *e = &f->evidence[i];
                json_t *item = json_pack("{s:o, s:o, s:s}", "where", text_json(arena, e->where), "message",
                                         text_json(arena, e->message), "severity", severity_name(e->severity).p);

                if (json_array_append_new(list, item) < 0)
                        return NULL;
        }
        return TAKE(list);
}

static json_t *references_json(struct arena *arena, const struct rule *rule) {
        json_auto_t *map = json_object();

        for (size_t i = 0; map && i < rule->n_references; ++i) {
                const struct rule_reference *r = &rule->references[i];
                struct text name;

                text_init_arena(&name, arena);
                text_add_visible(&name, r->framework, SHOWN_MAX);
                if (name.failed ||
                    json_object_set_new(map, name.p ? name.p : "", strings_json(arena, r->items, r->n)) < 0)
                        return NULL;
        }
        return TAKE(map);
}

/* What lifts the finding, or null. */
static json_t *exemption_json(struct arena *arena, const struct exemption *e) {
        if (!e)
                return json_null();
        return json_pack("{s:o, s:o, s:o, s:o}", "id", text_json(arena, e->id), "owner", text_json(arena, e->owner),
                         "reason", text_json(arena, e->reason), "expires", text_json(arena, e->expires));
}

/* The items as they are where they are text, unlike what is shown: a program may put them into a file. */
static json_t *list_json(struct arena *arena, const struct explain_list *list) {
        json_auto_t *items = json_array();
        struct text line;

        text_init_arena(&line, arena);
        explain_add_list(&line, list);
        for (size_t i = 0; items && i < list->n; ++i)
                if (json_array_append_new(items, json_stringn(list->items[i].p, list->items[i].n)) < 0)
                        return NULL;
        return line.failed || !items ? NULL
                                     : json_pack("{s:o, s:O, s:o}", "name", text_json(arena, list->name), "append",
                                                 items, "line", json_stringn(line.p, line.n));
}

/* What an admin could do: lines for override:, rules that take an exemption, what can't be listed. */
static json_t *let_in_json(struct arena *arena, const struct explained *e, const struct finding *f) {
        json_auto_t *lines = json_array(), *exempt = json_array(), *unfit = json_array();
        struct explain_lists lists = { 0 };

        if (!lines || !exempt || !unfit ||
            (!f->exempted_by && explain_lists(&lists, &e->decision, f, &e->request, e->decision.limits, arena) < 0))
                return NULL;
        for (size_t i = 0; i < lists.n; ++i)
                if (json_array_append_new(lines, list_json(arena, &lists.items[i])) < 0)
                        return NULL;
        for (size_t i = 0; i < lists.exempt.n; ++i)
                if (json_array_append_new(exempt, text_json(arena, lists.exempt.items[i]->id)) < 0)
                        return NULL;
        for (size_t i = 0; i < lists.unfit.n; ++i)
                if (json_array_append_new(unfit,
                                          json_pack("{s:o, s:s}", "value", text_json(arena, lists.unfit.items[i].value),
                                                    "why", lists.unfit.items[i].why)) < 0)
                        return NULL;
        return json_pack("{s:O, s:O, s:O}", "lists", lines, "exempt", exempt, "unfit", unfit);
}

static json_t *finding_json(struct arena *arena, const struct explained *e, const struct finding *f) {
        struct scope scope = { .facts = &e->request.facts };

        if (f->n_evidence) {
                scope.element = f->evidence[0].element;
                scope.spelling = f->evidence[0].spelling;
        }
        return json_pack("{s:o, s:o, s:s, s:i, s:b, s:b, s:b, s:o, s:o, s:I, s:o, s:{s:o, s:o, s:o}, s:o}", "rule",
                         text_json(arena, f->rule->id), "title", text_json(arena, f->rule->title), "severity",
                         severity_name(f->severity).p, "points", (int)f->points, "hard", f->hard, "unknown", f->unknown,
                         "audit", f->audit, "exempted_by",
                         f->exempted_by ? text_json(arena, f->exempted_by->id) : json_null(), "exemption",
                         exemption_json(arena, f->exempted_by), "instances", (json_int_t)f->instances, "evidence",
                         evidence_json(arena, f), "fix", "cli", template_json(arena, f->cause->fix->cli, &scope),
                         "compose", template_json(arena, f->cause->fix->compose, &scope), "let_in",
                         let_in_json(arena, e, f), "references", references_json(arena, f->rule));
}

static json_t *findings_json(struct arena *arena, const struct explained *e) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < e->decision.n_findings; ++i)
                if (json_array_append_new(list, finding_json(arena, e, &e->decision.findings[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *flaws_json(struct arena *arena, const struct flaws *flaws) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < flaws->n; ++i) {
                json_t *item = json_pack("{s:o, s:o}", "flaw", text_json(arena, flaw_name(flaws->notes[i].flaw)),
                                         "where", text_json(arena, flaws->notes[i].where));

                if (json_array_append_new(list, item) < 0)
                        return NULL;
        }
        return TAKE(list);
}

/* Nulls where only what is hard is denied. */
static json_t *deny_json(const struct limits *limits) {
        if (limits_deny_hard(limits))
                return json_pack("{s:n, s:n}", "severity", "points");
        return json_pack("{s:s, s:i}", "severity", severity_name(limits->deny_severity).p, "points",
                         (int)limits->deny_points);
}

static json_t *limits_json(const struct limits *limits) {
        return json_pack("{s:o, s:{s:s, s:i}}", "deny", deny_json(limits), "warn", "severity",
                         severity_name(limits->warn_severity).p, "points", (int)limits->warn_points);
}

/* "from" is null before the first step; null where there are no steps. */
static json_t *step_json(struct arena *arena, const struct step *step) {
        if (!step)
                return json_null();
        return json_pack("{s:o, s:o}", "from", step->day.n ? text_json(arena, step->day) : json_null(), "deny",
                         deny_json(&step->limits));
}

/* The steps in force and to come, and from which one on it is refused that today is not. */
static int add_steps(json_t *out, struct arena *arena, const struct decision *d) {
        json_t *from = d->due ? text_json(arena, d->due->day) : json_null();

        if (json_object_set_new(out, "step", step_json(arena, d->step)) < 0 ||
            json_object_set_new(out, "next", step_json(arena, d->next)) < 0 ||
            json_object_set_new(out, "refused_from", from) < 0)
                return -ENOMEM;
        return json_object_set_new(out, "must_go",
                                   d->due ? json_integer(gate_excess(d, &d->due->limits)) : json_null());
}

/* Those that may be pasted, or those to be thought about. */
static json_t *flags_json(struct arena *arena, const struct flags *flags, bool by_hand) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < flags->n; ++i)
                if (flag_is_by_hand(flags->items[i]) == by_hand &&
                    json_array_append_new(list, text_json(arena, flags->items[i])) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *changes_json(struct arena *arena, const struct flags *flags) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < flags->n; ++i) {
                struct str flag = flags->items[i];
                json_t *item = json_pack("{s:o, s:s, s:b, s:b}", "flag", text_json(arena, flag), "changes",
                                         flag_changes(flag).p, "may_stop", flag_may_stop(flag), "by_hand",
                                         flag_is_by_hand(flag));

                if (json_array_append_new(list, item) < 0)
                        return NULL;
        }
        return TAKE(list);
}

/* What is known of the image, to which the flags are fitted, or null. */
static json_t *profile_json(struct arena *arena, const struct explained *e) {
        const struct profile *p = ruleset_profile(e->rules, e->request.facts.image.name.value);

        if (!p)
                return json_null();
        return json_pack("{s:o, s:o, s:o, s:o}", "name", text_json(arena, p->name), "source",
                         text_json(arena, p->source), "as_of", text_json(arena, p->as_of), "sure",
                         text_json(arena, p->sure));
}

/* What the user reads, or null where nobody is refused. */
static json_t *refusal_json(struct arena *arena, const struct explained *e) {
        struct text t;

        if (e->decision.verdict != VERDICT_DENY)
                return json_null();
        text_init_arena(&t, arena);
        explain_refusal(&t, &e->decision, &e->request, e->rules, &e->style);
        /* As serve answers: its own line breaks stay, and foreign text in it is escaped already. */
        return t.failed ? NULL : json_stringn(t.p, t.n);
}

/* What would let it through, or null where it is, and will be, or where nothing can be promised. */
static json_t *pass_json(struct arena *arena, const struct explained *e) {
        json_auto_t *by_hand = json_array();

        if ((e->decision.verdict != VERDICT_DENY && !e->decision.due) || !e->remedy.found)
                return json_null();
        for (size_t i = 0; by_hand && i < e->remedy.n_by_hand; ++i)
                if (json_array_append_new(by_hand, text_json(arena, e->remedy.by_hand[i]->rule->id)) < 0)
                        return NULL;
        return by_hand ? json_pack("{s:o, s:O, s:i}", "flags",
                                   strings_json(arena, e->remedy.flags.items, e->remedy.flags.n), "by_hand", by_hand,
                                   "points", (int)e->remedy.points)
                       : NULL;
}

/* The exemption that does not hold, and beside what. */
static json_t *lapse_json(struct arena *arena, const struct lapse *l) {
        json_auto_t *rules = json_array();

        if (!l->exemption)
                return json_null();
        for (size_t i = 0; rules && i < l->n_rules; ++i)
                if (json_array_append_new(rules, text_json(arena, l->rules[i]->id)) < 0)
                        return NULL;
        return rules ? json_pack("{s:o, s:i, s:i, s:O, s:i}", "exemption", text_json(arena, l->exemption->id),
                                 "remaining_points", (int)l->exemption->remaining_points, "points", (int)l->points,
                                 "beside", rules, "more", (int)l->n_more)
                     : NULL;
}

json_t *explained_json(const struct explained *e, struct arena *arena) {
        const struct operation *operation = e->request.operation;
        const struct decision *d = &e->decision;
        json_auto_t *out = NULL;
        struct flags flags;

        if (explain_flags(&flags, d, NULL, &e->request, arena) < 0)
                return NULL;
        out = json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:s, s:s, s:b, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, "
                        "s:o, s:o, s:o, s:o}",
                        "schema", "docksill.explain/1", "docksill", DOCKSILL_VERSION, "environment",
                        text_json(arena, ruleset_name(e->rules)), "rules_digest",
                        text_json(arena, ruleset_digest(e->rules)), "mode", mode_name(d->mode).p, "operation",
                        text_json(arena, operation ? operation->id : STR_C("unknown")), "verdict",
                        verdict_name(d->verdict).p, "would", verdict_name(d->would).p, "allow", d->allow, "gate",
                        gate_name(d->gate).p, "points", (int)d->points, "enforced_points", (int)d->enforced_points,
                        "limits", limits_json(e->decision.limits), "flaws", flaws_json(arena, &e->request.flaws),
                        "findings", findings_json(arena, e), "flags", flags_json(arena, &flags, false), "flags_by_hand",
                        flags_json(arena, &flags, true), "changes", changes_json(arena, &flags), "profile",
                        profile_json(arena, e), "pass", pass_json(arena, e), "lapsed", lapse_json(arena, &d->lapse),
                        "refusal", refusal_json(arena, e));
        return out && add_steps(out, arena, d) == 0 ? TAKE(out) : NULL;
}
