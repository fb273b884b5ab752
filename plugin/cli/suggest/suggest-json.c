#include "docksill/base/cleanup.h"
#include "docksill/decide/explain-lists.h"
#include "docksill/decide/gate.h"
#include "frame/output.h"
#include "suggested.h"

/* An array of what @one makes of each of @n items; NULL without memory. */
#define LIST_JSON(n, one)                                                                                              \
        __extension__({                                                                                                \
                json_t *list_ = json_array();                                                                          \
                for (size_t i = 0; list_ && i < (n); ++i)                                                              \
                        if (json_array_append_new(list_, (one)) < 0) {                                                 \
                                json_decref(list_);                                                                    \
                                list_ = NULL;                                                                          \
                        }                                                                                              \
                list_;                                                                                                 \
        })

static json_t *number_json(int64_t n) {
        return n == UNTOLD ? json_null() : json_integer(n);
}

/* -- what was seen -- */

static json_t *capabilities_json(struct arena *arena, uint64_t set) {
        json_auto_t *list = json_array();

        for (unsigned bit = 0; list && bit < CAPABILITIES; ++bit)
                if (set >> bit & 1 && json_array_append_new(list, printable_json(capability_name(arena, bit))) < 0)
                        return NULL;
        return TAKE(list);
}

static json_t *process_json(struct arena *arena, const struct observed_process *p) {
        return json_pack("{s:I, s:o, s:I, s:I, s:o, s:o, s:b}", "pid", (json_int_t)p->pid, "name",
                         printable_json(p->name), "user", (json_int_t)p->user[ID_EFFECTIVE], "group",
                         (json_int_t)p->group[ID_EFFECTIVE], "effective", capabilities_json(arena, p->effective),
                         "permitted", capabilities_json(arena, p->permitted), "no_new_privileges",
                         p->no_new_privileges);
}

static json_t *listener_json(const struct observed_listener *l) {
        return json_pack("{s:i, s:s, s:b}", "port", (int)l->port, "protocol", l->udp ? "udp" : "tcp", "loopback",
                         l->loopback);
}

static json_t *observed_json(const struct observed *o, struct arena *arena) {
        return json_pack(
                "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "seconds",
                number_json(o->age == UNTOLD ? UNTOLD : o->age / 1000000), "memory_peak", number_json(o->memory_peak),
                "pids", number_json(o->pids), "pids_peak", number_json(o->pids_peak), "cpu_microseconds",
                number_json(o->cpu), "processes",
                LIST_JSON(o->processes.n, process_json(arena, &o->processes.items[i])), "listens",
                o->sockets_told ? LIST_JSON(o->listeners.n, listener_json(&o->listeners.items[i])) : json_null(),
                "writes", o->files_told ? LIST_JSON(o->files.n, printable_json(o->files.items[i].path)) : json_null(),
                "changes", o->changes_told ? json_integer((json_int_t)o->changes.n) : json_null());
}

/* -- what is suggested -- */

static json_t *suggestion_json(const struct suggestion *s) {
        return json_pack("{s:s, s:o, s:o, s:o, s:s, s:b}", "topic", s->topic, "flags",
                         printable_list_json(s->flags.items, s->flags.n), "change",
                         s->instead.n ? printable_json(s->instead) : json_null(), "evidence",
                         printable_json(s->evidence), "sure", sureness_name(s->sure).p, "applied", s->applied);
}

static json_t *verdict_json(const struct suggest_verdict *v) {
        return json_pack("{s:s, s:i}", "verdict", verdict_name(v->verdict).p, "points", (int)v->points);
}

static json_t *verdicts_json(const struct suggested *s, size_t i) {
        return json_pack("{s:o, s:b, s:o, s:o}", "environment", printable_json(s->yardsticks->items[i].name), "chosen",
                         i == s->yardsticks->chosen, "before", verdict_json(&s->before[i]), "after",
                         s->unjudged ? json_null() : verdict_json(&s->after[i]));
}

/* -- what is left -- */

