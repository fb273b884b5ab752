#include "docksill/decide/explain-lists.h"
#include "docksill/decide/gate.h"
#include "docksill/decide/wrap.h"
#include "frame/table.h"
#include "suggested.h"
#include <errno.h>
#include <inttypes.h>

#define SHOWN_MAX 400
#define COLUMNS   110
#define INDENT    13 /* of what stands behind how sure it is */

struct printer {
        struct text *out;
        const struct suggested *s;
        struct arena *arena;
};

/* Foreign text, as lines of a person. */
static void add_wrapped(const struct printer *p, struct str s, size_t indent) {
        struct text visible;

        text_init_arena(&visible, p->arena);
        text_add_visible(&visible, s, SHOWN_MAX);
        wrap_add(p->out, text_str(&visible), indent, COLUMNS, 8);
        text_add_char(p->out, '\n');
}

/* -- what it is -- */

static void add_head(const struct printer *p) {
        const struct suggest_subject *subject = p->s->subject;
        const struct fitting fitting = { .o = &p->s->observed, .out = (struct suggestions *)&p->s->suggestions };

        text_add_visible(p->out, subject->name.n ? subject->name : STR_C("container"), SHOWN_MAX);
        if (p->s->image.n) {
                text_addz(p->out, "  ");
                text_add_visible(p->out, p->s->image, SHOWN_MAX);
        }
        if (p->s->watched && p->s->observed.age == UNTOLD) {
                text_addz(p->out, ", running\n");
        } else if (p->s->watched) {
                text_addf(p->out, ", started %" STR_FMT " ago\n", STR_ARG(fit_age(&fitting)));
        } else {
                text_addz(p->out, subject->inspect && !subject->running ? ", not running: what the rules offer\n"
                                                                        : ", not looked at: what the rules offer\n");
        }
        if (subject->note.n) {
                text_addz(p->out, "  note: ");
                add_wrapped(p, subject->note, 8);
        }
}

/* -- what was seen -- */

static void add_users(struct text *t, const struct observed *o) {
        size_t shown = 0;

        text_addf(t, "%zu process%s as user", o->processes.n, o->processes.n == 1 ? "" : "es");
        for (size_t i = 0; i < o->processes.n; ++i) {
                uint32_t user = o->processes.items[i].user[ID_EFFECTIVE];
                bool known = false;

                for (size_t k = 0; k < i && !known; ++k)
                        known = o->processes.items[k].user[ID_EFFECTIVE] == user;
                if (!known && shown++ < 5)
                        text_addf(t, "%s %u", shown > 1 ? "," : "", user);
        }
        text_addz(t, shown > 5 ? " …; " : "; ");
}

static void add_ports(struct text *t, const struct observed *o) {
        size_t shown = 0;

        if (!o->sockets_told)
                return;
        for (size_t i = 0; i < o->listeners.n && shown < 10; ++i)
                text_addf(t, "%s%u/%s%s", shown++ ? ", " : "listens on ", o->listeners.items[i].port,
                          o->listeners.items[i].udp ? "udp" : "tcp", o->listeners.items[i].loopback ? " (inside)" : "");
        text_addz(t, shown ? "; " : "listens on no port; ");
}

static void add_numbers(const struct printer *p, struct text *t) {
        const struct observed *o = &p->s->observed;
        const struct fitting fitting = { .o = o, .out = (struct suggestions *)&p->s->suggestions };

        if (o->memory_peak != UNTOLD)
                text_addf(t, "%" STR_FMT " of memory at most; ", STR_ARG(fit_bytes(&fitting, o->memory_peak)));
        if (o->files_told)
                text_addf(t, "%zu file%s open for writing; ", o->files.n, o->files.n == 1 ? "" : "s");
        if (o->changes_told)
                text_addf(t, "%zu change%s to its image; ", o->changes.n, o->changes.n == 1 ? "" : "s");
}

