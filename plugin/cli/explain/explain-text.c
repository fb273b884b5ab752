#include "docksill/base/cleanup.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/explain-lists.h"
#include "docksill/decide/explain.h"
#include "docksill/decide/gate.h"
#include "explained.h"
#include <errno.h>

#define WHERE_MAX   200
#define MESSAGE_MAX 600

struct printer {
        struct text *out;
        const struct explained *e;
        struct arena *arena;
        bool colour;
};

#define BOLD  "\033[1m"
#define PLAIN "\033[0m"

static void colour_begin(const struct printer *p, const char *code) {
        if (p->colour)
                text_addz(p->out, code);
}

static void colour_end(const struct printer *p) {
        if (p->colour)
                text_addz(p->out, PLAIN);
}

static const char *severity_colour(enum severity s) {
        return s >= SEVERITY_HIGH ? "\033[31m" : s == SEVERITY_MEDIUM ? "\033[33m" : "\033[36m";
}

static const char *verdict_colour(enum verdict v) {
        return v == VERDICT_DENY ? "\033[1;31m" : v == VERDICT_WARN ? "\033[1;33m" : "\033[1;32m";
}

/* "severity (limit high)": which gate closed, and why where its name does not say it. */
static void add_gate(const struct printer *p) {
        const struct limits *limits = p->e->decision.limits;
        const struct decision *d = &p->e->decision;

        text_addz(p->out, "gate:        ");
        text_add(p->out, gate_name(d->gate));
        switch (d->gate) {
        case GATE_ACCESS: text_addz(p->out, " (the caller may not call this at all)"); break;
        case GATE_HARD: text_addz(p->out, " (a finding that refuses in every environment)"); break;
        case GATE_DENY_SEVERITY:
                text_addz(p->out, " (limit ");
                text_add(p->out, severity_name(limits->deny_severity));
                text_addz(p->out, ")");
                break;
        case GATE_WARN_SEVERITY:
                text_addz(p->out, " (limit ");
                text_add(p->out, severity_name(limits->warn_severity));
                text_addz(p->out, ")");
                break;
        case GATE_WARN_POINTS:
        case GATE_DENY_POINTS:
        case GATE_MEMORY:
        case GATE_UNKNOWN:
        case GATE_NONE: break;
        }
        text_add_char(p->out, '\n');
}

/* "85, denied from 50, warned from 1; hardening score 15 of 100". */
static void add_points(const struct printer *p) {
        const struct limits *limits = p->e->decision.limits;
        const struct decision *d = &p->e->decision;

        text_addf(p->out, "points:      %u, ", d->points);
        if (!limits_deny_hard(limits))
                text_addf(p->out, "denied from %u, ", limits->deny_points);
        text_addf(p->out, "warned from %u; hardening score %u of 100\n", limits->warn_points,
                  d->points >= 100 ? 0 : 100 - d->points);
        if (d->enforced_points != d->points)
                text_addf(p->out, "             %u of them enforced\n", d->enforced_points);
}

static void add_lapse(const struct printer *p) {
        const struct lapse *l = &p->e->decision.lapse;

        if (!l->exemption)
                return;
        text_addz(p->out, "exemption:   ");
        text_add_visible(p->out, l->exemption->id, WHERE_MAX);
        text_addf(p->out, " does not hold: %u points remain beside it, and it bears %u:", l->points,
                  l->exemption->remaining_points);
        for (size_t i = 0; i < l->n_rules; ++i)
                text_addf(p->out, "%s %" STR_FMT, i ? "," : "", STR_ARG(l->rules[i]->id));
        if (l->n_more)
                text_addf(p->out, " and %zu more", l->n_more);
        text_add_char(p->out, '\n');
}

/* "denied:      high or 120 points since 2027-03-01; high or 50 points from 2027-05-01"; and what will be refused. */
static void add_steps(const struct printer *p) {
        const struct decision *d = &p->e->decision;

        if (!d->step)
                return;
        text_addz(p->out, "denied:      ");
        steps_add(p->out, ruleset_steps(p->e->rules), d->at);
        text_add_char(p->out, '\n');
        if (d->due)
                text_addf(p->out, "refused:     from %" STR_FMT " on\n", STR_ARG(d->due->day));
}

