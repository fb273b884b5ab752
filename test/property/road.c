#include "road.h"
#include "docksill/decide/decide.h"
#include "docksill/engine/request-path.h"
#include "support/envelope.h"
#include <stdio.h>
#include <unistd.h>

#define MEMORY ((size_t)64 << 20) /* as the server has it */

const char *const environment_names[ENVIRONMENTS] = { "development", "staging", "production", "lockdown",
                                                      "workspace" };

struct ruleset *rules_load(const char *environment) {
        const struct ruleset_options options = { .rules = RULES, .environment = environment };
        struct ruleset *rules = NULL;
        struct diag diag;

        diag_init(&diag);
        if (ruleset_load(&rules, &options, &diag) < 0) {
                cleanup_(text_deinit) struct text said;

                text_init(&said);
                diag_render(&diag, &said);
                fail_msg("%s does not load:\n%" STR_FMT, environment, STR_ARG(text_str(&said)));
        }
        diag_deinit(&diag);
        return rules;
}

struct ruleset *rules_site(const char *more) {
        char folder[] = "/tmp/docksill-property.XXXXXX", path[64];
        struct ruleset *rules;
        FILE *f;

        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/site.yaml", folder);
        f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f, "docksill: v1\nkind: environment\nname: site\nextends: production\n%s\n", more);
        assert_int_equal(fclose(f), 0);
        rules = rules_load(path);
        unlink(path);
        rmdir(folder);
        return rules;
}

struct ruleset *rules_overridden(const char *overrides) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_addf(&t, "override: [%s]", overrides);
        assert_false(t.failed);
        return rules_site(t.p);
}

void road_open(struct road *road) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                road->rules[i] = rules_load(environment_names[i]);
}

void road_close(struct road *road) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                ruleset_unref(road->rules[i]);
}

void judged_init(struct judged *j) {
        memset(j, 0, sizeof(*j));
        arena_init(&j->arena, MEMORY);
        text_init(&j->call);
}

void judged_deinit(struct judged *j) {
        arena_deinit(&j->arena);
        text_deinit(&j->call);
}

/* -- what lookups tell -- */

static const struct told *told_of(const struct call *call, struct str kind, struct str name) {
        for (size_t i = 0; i < call->n_told; ++i)
                if (str_eqz(kind, call->told[i].kind) && str_eqz(name, call->told[i].name))
                        return &call->told[i];
        return NULL;
}

static void ask(struct judged *j, const struct call *call) {
        struct questions questions = { 0 };

        j->request.reaches = j->request.history = true;
        questions_of(&questions, &j->request, &j->arena);
        for (size_t i = 0; i < questions.n; ++i) {
                const struct question *q = &questions.items[i];
                const struct told *told = told_of(call, question_kind_name(q->kind), q->name);
                enum answer answer = !told ? ANSWER_MISSING : told->says ? ANSWER_TOLD : ANSWER_NONE;

                question_answer(&j->request, &j->arena, &questions, i, answer,
                                answer == ANSWER_TOLD ? str_from(told->says) : (struct str){ 0 });
        }
}

static void follow(struct judged *j, const struct call *call) {
        struct request_path *paths;
        size_t n;

        assert_int_equal(request_paths(&j->request, &j->arena, &paths, &n), 0);
        for (size_t i = 0; i < n; ++i) {
                const struct told *told = told_of(call, STR_C("path"), paths[i].path);

                if (told && !told->says)
                        request_path_mark_unknown(&paths[i]);
                else
                        assert_int_equal(request_path_resolved(&paths[i], &j->arena,
                                                               told ? str_from(told->says) : paths[i].path, false),
                                         0);
        }
}

/* -- the call -- */

static void write_call(struct text *t, const struct call *call, struct str body) {
        const char *method = call->method ? call->method : "POST";
        struct text headers;

        text_init(&headers);
        text_addz(&headers, "");
        if (call->length)
                text_addf(&headers, "\"Content-Length\":\"%s\"", call->length);
        else if (strcmp(method, "GET") != 0)
                text_addf(&headers, "\"Content-Length\":\"%zu\"", body.n);
        if (body.n > 0 || call->length) {
                text_addz(&headers, ",\"Content-Type\":");
                text_add_json(&headers, str_from(call->type ? call->type : "application/json"));
        }
        text_reset(t);
        envelope_add(t, (struct sent){ str_from(method), str_from(call->target), body.n > 0 ? body : (struct str){ 0 },
                                       headers.p });
        text_deinit(&headers);
}

/* -- the judgement -- */

/* Lookups write into the facts, and environments only read them. */
static void judge(struct judged *j, const struct road *road, const struct call *call) {
        arena_reset(&j->arena);
        assert_false(j->call.failed);
        assert_int_equal(request_read(&j->request, &j->arena, text_str(&j->call)), ENVELOPE_READ);
        if (call && call->asked) {
                ask(j, call);
                follow(j, call);
        }
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                decide(&j->decisions[i], road->rules[i], &j->request, MODE_ENFORCE, &j->arena);
                assert_false(j->decisions[i].incomplete);
        }
}

void judge_call(struct judged *j, const struct road *road, struct str envelope) {
        text_reset(&j->call);
        text_add(&j->call, envelope);
        judge(j, road, NULL);
}

void judge_full(struct judged *j, const struct road *road, const struct call *call) {
        cleanup_(freep) char *body = call->body ? json_dumps(call->body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

        assert_true(!call->body == !body);
        write_call(&j->call, call, str_from(body));
        judge(j, road, call);
}

void judge_body(struct judged *j, const struct road *road, const char *target, struct str body) {
        const struct call call = { .target = target };

        write_call(&j->call, &call, body);
        judge(j, road, NULL);
}

void judge_json(struct judged *j, const struct road *road, const char *target, const json_t *body) {
        cleanup_(freep) char *text = json_dumps(body, JSON_COMPACT);

        assert_non_null(text);
        judge_body(j, road, target, str_from(text));
}

const struct finding *finding_of(const struct decision *d, struct str rule) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (str_eq(d->findings[i].rule->id, rule))
                        return &d->findings[i];
        return NULL;
}

void findings_say(struct text *t, const struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i)
                text_addf(t, "%s%" STR_FMT " %s", i ? ", " : "", STR_ARG(d->findings[i].rule->id),
                          severity_name(d->findings[i].severity).p);
}

void fail_with(struct text *t) {
        fprintf(stderr, "%" STR_FMT "\n", STR_ARG(text_str(t)));
        text_deinit(t);
        fail();
}

size_t lines_each(const char *file, void (*each)(const json_t *line, void *context), void *context) {
        FILE *f = fopen(file, "r");
        char *text = NULL;
        size_t room = 0, n = 0;

        if (!f)
                fail_msg("%s: not found; run this in the folder test", file);
        while (getline(&text, &room, f) > 0) {
                json_t *line = json_loads(text, JSON_ALLOW_NUL, NULL);

                if (!line)
                        fail_msg("%s: line %zu is no JSON", file, n + 1);
                each(line, context);
                json_decref(line);
                ++n;
        }
        free(text);
        fclose(f);
        return n;
}

unsigned chance_below(struct chance *c, unsigned n) {
        struct decision_ids ids = { c->state };
        uint64_t z = decision_ids_next(&ids);

        c->state = ids.state;
        return (unsigned)((z >> 32) % n);
}