static void add_seen(const struct printer *p) {
        const struct observed *o = &p->s->observed;
        struct text t;

        if (!p->s->watched)
                return;
        text_init_arena(&t, p->arena);
        if (o->processes.n)
                add_users(&t, o);
        add_ports(&t, o);
        add_numbers(p, &t);
        if (t.n > 2) {
                text_addz(p->out, "  seen:     ");
                add_wrapped(p, str_first(text_str(&t), t.n - 2), 12);
        }
        for (size_t i = 0; i < o->unseen.n; ++i) {
                text_addz(p->out, "  not seen: ");
                add_wrapped(p, o->unseen.items[i], 12);
        }
}

/* -- what is suggested -- */

static void add_flag(const struct printer *p, struct str flag) {
        struct text visible;

        text_init_arena(&visible, p->arena);
        text_add_visible(&visible, flag, SHOWN_MAX);
        flag_add_shell(p->out, text_str(&visible));
}

static void add_words(const struct printer *p, const struct suggestion *s) {
        for (size_t i = 0; i < s->flags.n; ++i) {
                text_addz(p->out, i ? " " : "");
                add_flag(p, s->flags.items[i]);
        }
        if (s->instead.n) {
                text_addz(p->out, s->flags.n ? "; " : "");
                text_add_visible(p->out, s->instead, SHOWN_MAX);
        }
        text_add_char(p->out, '\n');
}

static void add_suggestion(const struct printer *p, const struct suggestion *s) {
        static const char *const labels[] = { "sure", "likely", "over time" };

        text_addf(p->out, "  %-*s", INDENT - 2, labels[s->sure]);
        add_words(p, s);
        if (s->evidence.n) {
                text_addf(p->out, "%*s", INDENT, "");
                add_wrapped(p, s->evidence, INDENT);
        }
}

static size_t count(const struct suggestions *s, bool applied) {
        size_t n = 0;

        for (size_t i = 0; i < s->n; ++i)
                n += s->items[i].applied == applied;
        return n;
}

static void add_suggestions(const struct printer *p, bool applied, const char *title) {
        const struct suggestions *s = &p->s->suggestions;

        if (count(s, applied) == 0)
                return;
        text_addf(p->out, "\n  %s\n", title);
        for (size_t i = 0; i < s->n; ++i)
                if (s->items[i].applied == applied)
                        add_suggestion(p, &s->items[i]);
}

/* -- to paste -- */

/* What flags can't add is said. */
static void add_changes(const struct printer *p) {
        for (size_t i = 0; i < p->s->suggestions.n; ++i) {
                const struct suggestion *s = &p->s->suggestions.items[i];

                if (!s->applied || !s->instead.n)
                        continue;
                text_addz(p->out, "    and ");
                text_add_visible(p->out, s->instead, SHOWN_MAX);
                text_add_char(p->out, '\n');
        }
}

static void add_paste(const struct printer *p) {
        const struct flags flags = suggested_flags(p->s);
        struct text compose;

        if (count(&p->s->suggestions, true))
                text_addz(p->out, "\n  docker run:\n");
        for (size_t i = 0; i < flags.n; ++i) {
                text_addz(p->out, i ? " " : "    ");
                add_flag(p, flags.items[i]);
        }
        text_addz(p->out, flags.n ? "\n" : "");
        add_changes(p);
        text_init_arena(&compose, p->arena);
        suggested_add_compose(&compose, p->s, p->arena, "    ");
        if (compose.n) {
                text_addz(p->out, "\n  compose:\n");
                text_add(p->out, text_str(&compose));
        }
}

/* -- what comes of it -- */

static void add_verdicts(const struct printer *p) {
        static const char *const titles[] = { "  environment", "now", "with it" };
        const struct yardsticks *y = p->s->yardsticks;
        struct table table;

        table_init(&table, p->arena, titles, ARRAY_SIZE(titles));
        for (size_t i = 0; i < y->n; ++i) {
                const struct suggest_verdict *before = &p->s->before[i], *after = &p->s->after[i];

                table_addf(&table, "  %" STR_FMT "%s", STR_ARG(y->items[i].name), i == y->chosen ? " *" : "");
                table_addf(&table, "%" STR_FMT " %u", STR_ARG(verdict_name(before->verdict)), before->points);
                if (p->s->unjudged)
                        table_add(&table, STR_C("?"));
                else
                        table_addf(&table, "%" STR_FMT " %u", STR_ARG(verdict_name(after->verdict)), after->points);
        }
        text_add_char(p->out, '\n');
        table_render(&table, p->out);
        if (p->s->unjudged)
                text_addf(p->out, "  not judged with it: %s\n", p->s->unjudged);
}