static const char *lets_through(enum mode mode) {
        switch (mode) {
        case MODE_AUDIT: return "audit mode";
        case MODE_ENFORCE_HARD: return "mode enforce-hard refuses only what is hard";
        case MODE_ENFORCE: break;
        }
        return "no enforced rule denies it";
}

static void add_head(const struct printer *p) {
        const struct request *request = &p->e->request;
        const struct decision *d = &p->e->decision;

        text_addz(p->out, "verdict:     ");
        colour_begin(p, verdict_colour(d->verdict));
        text_add(p->out, verdict_name(d->verdict));
        colour_end(p);
        if (d->allow && d->verdict == VERDICT_DENY)
                text_addf(p->out, ", answered with allow: %s", lets_through(d->mode));
        text_addz(p->out, "\noperation:   ");
        text_add(p->out, request->operation ? request->operation->id : STR_C("unknown"));
        text_addz(p->out, "\nenvironment: ");
        text_add_visible(p->out, ruleset_name(p->e->rules), WHERE_MAX);
        text_addz(p->out, ", mode ");
        text_add(p->out, mode_name(d->mode));
        text_add_char(p->out, '\n');
        add_gate(p);
        add_points(p);
        add_lapse(p);
        add_steps(p);
}

static void add_flaws(const struct printer *p) {
        const struct flaws *flaws = &p->e->request.flaws;

        for (size_t i = 0; i < flaws->n; ++i) {
                text_addz(p->out, i ? "             " : "flaws:       ");
                text_add(p->out, flaw_name(flaws->notes[i].flaw));
                if (flaws->notes[i].where.n) {
                        text_addz(p->out, " at ");
                        text_add_visible(p->out, flaws->notes[i].where, WHERE_MAX);
                }
                text_addf(p->out, ": %s\n", flaw_doc(flaws->notes[i].flaw));
        }
}

static void add_evidence(const struct printer *p, const struct evidence *e) {
        text_addz(p->out, "    ");
        if (e->where.n) {
                text_add_visible(p->out, e->where, WHERE_MAX);
                text_addz(p->out, ": ");
        }
        text_add_visible(p->out, e->message, MESSAGE_MAX);
        text_add_char(p->out, '\n');
}

static void add_fix(const struct printer *p, const char *name, const struct finding *f, bool compose) {
        const struct evidence whole = { .cause = f->cause }, *e = f->n_evidence ? &f->evidence[0] : &whole;
        struct text t;

        if (compose && !e->cause->fix->compose)
                return;
        text_init_arena(&t, p->arena);
        explain_add_fix(&t, e, &p->e->request, compose);
        if (t.n == 0)
                return;
        text_addf(p->out, "    %-9s", name);
        text_add_visible(p->out, str_trim(text_str(&t)), MESSAGE_MAX);
        text_add_char(p->out, '\n');
}

/* A line of its own for each list, to be taken from the dash on. */
static void add_lists(const struct printer *p, const struct finding *f) {
        const struct decision *d = &p->e->decision;
        struct explain_lists lists;

        if (explain_lists(&lists, d, f, &p->e->request, p->e->decision.limits, p->arena) < 0)
                return;
        for (size_t i = 0; i < lists.n; ++i) {
                text_addz(p->out,
                          i ? "             "
                            : "    list     an admin adds under override: in the site's environment\n             ");
                explain_add_list(p->out, &lists.items[i]);
                text_add_char(p->out, '\n');
        }
        if (lists.n && lists.exempt.n) {
                text_addz(p->out, "             ");
                explain_add_exempt(p->out, &lists);
                text_add_char(p->out, '\n');
        }
        for (size_t i = 0; i < lists.unfit.n; ++i) {
                text_addf(p->out, "%s\"", lists.n || i ? "             " : "    list     ");
                text_add_visible(p->out, lists.unfit.items[i].value, WHERE_MAX);
                text_addf(p->out, "\" can't be listed: %s\n", lists.unfit.items[i].why);
        }
}

static void add_references(const struct printer *p, const struct rule *rule) {
        if (rule->n_references == 0)
                return;
        text_addz(p->out, "    see      ");
        for (size_t i = 0; i < rule->n_references; ++i) {
                if (i)
                        text_addz(p->out, "; ");
                text_add_visible(p->out, rule->references[i].framework, WHERE_MAX);
                for (size_t k = 0; k < rule->references[i].n; ++k) {
                        text_addz(p->out, k ? ", " : " ");
                        text_add_visible(p->out, rule->references[i].items[k], WHERE_MAX);
                }
        }
        text_add_char(p->out, '\n');
}

