#include "docksill/decide/decide.h"

#include "access-gate.h"
#include "docksill/base/clock.h"
#include "docksill/decide/evaluate.h"
#include "docksill/decide/gate.h"
#include "own-finding.h"
#include <limits.h>

#define PASSES_MOST 8 /* beyond it all that bear a limited rest are left out */

/* The exemption that bears less than what no exemption lifts; zeroed: each bears it. */
static struct lapse lapse_of(const struct decision *d) {
        struct lapse out = { 0 };

        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct finding *f = &d->findings[i];

                if (f->exempted_by || f->audit || f->points == 0)
                        continue;
                out.points += f->points;
                if (out.n_rules < ARRAY_SIZE(out.rules))
                        out.rules[out.n_rules++] = f->rule;
                else
                        ++out.n_more;
        }
        for (size_t i = 0; i < d->n_findings; ++i) {
                const struct exemption *e = d->findings[i].exempted_by;

                if (e && e->bounded && out.points > e->remaining_points &&
                    (!out.exemption || str_cmp(e->id, out.exemption->id) < 0))
                        out.exemption = e;
        }
        return out.exemption ? out : (struct lapse){ 0 };
}

/*
 * What was lifted on condition that little remains is found again where more does, and then there is still more. So
 * those that bear less than what remains are left out, until each one that lifts something bears the rest. That is the
 * largest set which does: one more exemption only makes it larger, and the order in which they are asked means nothing.
 */
static int judge(struct decision *d, const struct ruleset *rules, struct rule_view candidates,
                 const struct request *request, enum unknown_policy unknown, struct arena *arena) {
        int r = evaluate(d, candidates, unknown, request, arena);

        for (unsigned pass = 0; r == 0 && !ruleset_search_spent(rules); ++pass) {
                struct lapse lapse = lapse_of(d);

                if (!lapse.exemption)
                        break;
                if (!d->lapse.exemption)
                        d->lapse = lapse;
                d->lapse.floor = pass < PASSES_MOST ? lapse.points : UINT_MAX;
                ruleset_search_begin(rules, request->body.n);
                r = evaluate(d, candidates, unknown, request, arena);
        }
        return r;
}

void decide_at(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
               int64_t at, struct arena *arena) {
        size_t operation = request->operation ? operation_index(request->operation) : operation_table_n;
        const struct limits *limits = ruleset_limits(rules);
        struct decision d = { .rules = rules, .mode = mode, .at = at };
        bool observed = request_is_observed(request);
        struct rule_view candidates;

        ruleset_search_begin(rules, request->body.n);
        candidates = ruleset_candidates(rules, operation, &request->facts, arena);
        if (judge(&d, rules, candidates, request, limits->unknown, arena) < 0)
                d.incomplete = true;
        if (ruleset_search_spent(rules) && own_finding_spent(&d, arena) < 0)
                d.incomplete = true;
        if (!observed && access_judge(&d, ruleset_access(rules), request, arena) < 0)
                d.incomplete = true;
        if (mode == MODE_ENFORCE_HARD)
                gate_enforce_hard(&d);
        /* What a response answers has happened (PROTOCOL 2.6), and a host is as it is: nothing would refuse it. */
        if (observed) {
                gate_apply(&d, limits);
                gate_observe(&d);
        } else {
                gate_apply_steps(&d, ruleset_steps(rules), limits);
        }
        d.allow = mode == MODE_AUDIT || d.would != VERDICT_DENY;
        *out = d;
}

void decide(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
            struct arena *arena) {
        decide_at(out, rules, request, mode, clock_wall(), arena);
}

int decide_findings(struct decision *out, const struct ruleset *rules, const struct request *request, int64_t at,
                    struct arena *arena) {
        size_t operation = request->operation ? operation_index(request->operation) : operation_table_n;
        struct decision d = {
                .rules = rules, .mode = MODE_AUDIT, .at = at, .limits = ruleset_limits(rules), .allow = true
        };
        int r;

        ruleset_search_begin(rules, request->body.n);
        r = judge(&d, rules, ruleset_candidates(rules, operation, &request->facts, arena), request, UNKNOWN_FAIL,
                  arena);
        for (size_t i = 0; i < d.n_findings; ++i)
                d.points += d.findings[i].points;
        *out = d;
        return r;
}
