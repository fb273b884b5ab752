#pragma once
/*
 * judge: a request from a fuzzer goes the whole road that a call takes, and what must hold of every request is
 * asserted.
 *
 * Included by the targets, one a program; hence functions in a header.
 */
#include "docksill/decide/decide.h"
#include "docksill/decide/decision.h"
#include "support/envelope.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define JUDGE_MEMORY ((size_t)16 << 20)

static struct ruleset *judge_rules;

/* The shipped rules for production, from the top folder, where test/fuzz/run.sh starts us. */
static inline void judge_init(void) {
        struct ruleset_options options = { .rules = "rules", .environment = "production" };
        struct diag diag;

        if (judge_rules)
                return;
        diag_init(&diag);
        if (ruleset_load(&judge_rules, &options, &diag) < 0) {
                struct text t;

                text_init(&t);
                diag_render(&diag, &t);
                fprintf(stderr, "the rules in ./rules do not load:\n%s\n", t.p ? t.p : "");
                abort();
        }
        diag_deinit(&diag);
}

/* While a flaw stands all facts but request.* are Docker's defaults, whatever a decoder had read before it was met. */
static inline void judge_flawed(const struct request *r) {
        static struct facts defaults;
        static bool ready;

        if (!ready) {
                facts_init(&defaults);
                ready = true;
        }
        assert(request_yields(r) == (GROUP_REQUEST | GROUP_DAEMON));
        assert(r->facts.request.flaws.n > 0);
        assert(memcmp((const char *)&r->facts + sizeof(r->facts.request),
                      (const char *)&defaults + sizeof(defaults.request),
                      sizeof(defaults) - sizeof(defaults.request)) == 0);
}

static inline void judge_finding(const struct finding *f) {
        assert(f->rule);
        assert(f->n_evidence <= EVIDENCE_MAX && f->n_evidence <= f->instances);
        for (size_t i = 0; i < f->n_evidence; ++i)
                assert(f->evidence[i].message.n == 0 || f->evidence[i].message.p);
}

/* A request that was read, decided in both modes. */
static inline void judge_decide(const struct request *request, struct arena *arena) {
        struct decision enforced, audited, hard;

        decide_at(&enforced, judge_rules, request, MODE_ENFORCE, 0, arena);
        decide_at(&audited, judge_rules, request, MODE_AUDIT, 0, arena);
        /* Never allow what could not be read exactly. */
        assert(!flaws_any(&request->flaws) || !enforced.allow);
        assert(enforced.allow == (enforced.would != VERDICT_DENY));
        assert(audited.allow);
        /* The mode changes the answer and nothing else. */
        assert(audited.would == enforced.would || audited.incomplete);
        /* Less is enforced, and no less is told. */
        decide_at(&hard, judge_rules, request, MODE_ENFORCE_HARD, 0, arena);
        assert(hard.incomplete || enforced.incomplete ||
               ((hard.allow || !enforced.allow) && hard.verdict == enforced.verdict));
        for (size_t i = 0; i < enforced.n_findings; ++i)
                judge_finding(&enforced.findings[i]);
}

/* One AuthZReq call, read and decided. */
static inline void judge_call(struct str call) {
        struct request request;
        struct arena arena;

        arena_init(&arena, JUDGE_MEMORY);
        if (request_read(&request, &arena, call) == ENVELOPE_READ) {
                if (flaws_any(&request.flaws))
                        judge_flawed(&request);
                else
                        assert(request.operation);
                judge_decide(&request, &arena);
        }
        arena_deinit(&arena);
}

static inline void judge_request(struct str method, struct str target, struct str body) {
        struct text call;

        text_init(&call);
        envelope_add(&call, (struct sent){ method, target, body.n > 0 ? body : (struct str){ 0 } });
        assert(!call.failed);
        judge_call(text_str(&call));
        text_deinit(&call);
}