static void add_exemption(const struct printer *p, const struct exemption *e) {
        if (!e)
                return;
        text_addz(p->out, "    by exemption ");
        text_add_visible(p->out, e->id, WHERE_MAX);
        text_addz(p->out, " of ");
        text_add_visible(p->out, e->owner, WHERE_MAX);
        text_addz(p->out, ", until ");
        text_add_visible(p->out, e->expires, WHERE_MAX);
        text_addz(p->out, ": ");
        text_add_visible(p->out, e->reason, MESSAGE_MAX);
        text_add_char(p->out, '\n');
}

static void add_finding(const struct printer *p, const struct finding *f) {
        text_add_char(p->out, '\n');
        colour_begin(p, severity_colour(f->severity));
        text_add(p->out, severity_name(f->severity));
        colour_end(p);
        text_addf(p->out, " +%u  ", f->points);
        colour_begin(p, BOLD);
        text_add_visible(p->out, f->rule->id, WHERE_MAX);
        colour_end(p);
        text_addz(p->out, "  ");
        text_add_visible(p->out, f->rule->title, WHERE_MAX);
        text_addz(p->out, f->hard ? " [hard]" : "");
        text_addz(p->out, f->audit ? " [audit: not enforced]" : "");
        text_addz(p->out, f->unknown ? " [unknown]" : "");
        text_addz(p->out, f->exempted_by ? " [exempted: does not count]" : "");
        text_add_char(p->out, '\n');

        add_exemption(p, f->exempted_by);
        for (size_t i = 0; i < f->n_evidence; ++i)
                add_evidence(p, &f->evidence[i]);
        if (f->instances > f->n_evidence && f->n_evidence)
                text_addf(p->out, "    … and %zu more\n", f->instances - f->n_evidence);
        add_fix(p, "fix", f, false);
        add_fix(p, "compose", f, true);
        if (!f->exempted_by)
                add_lists(p, f);
        add_references(p, f->rule);
}

static void add_flag(const struct printer *p, struct str flag) {
        struct text visible;

        text_init_arena(&visible, p->arena);
        text_add_visible(&visible, flag, MESSAGE_MAX);
        text_add_char(p->out, ' ');
        flag_add_shell(p->out, text_str(&visible));
}

/* "All flags: …" of those that are @by_hand or not. */
static void add_some_flags(const struct printer *p, const char *label, const struct flags *flags, bool by_hand) {
        bool any = false;

        for (size_t i = 0; i < flags->n; ++i) {
                if (flag_is_by_hand(flags->items[i]) != by_hand)
                        continue;
                text_addz(p->out, any ? "" : label);
                add_flag(p, flags->items[i]);
                any = true;
        }
        text_addz(p->out, any ? "\n" : "");
}

/* "May stop the program: --user (start), --read-only (files); …" */
static void add_caution(const struct printer *p, const struct flags *flags) {
        bool any = false;

        for (size_t i = 0; i < flags->n; ++i) {
                struct str flag = flags->items[i];

                if (!flag_may_stop(flag) || flag_is_by_hand(flag))
                        continue;
                text_addz(p->out, any ? ", " : "May stop the program: ");
                text_add_visible(p->out, flag_name(flag), WHERE_MAX);
                text_addf(p->out, " (%" STR_FMT ")", STR_ARG(flag_changes(flag)));
                any = true;
        }
        text_addz(p->out, any ? "; try with docksill suggest --try\n" : "");
}

/* From where the flags come that are the image's own. */
static void add_profile(const struct printer *p) {
        const struct profile *profile = ruleset_profile(p->e->rules, p->e->request.facts.image.name.value);

        if (!profile)
                return;
        text_addz(p->out, "Fitted to:  ");
        text_add_visible(p->out, profile->name, WHERE_MAX);
        text_addz(p->out, ", by ");
        text_add_visible(p->out, profile->source, WHERE_MAX);
        text_addf(p->out, " (%" STR_FMT ", sure: %" STR_FMT ")\n", STR_ARG(profile->as_of), STR_ARG(profile->sure));
}

