#pragma once
/*
 * rule-summary: what can be said of a rule without a request.
 */
#include "docksill/engine/operation.h"
#include "docksill/rules/ruleset.h"

struct rule_summary {
        enum severity worst; /* of its cases, overrides applied */
        bool hard;           /* some case is */
        struct {
                struct str *items; /* ids, each once; "unknown" among them */
                size_t n, capacity;
        } operations;
        size_t firing, quiet; /* its tests */
};

/* @arena: of the operations. Returns 0 or -ENOMEM. */
must_check_ int rule_summarise(struct rule_summary *out, struct arena *arena, const struct ruleset *rules,
                               const struct rule *rule);

bool rule_runs_for(const struct rule_summary *summary, struct str operation);