static json_t *template_json(const struct suggested *s, const struct finding *f, const struct template *template,
                             struct arena *arena) {
        struct scope scope = { .facts = &s->left.request.facts };
        struct text t;

        if (f->n_evidence) {
                scope.element = f->evidence[0].element;
                scope.spelling = f->evidence[0].spelling;
        }
        if (!template || (!scope.element && template_of_element(template)))
                return json_null();
        text_init_arena(&t, arena);
        template_add_words(&t, template, &scope);
        return t.failed ? NULL : printable_json(str_trim(text_str(&t)));
}

/* Lines for override: that let it in. */
static json_t *lists_json(const struct suggested *s, const struct finding *f, struct arena *arena) {
        json_auto_t *lines = json_array();
        struct explain_lists lists;

        if (!lines ||
            explain_lists(&lists, &s->left.decision, f, &s->left.request, ruleset_limits(s->left.rules), arena) < 0)
                return NULL;
        for (size_t i = 0; i < lists.n; ++i) {
                struct text line;

                text_init_arena(&line, arena);
                explain_add_list(&line, &lists.items[i]);
                if (line.failed || json_array_append_new(lines, json_stringn(line.p, line.n)) < 0)
                        return NULL;
        }
        return TAKE(lines);
}

static json_t *finding_json(const struct suggested *s, const struct finding *f, struct arena *arena) {
        return json_pack("{s:o, s:s, s:i, s:b, s:o, s:o, s:o, s:o}", "rule", printable_json(f->rule->id), "severity",
                         severity_name(f->severity).p, "points", (int)f->points, "hard", f->hard, "message",
                         printable_json(f->n_evidence ? f->evidence[0].message : f->rule->title), "fix",
                         template_json(s, f, f->cause->fix->cli, arena), "compose",
                         template_json(s, f, f->cause->fix->compose, arena), "lists", lists_json(s, f, arena));
}

static json_t *left_json(const struct suggested *s, struct arena *arena) {
        const struct decision *d = &s->left.decision;
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < d->n_findings; ++i)
                if (gate_tells(d, &d->findings[i], ruleset_limits(s->left.rules)) &&
                    json_array_append_new(list, finding_json(s, &d->findings[i], arena)) < 0)
                        return NULL;
        return TAKE(list);
}

/* What would let it through all the same, or null. */
static json_t *further_json(const struct suggested *s) {
        const struct remedy *remedy = &s->left.remedy;

        if (s->left.decision.verdict != VERDICT_DENY || !remedy->found)
                return json_null();
        return json_pack("{s:o, s:o}", "flags", printable_list_json(remedy->flags.items, remedy->flags.n), "by_hand",
                         LIST_JSON(remedy->n_by_hand, printable_json(remedy->by_hand[i]->rule->id)));
}

json_t *suggested_json(const struct suggested *s, struct arena *arena) {
        const struct suggest_subject *subject = s->subject;
        const struct flags flags = suggested_flags(s);
        struct text compose;

        text_init_arena(&compose, arena);
        suggested_add_compose(&compose, s, arena, "");
        if (compose.failed)
                return NULL;
        return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
                         printable_json(subject->name), "id", printable_json(subject->id), "image",
                         printable_json(s->image), "running", subject->running, "note",
                         subject->note.n ? printable_json(subject->note) : json_null(), "observed",
                         s->watched ? observed_json(&s->observed, arena) : json_null(), "unseen",
                         printable_list_json(s->observed.unseen.items, s->observed.unseen.n), "suggestions",
                         LIST_JSON(s->suggestions.n, suggestion_json(&s->suggestions.items[i])), "flags",
                         printable_list_json(flags.items, flags.n), "compose",
                         compose.n ? json_stringn(compose.p, compose.n) : json_null(), "verdicts",
                         LIST_JSON(s->yardsticks->n, verdicts_json(s, i)), "left", left_json(s, arena), "further",
                         further_json(s), "unjudged", s->unjudged ? json_string(s->unjudged) : json_null());
}
