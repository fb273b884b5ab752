/*
 * What the engine says of itself, judged as when a plugin sees the answer: the call and its answer are put into the
 * envelope that dockerd would have sent.
 */
#include "docksill/decide/decide.h"
#include "docksill/decide/rule-test.h"
#include "docksill/engine/response.h"
#include "judged.h"
#include <errno.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

enum { INFO, VERSION, BRIDGE, TARGETS };
static const struct {
        const char *target, *what;
} asked[TARGETS] = { [INFO] = { "/info", "what the engine says of itself (/info)" },
                     [VERSION] = { "/version", "the engine's version" },
                     [BRIDGE] = { "/networks/bridge", "the engine's default bridge" } };

struct told {
        struct request request;
        struct decision decision;
        bool answered, absent; /* absent: it has no such thing */
};

/* Engines before 24 keep it to themselves; their daemon.json does not. */
static void tell_privileges(const struct auditing *a, struct fact_word *fact) {
        if (fact->head.state != FACT_UNKNOWN || !a->new_privileges.n)
                return;
        fact->head.state = FACT_KNOWN;
        fact->value = a->new_privileges;
}

int auditing_read_answer(struct request *out, struct arena *arena, const char *target, struct str body) {
        const struct rule_test call = { .method = STR("GET"), .target = str_from(target), .response = body };
        struct text text;

        text_init_arena(&text, arena);
        rule_test_add_call(&text, &call);
        if (text.failed)
                return -ENOMEM;
        return response_read(out, arena, text_str(&text)) == ENVELOPE_READ && out->is_response ? 0 : -EPROTO;
}

/* Returns 0, also when there is no answer, or -ENOMEM. */
static int ask(struct auditing *a, struct told *out, size_t which, struct arena *arena) {
        struct engine_answer answer = { 0 };
        int r = auditing_get(a, &answer, asked[which].target, asked[which].what);

        out->absent = r == -ENOENT;
        if (r == 0)
                r = auditing_read_answer(&out->request, arena, asked[which].target, text_str(&answer.body));
        else
                r = -EIO;
        engine_answer_deinit(&answer);
        if (r == -EPROTO)
                auditing_gap(a, str_from(asked[which].what), STR_C("the engine's answer is not what engines write"));
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        out->answered = true;
        tell_privileges(a, &out->request.facts.daemon.new_privileges);
        return decide_findings(&out->decision, a->rules, &out->request, a->at, arena);
}

static bool is_judged(const struct ruleset *rules, const struct rule *rule, const struct told *told) {
        struct rule_view view = ruleset_for(rules, operation_index(told->request.operation));

        for (size_t i = 0; i < view.n; ++i)
                if (view.items[i] == rule)
                        return true;
        return false;
}

static bool has_finding(const struct rule *rule, const struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (d->findings[i].rule == rule)
                        return true;
        return false;
}

/* Several answers may tell of one thing: one that finds something counts. */
static void conclude(struct auditing *a, const struct rule *rule, const struct told *told) {
        size_t subject = auditing_only(a, AREA_DAEMON);
        const struct told *best = NULL;

        for (size_t i = 0; i < TARGETS; ++i)
                if (told[i].answered && is_judged(a->rules, rule, &told[i]) &&
                    (!best || has_finding(rule, &told[i].decision)))
                        best = &told[i];
        if (best)
                judged_rule(a,
                            &(struct judgement){
                                    .subject = subject, .decision = &best->decision, .request = &best->request },
                            rule);
        else if (rule->uses & GROUP_BRIDGE && told[BRIDGE].absent)
                judged_not(a, subject, rule, REPORT_NOT_APPLICABLE, STR_C("the engine has no default bridge"));
        else
                judged_not(a, subject, rule, REPORT_UNKNOWN,
                           a->silent.n ? a->silent : STR_C("the engine did not tell"));
}

int audit_daemon(struct auditing *a) {
        cleanup_(arena_deinit) struct arena arena;
        struct rule_view rules = ruleset_rules(a->rules);
        struct told *told;

        arena_init(&arena, MEMORY);
        told = ARENA_ARRAY(&arena, struct told, TARGETS);
        if (!told)
                return -ENOMEM;
        for (size_t i = 0; i < TARGETS; ++i)
                if (ask(a, &told[i], i, &arena) < 0)
                        return -ENOMEM;
        for (size_t i = 0; i < rules.n; ++i)
                if (rules.items[i]->uses & GROUP_RESPONSE)
                        conclude(a, rules.items[i], told);
        return arena_full(a->report->arena) ? -ENOMEM : 0;
}
