#include "docksill/base/clock.h"
#include "tried.h"
#include <errno.h>
#include <inttypes.h>

#define SECOND INT64_C(1000000)

#define SHOWN_MAX    200
#define FINDINGS_MAX 6

/* -- what works -- */

static void add_flags(struct text *out, const struct flags *flags) {
        text_addz(out, flags->n ? "flags:\n   " : "flags:\n    none: nothing harder is known to work");
        for (size_t i = 0; i < flags->n; ++i) {
                text_add_char(out, ' ');
                flag_add_shell(out, flags->items[i]);
        }
        text_add_char(out, '\n');
}

static void add_dropped(struct text *out, const struct flags *dropped) {
        for (size_t i = 0; i < dropped->n; ++i) {
                text_addz(out, i ? ", " : "without:\n    ");
                text_add(out, dropped->items[i]);
        }
        if (dropped->n)
                text_add_char(out, '\n');
}

static void add_compose(struct text *out, const struct flags *flags) {
        size_t begin = out->n;

        if (flags->n == 0)
                return;
        text_addz(out, "compose, below the service:\n    ");
        if (flags_add_words(out, flags, FLAG_COMPOSE, "\n    "))
                text_add_char(out, '\n');
        else
                text_cut(out, begin);
}

static void add_quoted_line(struct text *out, const struct attempt *a) {
        text_addz(out, ": ");
        text_add(out, a->reason);
        if (a->line.n) {
                text_addz(out, ": \"");
                text_add_visible(out, a->line, SHOWN_MAX);
                text_add_char(out, '"');
        }
        text_add_char(out, '\n');
}

static size_t place_of(const struct tried *t, const struct attempt *a) {
        return (size_t)(a - t->attempts.items) + 1;
}

static void add_needs(struct text *out, const struct tried *t) {
        if (t->form.conceded == 0) {
                text_addz(out, "needs:\n    nothing: the hardest form works\n");
                return;
        }
        text_addz(out, "needs:\n");
        for (size_t i = 0; i < t->form.n; ++i) {
                const struct attempt *proof = tried_proof(t, i);

                if (!(t->form.conceded & UINT64_C(1) << i))
                        continue;
                text_addz(out, "    ");
                concession_add(out, &t->items[i]);
                if (t->items[i].kind == CONCEDE_FOLDER)
                        text_addz(out, t->items[i].volume ? " (a volume: the image has files there)" : " (a tmpfs)");
                if (!proof) {
                        text_addz(out, ": not tried without\n");
                        continue;
                }
                text_addf(out, "\n        without it (try %zu)", place_of(t, proof));
                add_quoted_line(out, proof);
        }
}

/* -- the verdict -- */

static void add_verdict(struct text *out, const char *name, const struct explained *e) {
        const struct decision *d = &e->decision;

        text_addf(out, "%-13s", name);
        text_add(out, verdict_name(d->verdict));
        text_addz(out, " in ");
        text_add_visible(out, ruleset_name(e->rules), SHOWN_MAX);
        text_addf(out, ", %u points", d->points);
        if (!limits_deny_hard(d->limits))
                text_addf(out, ", limit %u", d->limits->deny_points);
        if (d->verdict == VERDICT_DENY) {
                text_addz(out, ", gate ");
                text_add(out, gate_name(d->gate));
        }
        text_add_char(out, '\n');
}

static void add_findings(struct text *out, const struct explained *e) {
        size_t shown = 0, more = 0;

        for (size_t i = 0; i < e->decision.n_findings; ++i) {
                const struct finding *f = &e->decision.findings[i];

                if (f->exempted_by || f->points == 0)
                        continue;
                if (shown == FINDINGS_MAX) {
                        ++more;
                        continue;
                }
                ++shown;
                text_addf(out, "    %+4d  %" STR_FMT, (int)f->points, STR_ARG(f->rule->id));
                if (f->n_evidence) {
                        text_addz(out, "  ");
                        text_add_visible(out, f->evidence[0].message, SHOWN_MAX);
                }
                text_add_char(out, '\n');
        }
        if (more)
                text_addf(out, "    and %zu more\n", more);
}

/* -- all of it -- */

static void add_head(struct text *out, const struct tried *t) {
        text_addz(out, t->original.container ? "container:   " : "image:       ");
        text_add_visible(out, t->original.name, SHOWN_MAX);
        text_addf(out, "\ntried:       %u copies in %" PRId64 " s; all are removed\n", t->copies,
                  (t->took + SECOND - 1) / SECOND);
}

static void add_copies(struct text *out, const struct tried *t) {
        const char *network = t->network ? "a network of their own, without a way out" : "no network";

        text_addf(out, "copies had:\n    %s%s\n", network,
                  t->fresh ? ", and fresh volumes for the host's folders that it writes to" : "");
        for (size_t i = 0; i < t->original.notes.n; ++i) {
                text_addz(out, "    ");
                text_add(out, t->original.notes.items[i]);
                text_add_char(out, '\n');
        }
}

static void add_failure(struct text *out, const struct tried *t) {
        text_addz(out, "\nIt does not come up even as it is, so nothing harder can be tried:\n");
        for (size_t i = 0; i < t->attempts.n; ++i) {
                text_addz(out, "    ");
                text_add(out, t->attempts.items[i].what);
                add_quoted_line(out, &t->attempts.items[i]);
        }
        text_addz(out, "Does it need another container, a file or a command? It is tried alone; behind -- stands a "
                       "command, and --seconds is how long it is watched.\n");
}

static void add_limits_of_it(struct text *out, const struct tried *t) {
        if (!t->minimal)
                text_addz(out, "The search ended early: less may be enough. --attempts gives it more copies.\n");
        if (t->minimal && !t->confirmed)
                text_addz(out, "It was not watched a second time: no copy was left for that.\n");
        if (t->elsewhere)
                text_addz(out, "It writes where no folder can be offered (a file beside programs or in /etc).\n");
        text_addz(out, t->ending == ENDING_DONE ? "It ended well each time. " : "It was watched for a short time. ");
        text_addz(out, "What it does only later, or only when asked, was not seen.\n");
}

int tried_text(struct text *out, struct arena *arena, const struct tried *t, const struct verdicts *v) {
        struct flags flags = { 0 }, dropped = { 0 };
        int r = 0;

        add_head(out, t);
        add_verdict(out, "as it is:", &v->before);
        if (!t->found) {
                add_failure(out, t);
                text_add_char(out, '\n');
                add_copies(out, t);
                return out->failed ? -ENOMEM : 0;
        }
        r = tried_flags(&flags, arena, t);
        if (r == 0)
                r = original_dropped(&dropped, arena, &t->original, &t->form);
        if (r < 0)
                return r;
        add_verdict(out, "with these:", &v->after);
        add_findings(out, &v->after);
        text_add_char(out, '\n');
        add_flags(out, &flags);
        add_dropped(out, &dropped);
        add_compose(out, &flags);
        add_needs(out, t);
        add_copies(out, t);
        text_add_char(out, '\n');
        add_limits_of_it(out, t);
        return out->failed ? -ENOMEM : 0;
}
