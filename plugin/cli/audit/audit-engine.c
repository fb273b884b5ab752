/*
 * What the engine says of itself, judged as when a plugin sees the answer: the call and its answer are put into the
 * envelope that dockerd would have sent.
 */
#include "audited.h"
#include "docksill/decide/rule-test.h"
#include "docksill/engine/response.h"
#include "docksill/host/engine-api.h"
#include <errno.h>

enum { INFO, VERSION, BRIDGE };
static const char *const targets[] = { [INFO] = "/info", [VERSION] = "/version", [BRIDGE] = "/networks/bridge" };

struct told {
        struct request request;
        struct decision decision;
        bool answered, absent; /* absent: it has no such thing */
        const char *why;       /* static: what the socket said */
};

static void add_call(struct text *t, const char *target, struct str body) {
        const struct rule_test call = { .method = STR("GET"), .target = str_from(target), .response = body };

        rule_test_add_call(t, &call);
}

struct asking {
        struct audited *out;
        struct request *host;
        struct engine_api *engine;
        const char *socket;
        int64_t at;
        struct arena *arena;
};

/* Returns 0, -ENOMEM, or why there was no answer. */
static int ask(struct told *out, const struct asking *in, const char *target) {
        const struct engine_call call = { .method = "GET", .target = str_from(target) };
        struct engine_answer answer = { 0 };
        struct text text;
        int r = engine_api_call(in->engine, &answer, &call);

        text_init_arena(&text, in->arena);
        if (r == 0 && answer.status == 200)
                add_call(&text, target, text_str(&answer.body));
        out->absent = r == 0 && answer.status == 404;
        if (r == 0 && answer.status != 200 && !out->absent)
                r = -EPROTO;
        out->why = answer.why;
        engine_answer_deinit(&answer);
        if (r < 0 || out->absent)
                return r;
        if (text.failed)
                return -ENOMEM;
        if (response_read(&out->request, in->arena, text_str(&text)) != ENVELOPE_READ || !out->request.is_response)
                return -EPROTO;
        out->answered = true;
        if (target == targets[INFO] &&
            posture_in_force(&in->out->posture, in->host, &out->request, in->socket, in->arena) < 0)
                return -ENOMEM;
        return decide_findings(&out->decision, in->out->rules, &out->request, in->at, in->arena);
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
static int conclude(struct audited *out, const struct rule *rule, const struct told *told, struct arena *arena) {
        const struct told *best = NULL;
        struct audit_result *slot;

        for (size_t i = 0; i < ARRAY_SIZE(targets); ++i)
                if (told[i].answered && is_judged(out->rules, rule, &told[i]) &&
                    (!best || has_finding(rule, &told[i].decision)))
                        best = &told[i];
        if (best)
                return audited_add(out, rule, AREA_DAEMON, &best->decision, &best->request, arena);
        slot = ARENA_PUSH(arena, out);
        if (!slot)
                return -ENOMEM;
        if (rule->uses & GROUP_BRIDGE && told[BRIDGE].absent) {
                *slot = (struct audit_result){ .rule = rule,
                                               .area = AREA_DAEMON,
                                               .state = AUDIT_NOT_APPLICABLE,
                                               .why = STR_C("the engine has no default bridge") };
                return 0;
        }
        *slot = (struct audit_result){ .rule = rule,
                                       .area = AREA_DAEMON,
                                       .state = AUDIT_UNKNOWN,
                                       .why = out->engine.n ? out->engine : STR_C("the engine did not tell") };
        return 0;
}

static void add_failure(struct text *why, const char *socket, int error, const char *said) {
        text_addz(why, "the engine at ");
        text_add_visible(why, str_from(socket), 200);
        text_addf(why, " could not be asked: %s",
                  error == -EPROTO ? "it answers with an error"
                  : said           ? said
                                   : strerror(-error));
}

int audited_daemon(struct audited *out, struct request *host, const char *socket, int64_t at, struct arena *arena) {
        cleanup_(engine_api_freep) struct engine_api *engine = NULL;
        struct asking asking = { .out = out, .host = host, .socket = socket, .at = at, .arena = arena };
        struct told *told = ARENA_ARRAY(arena, struct told, ARRAY_SIZE(targets));
        struct rule_view rules = ruleset_rules(out->rules);
        struct told *last = NULL;
        struct text reason;
        int r = 0;

        if (!told)
                return -ENOMEM;
        if (socket)
                r = engine_api_new(&engine, socket, NULL);
        asking.engine = engine;
        for (size_t i = 0; socket && r == 0 && i < ARRAY_SIZE(targets); ++i)
                r = ask(last = &told[i], &asking, targets[i]);
        if (r == -ENOMEM)
                return r;
        if (socket && !told[INFO].answered && posture_in_force(&out->posture, host, NULL, socket, arena) < 0)
                return -ENOMEM;
        text_init_arena(&reason, arena);
        if (!socket)
                text_addz(&reason, "the files are another host's: its engine can't be asked");
        else if (r < 0)
                add_failure(&reason, socket, r, last ? last->why : NULL);
        out->engine = text_str(&reason);
        for (size_t i = 0; i < rules.n; ++i)
                if (rules.items[i]->uses & GROUP_RESPONSE && conclude(out, rules.items[i], told, arena) < 0)
                        return -ENOMEM;
        return 0;
}
