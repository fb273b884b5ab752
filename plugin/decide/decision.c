#include "docksill/decide/decision.h"

#include "access.h"
#include "docksill/base/clock.h"
#include "docksill/decide/evaluate.h"
#include "docksill/decide/gate.h"
#include "own-finding.h"
#include <assert.h>
#include <errno.h>
#include <sys/random.h>

struct str verdict_name(enum verdict v) {
        static const struct str names[] = {
                [VERDICT_ALLOW] = STR("allow"),
                [VERDICT_WARN] = STR("warn"),
                [VERDICT_DENY] = STR("deny"),
        };

        assert(v < ARRAY_SIZE(names));
        return names[v];
}

struct str gate_name(enum gate g) {
        static const struct str names[] = {
                [GATE_NONE] = STR("none"),
                [GATE_ACCESS] = STR("access"),
                [GATE_MEMORY] = STR("memory"),
                [GATE_HARD] = STR("hard"),
                [GATE_DENY_SEVERITY] = STR("severity"),
                [GATE_DENY_POINTS] = STR("points"),
                [GATE_WARN_SEVERITY] = STR("warn-severity"),
                [GATE_WARN_POINTS] = STR("warn-points"),
                [GATE_UNKNOWN] = STR("unknown"),
        };

        assert(g < ARRAY_SIZE(names));
        return names[g];
}

void decide_at(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
               int64_t at, struct arena *arena) {
        size_t operation = request->operation ? operation_index(request->operation) : operation_table_n;
        const struct limits *limits = ruleset_limits(rules);
        struct decision d = { .mode = mode, .at = at };
        struct rule_view candidates;

        ruleset_search_begin(rules, request->body.n);
        candidates = ruleset_candidates(rules, operation, &request->facts, arena);
        if (evaluate(&d, candidates, limits->unknown, request, arena) < 0)
                d.incomplete = true;
        if (ruleset_search_spent(rules) && own_finding_spent(&d, arena) < 0)
                d.incomplete = true;
        if (!request->told && access_judge(&d, ruleset_access(rules), request, arena) < 0)
                d.incomplete = true;
        gate_apply(&d, limits);
        /* A response is observed: what it answers has happened (PROTOCOL 2.6), so nothing would refuse it. */
        if (request->told)
                gate_observe(&d);
        d.allow = mode == MODE_AUDIT || d.would != VERDICT_DENY;
        *out = d;
}

void decide(struct decision *out, const struct ruleset *rules, const struct request *request, enum mode mode,
            struct arena *arena) {
        decide_at(out, rules, request, mode, clock_wall(), arena);
}

void decision_id_add(struct text *t, uint64_t id) {
        static const char digits[] = "0123456789abcdef";
        char hex[DECISION_ID_SIZE];

        for (size_t i = DECISION_ID_SIZE; i-- > 0; id >>= 4)
                hex[i] = digits[id & 15];
        text_add(t, (struct str){ hex, sizeof(hex) });
}

int decision_ids_init(struct decision_ids *ids) {
        uint64_t state;
        ssize_t n = getrandom(&state, sizeof(state), 0);

        if (n < 0)
                return -errno;
        assert(n == sizeof(state)); /* getrandom(2): up to 256 bytes come whole */
        ids->state = state;
        return 0;
}

/* splitmix64 (Steele, Lea, Flood 2014): every state gives another number, so no id comes twice in a process's life. Ids
 * name decisions; they are no secret. */
uint64_t decision_ids_next(struct decision_ids *ids) {
        uint64_t z = ids->state += 0x9e3779b97f4a7c15;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
}