static void add_fix(const struct printer *p, const struct finding *f) {
        const struct template *fix = f->cause->fix->cli;
        struct scope scope = { .facts = &p->s->left.request.facts };
        struct text t;

        if (f->n_evidence) {
                scope.element = f->evidence[0].element;
                scope.spelling = f->evidence[0].spelling;
        }
        if (!fix || (!scope.element && template_of_element(fix)))
                return;
        text_init_arena(&t, p->arena);
        template_add_words(&t, fix, &scope);
        text_addz(p->out, "           fix: ");
        add_wrapped(p, str_trim(text_str(&t)), 16);
}

/* What an admin would list, where the site's own lists decide. */
static void add_lists(const struct printer *p, const struct finding *f) {
        const struct explained *left = &p->s->left;
        struct explain_lists lists;

        if (explain_lists(&lists, &left->decision, f, &left->request, ruleset_limits(left->rules), p->arena) < 0)
                return;
        for (size_t i = 0; i < lists.n; ++i) {
                text_addz(p->out, "           or an admin lists it: ");
                explain_add_list(p->out, &lists.items[i]);
                text_add_char(p->out, '\n');
        }
}

static void add_left(const struct printer *p) {
        const struct decision *d = &p->s->left.decision;
        size_t n = 0;

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (!gate_tells(d, f, ruleset_limits(p->s->left.rules)))
                        continue;
                if (n++ == 0) {
                        text_addz(p->out, "\n  left in ");
                        text_add_visible(p->out, ruleset_name(p->s->left.rules), SHOWN_MAX);
                        text_addz(p->out, ":\n");
                }
                text_addf(p->out, "    %+5d  ", (int)f->points);
                text_add(p->out, f->rule->id);
                text_addz(p->out, f->hard ? " [hard]: " : ": ");
                add_wrapped(p, f->n_evidence ? f->evidence[0].message : f->rule->title, 16);
                add_fix(p, f);
                add_lists(p, f);
        }
}

/* What still refuses it, and what would not: nobody has seen whether that fits. */
static void add_further(const struct printer *p) {
        const struct explained *left = &p->s->left;

        if (left->decision.verdict != VERDICT_DENY || !left->remedy.found)
                return;
        text_addz(p->out, "\n  still refused in ");
        text_add_visible(p->out, ruleset_name(left->rules), SHOWN_MAX);
        text_addz(p->out, left->remedy.n_by_hand ? ": fix by hand " : ":");
        for (size_t i = 0; i < left->remedy.n_by_hand; ++i) {
                text_addz(p->out, i ? ", " : "");
                text_add(p->out, left->remedy.by_hand[i]->rule->id);
        }
        if (left->remedy.flags.n)
                text_addz(p->out, left->remedy.n_by_hand ? "; and add" : " it would pass with");
        for (size_t i = 0; i < left->remedy.flags.n; ++i) {
                text_add_char(p->out, ' ');
                add_flag(p, left->remedy.flags.items[i]);
        }
        text_addz(p->out, left->remedy.flags.n ? ", which may stop it: try it first\n" : "\n");
}

int suggested_text(struct text *out, const struct suggested *s, struct arena *arena) {
        const struct printer p = { .out = out, .s = s, .arena = arena };

        add_head(&p);
        add_seen(&p);
        if (s->suggestions.n == 0)
                text_addz(out, s->watched || s->before[s->yardsticks->chosen].verdict == VERDICT_DENY
                                       ? "\n  nothing is suggested\n"
                                       : "\n  nothing is suggested: it passes\n");
        add_suggestions(&p, true, "suggested:");
        add_suggestions(&p, false, "to think about, and not in what follows:");
        add_paste(&p);
        add_verdicts(&p);
        add_left(&p);
        add_further(&p);
        return out->failed ? -ENOMEM : 0;
}
