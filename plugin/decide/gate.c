#include "docksill/decide/gate.h"

#include <assert.h>
#include <limits.h>

/* All that the gates ask of a set of findings. */
struct score {
        unsigned points;
        enum severity worst;
        bool access, hard, any_unknown;
};

static struct score score_of(const struct decision *d, bool enforced_only) {
        struct score s = { 0 };

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (f->exempted_by || (enforced_only && f->audit))
                        continue;
                s.points = f->points > UINT_MAX - s.points ? UINT_MAX : s.points + f->points;
                if (f->severity > s.worst)
                        s.worst = f->severity;
                s.access = s.access || f->access;
                s.hard = s.hard || f->hard;
                s.any_unknown = s.any_unknown || f->any_unknown;
        }
        return s;
}

/* Severity none reaches no limit: it stands for a finding that costs nothing here. */
static bool reaches(enum severity worst, enum severity limit) {
        return worst != SEVERITY_NONE && worst >= limit;
}

bool gate_bars(const struct finding *f, const struct limits *limits) {
        return f->hard || reaches(f->severity, limits->deny_severity);
}

static enum gate gate_of(const struct score *s, const struct limits *limits) {
        if (s->access)
                return GATE_ACCESS;
        if (s->hard)
                return GATE_HARD;
        if (reaches(s->worst, limits->deny_severity))
                return GATE_DENY_SEVERITY;
        if (s->points >= limits->deny_points && !limits_deny_hard(limits))
                return GATE_DENY_POINTS;
        if (reaches(s->worst, limits->warn_severity))
                return GATE_WARN_SEVERITY;
        if (s->points >= limits->warn_points)
                return GATE_WARN_POINTS;
        /* Where unknown facts fail, too: what is charged for one may be below the warn limits, and an environment that
         * fails them must not end up milder than one that warns of them. */
        if (s->any_unknown && limits->unknown != UNKNOWN_SKIP)
                return GATE_UNKNOWN;
        return GATE_NONE;
}

enum verdict gate_verdict(enum gate g) {
        switch (g) {
        case GATE_NONE: return VERDICT_ALLOW;
        case GATE_ACCESS:
        case GATE_MEMORY:
        case GATE_HARD:
        case GATE_DENY_SEVERITY:
        case GATE_DENY_POINTS: return VERDICT_DENY;
        case GATE_WARN_SEVERITY:
        case GATE_WARN_POINTS:
        case GATE_UNKNOWN: return VERDICT_WARN;
        }
        assert(!"no such gate");
        return VERDICT_DENY;
}

void gate_apply(struct decision *d, const struct limits *limits) {
        struct score all = score_of(d, false), enforced = score_of(d, true);
        enum gate gate = gate_of(&all, limits), would = gate_of(&enforced, limits);

        /* What was not looked at may be the worst of all. */
        if (d->incomplete && gate != GATE_ACCESS)
                gate = would = GATE_MEMORY;
        d->limits = limits;
        d->points = all.points;
        d->enforced_points = enforced.points;
        d->verdict = gate_verdict(gate);
        d->would = gate_verdict(would);
        d->gate = d->would == VERDICT_DENY ? would : gate;
}

/* Steps only become stricter, so the first that refuses is followed by none that does not. */
static const struct step *first_that_refuses(const struct decision *d, struct step_view steps) {
        struct score enforced = score_of(d, true);

        for (const struct step *s = d->step; s < steps.items + steps.n; ++s)
                if (gate_verdict(gate_of(&enforced, &s->limits)) == VERDICT_DENY)
                        return s;
        return NULL;
}

void gate_apply_steps(struct decision *d, struct step_view steps, const struct limits *own) {
        d->step = steps_at(steps, d->at);
        gate_apply(d, d->step ? &d->step->limits : own);
        if (!d->step)
                return;
        d->next = steps_next(steps, d->step);
        if (d->would != VERDICT_DENY)
                d->due = first_that_refuses(d, steps);
}

void gate_enforce_hard(struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (!d->findings[i].hard && !d->findings[i].access)
                        d->findings[i].audit = true;
}

unsigned gate_excess(const struct decision *d, const struct limits *limits) {
        return d->enforced_points >= limits->deny_points ? d->enforced_points - limits->deny_points + 1 : 0;
}

void gate_observe(struct decision *d) {
        static const enum gate milder[] = {
                [GATE_MEMORY] = GATE_UNKNOWN,
                [GATE_HARD] = GATE_WARN_SEVERITY,
                [GATE_DENY_SEVERITY] = GATE_WARN_SEVERITY,
                [GATE_DENY_POINTS] = GATE_WARN_POINTS,
        };

        if (d->verdict != VERDICT_DENY)
                return;
        d->verdict = VERDICT_WARN;
        if (d->would == VERDICT_DENY)
                d->would = VERDICT_WARN;
        if (gate_verdict(d->gate) == VERDICT_DENY)
                d->gate = milder[d->gate];
}