static int add_flags(const struct printer *p) {
        struct flags flags = { 0 };
        int r = explain_flags(&flags, &p->e->decision, NULL, &p->e->request, p->arena);

        if (r < 0 || flags.n == 0)
                return r;
        text_add_char(p->out, '\n');
        add_some_flags(p, "All flags:", &flags, false);
        add_some_flags(p, "By hand:  ", &flags, true);
        add_caution(p, &flags);
        add_profile(p);
        return 0;
}

static bool bars_then(const struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (!f->exempted_by && !f->audit && gate_bars(f, &d->due->limits))
                        return true;
        }
        return false;
}

/* "46 of 95 points, and what is high or worse, must go by 2027-05-01." */
static void add_due(const struct printer *p) {
        const struct decision *d = &p->e->decision;
        unsigned excess = gate_excess(d, &d->due->limits);
        bool bars = bars_then(d);

        text_add_char(p->out, '\n');
        if (excess)
                text_addf(p->out, "%u of %u points%s", excess, d->enforced_points, bars ? ", and what" : "");
        else
                text_addz(p->out, "What");
        if (bars)
                text_addf(p->out, " is %" STR_FMT " or worse%s", STR_ARG(severity_name(d->due->limits.deny_severity)),
                          excess ? "," : "");
        text_addf(p->out, " must go by %" STR_FMT ".", STR_ARG(d->due->day));
}

/* "Would pass with: --user 10001:10001 (40 points left, denied from 50)". What is mended by hand may turn into
 * something milder instead of nothing, so then nothing is promised. */
static void add_remedy(const struct printer *p, const struct limits *limits) {
        const struct remedy *remedy = &p->e->remedy;

        /* What can't be read is not known to pass, whatever is mended. */
        if (!remedy->found || flaws_any(&p->e->request.flaws))
                return;
        for (size_t i = 0; i < remedy->n_by_hand; ++i) {
                text_addz(p->out, i ? ", " : "\nNo flag lifts ");
                text_add_visible(p->out, remedy->by_hand[i]->rule->id, WHERE_MAX);
        }
        if (remedy->n_by_hand)
                text_addz(p->out, remedy->flags.n ? ": fix by hand, and add:" : ": fix by hand");
        else
                text_addz(p->out, "\nWould pass with:");
        text_addz(p->out, p->e->style.words == EXPLAIN_COMPOSE ? " " : "");
        if (p->e->style.words != EXPLAIN_COMPOSE || !flags_add_words(p->out, &remedy->flags, FLAG_COMPOSE, "; "))
                for (size_t i = 0; i < remedy->flags.n; ++i)
                        add_flag(p, remedy->flags.items[i]);
        text_addf(p->out, " (%u points left", remedy->points);
        if (!limits_deny_hard(limits))
                text_addf(p->out, ", denied from %u", limits->deny_points);
        text_addz(p->out, ")\n");
}

/* As it stands on the user's terminal. */
static void add_refusal(const struct printer *p) {
        struct text refusal;
        struct str rest;

        text_init_arena(&refusal, p->arena);
        explain_refusal(&refusal, &p->e->decision, &p->e->request, p->e->rules, &p->e->style);
        rest = text_str(&refusal);
        while (rest.p) {
                struct str line = str_cut(&rest, '\n');

                text_addf(p->out, "%s%" STR_FMT "\n", line.n ? "    " : "", STR_ARG(line));
        }
}

int explained_text(struct text *out, const struct explained *e, struct arena *arena, bool colour) {
        const struct printer p = { .out = out, .e = e, .arena = arena, .colour = colour };
        int r;

        add_head(&p);
        add_flaws(&p);
        for (size_t i = 0; i < e->decision.n_findings; ++i)
                add_finding(&p, &e->decision.findings[i]);
        if (e->decision.verdict == VERDICT_DENY) {
                text_addz(out, "\nThe user reads:\n");
                add_refusal(&p);
        }
        r = add_flags(&p);
        if (e->decision.due)
                add_due(&p);
        if (e->decision.verdict == VERDICT_DENY || e->decision.due)
                add_remedy(&p, remedy_limits(&e->decision));
        return r < 0 || out->failed ? -ENOMEM : 0;
}
