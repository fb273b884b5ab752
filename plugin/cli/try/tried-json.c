#include "frame/output.h"
#include "tried.h"

#define SECONDS(microseconds) ((double)((microseconds) / 1000) / 1000)

/* What is none yet, for json_pack(): a member is left out. */
static json_t *text_or_null(struct str s) {
        return s.n ? printable_json(s) : json_null();
}

static json_t *concession_json(const struct tried *t, size_t i) {
        const struct concession *c = &t->items[i];
        const char *how = c->kind == CONCEDE_FOLDER ? c->volume ? "volume" : "tmpfs" : NULL;

        return json_pack("{s:s, s:o, s:s?}", "kind", concession_kind_name(c->kind), "name", text_or_null(c->name),
                         "how", how);
}

static json_t *conceded_json(const struct tried *t, uint64_t conceded) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < t->form.n; ++i)
                if (conceded & UINT64_C(1) << i && json_array_append_new(list, concession_json(t, i)) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *attempts_json(const struct tried *t) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < t->attempts.n; ++i) {
                const struct attempt *a = &t->attempts.items[i];
                json_t *one = json_pack("{s:I, s:o, s:b, s:o, s:o, s:o, s:f}", "try", (json_int_t)i + 1, "what",
                                        text_or_null(a->what), "works", a->works, "reason", text_or_null(a->reason),
                                        "line", text_or_null(a->line), "conceded", conceded_json(t, a->conceded),
                                        "seconds", SECONDS(a->took));

                if (json_array_append_new(list, one) < 0)
                        return NULL;
        }
        return TAKE(list);
}

/* What is needed, with the number of the try that failed without it. */
static json_t *needs_json(const struct tried *t) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < t->form.n; ++i) {
                const struct attempt *proof = tried_proof(t, i);
                json_t *one;

                if (!(t->form.conceded & UINT64_C(1) << i))
                        continue;
                one = concession_json(t, i);
                if (one &&
                    json_object_set_new(
                            one, "proof",
                            proof ? json_pack("{s:I, s:o, s:o}", "try", (json_int_t)(proof - t->attempts.items) + 1,
                                              "reason", text_or_null(proof->reason), "line", text_or_null(proof->line))
                                  : json_null()) < 0)
                        return NULL;
                if (json_array_append_new(list, one) < 0)
                        return NULL;
        }
        return TAKE(list);
}

static json_t *verdict_json(const struct explained *e) {
        const struct decision *d = &e->decision;
        json_auto_t *findings = json_array();

        for (size_t i = 0; findings && i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];
                struct str message = f->n_evidence ? f->evidence[0].message : (struct str){ 0 };

                if (f->exempted_by)
                        continue;
                if (json_array_append_new(findings,
                                          json_pack("{s:o, s:I, s:o}", "rule", printable_json(f->rule->id), "points",
                                                    (json_int_t)f->points, "message", printable_json(message))) < 0)
                        return NULL;
        }
        return json_pack("{s:s, s:s, s:I, s:o, s:O}", "verdict", verdict_name(d->verdict).p, "gate",
                         gate_name(d->gate).p, "points", (json_int_t)d->points, "limit",
                         limits_deny_hard(d->limits) ? json_null() : json_integer(d->limits->deny_points), "findings",
                         findings);
}

static json_t *compose_json(struct arena *arena, const struct flags *flags) {
        struct text t;

        text_init_arena(&t, arena);
        if (!flags_add_words(&t, flags, FLAG_COMPOSE, "\n"))
                return json_null();
        return t.failed ? NULL : json_stringn(t.p ? t.p : "", t.n);
}

static int add_found(json_t *tree, struct arena *arena, const struct tried *t, const struct verdicts *v) {
        struct flags flags = { 0 }, dropped = { 0 };
        json_t *found;

        if (tried_flags(&flags, arena, t) < 0 || original_dropped(&dropped, arena, &t->original, &t->form) < 0)
                return -1;
        found = json_pack("{s:b, s:b, s:s, s:o, s:o, s:o, s:o, s:o}", "minimal", t->minimal, "confirmed", t->confirmed,
                          "ending", t->ending == ENDING_DONE ? "done" : "up", "flags",
                          printable_list_json(flags.items, flags.n), "without",
                          printable_list_json(dropped.items, dropped.n), "compose", compose_json(arena, &flags),
                          "needs", needs_json(t), "after", verdict_json(&v->after));
        if (!found || json_object_update(tree, found) < 0) {
                json_decref(found);
                return -1;
        }
        json_decref(found);
        return 0;
}

json_t *tried_json(struct arena *arena, const struct tried *t, const struct verdicts *v) {
        json_auto_t *tree = json_pack(
                "{s:s, s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:b, s:b, s:b, s:I, s:f}", "schema", "docksill.try/1",
                "kind", t->original.container ? "container" : "image", "name", printable_json(t->original.name), "id",
                printable_json(t->original.id), "environment", printable_json(ruleset_name(v->before.rules)), "found",
                t->found, "before", verdict_json(&v->before), "attempts", attempts_json(t), "notes",
                printable_list_json(t->original.notes.items, t->original.notes.n), "network", t->network, "fresh",
                t->fresh, "elsewhere", t->elsewhere, "copies", (json_int_t)t->copies, "seconds", SECONDS(t->took));

        if (!tree || (t->found && add_found(tree, arena, t, v) < 0))
                return NULL;
        return TAKE(tree);
}
