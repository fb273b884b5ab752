#include "docksill/decide/decide.h"

#include "access-gate.h"
#include "docksill/base/clock.h"
#include "docksill/decide/evaluate.h"
#include "docksill/decide/gate.h"
#include "own-finding.h"

void decide_at(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
               int64_t at, struct arena *arena) {
        size_t operation = request->operation ? operation_index(request->operation) : operation_table_n;
        const struct limits *limits = ruleset_limits(rules);
        struct decision d = { .rules = rules, .mode = mode, .at = at };
        struct rule_view candidates;

        ruleset_search_begin(rules, request->body.n);
        candidates = ruleset_candidates(rules, operation, &request->facts, arena);
        if (evaluate(&d, candidates, limits->unknown, request, arena) < 0)
                d.incomplete = true;
        if (ruleset_search_spent(rules) && own_finding_spent(&d, arena) < 0)
                d.incomplete = true;
        if (!request->is_response && access_judge(&d, ruleset_access(rules), request, arena) < 0)
                d.incomplete = true;
        if (mode == MODE_ENFORCE_HARD)
                gate_enforce_hard(&d);
        /* A response is observed: what it answers has happened (PROTOCOL 2.6), so nothing would refuse it. */
        if (request->is_response) {
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
