#include "road.h"
#include <openssl/evp.h>
#include <stdio.h>

#define MEMORY ((size_t)64 << 20) /* as the server has it */

const char *const environment_names[ENVIRONMENTS] = { "development", "staging", "production", "lockdown" };

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

static void judge(struct judged *j, const struct road *road) {
        arena_reset(&j->arena);
        assert_false(j->call.failed);
        assert_int_equal(request_read(&j->request, &j->arena, text_str(&j->call)), ENVELOPE_READ);
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                decide(&j->decisions[i], road->rules[i], &j->request, MODE_ENFORCE, &j->arena);
                assert_false(j->decisions[i].incomplete);
        }
}

void judge_call(struct judged *j, const struct road *road, struct str envelope) {
        text_reset(&j->call);
        text_add(&j->call, envelope);
        judge(j, road);
}

void judge_body(struct judged *j, const struct road *road, const char *target, struct str body) {
        cleanup_(freep) unsigned char *encoded = malloc((body.n + 2) / 3 * 4 + 1);
        int n;

        assert_non_null(encoded);
        n = EVP_EncodeBlock(encoded, (const unsigned char *)body.p, (int)body.n);
        text_reset(&j->call);
        text_addz(&j->call, "{\"RequestMethod\":\"POST\",\"RequestUri\":");
        text_add_json(&j->call, str_from(target));
        text_addf(&j->call, ",\"RequestHeaders\":{\"Content-Length\":\"%zu\",\"Content-Type\":\"application/json\"}",
                  body.n);
        text_addz(&j->call, ",\"RequestBody\":\"");
        text_add(&j->call, (struct str){ (const char *)encoded, (size_t)n });
        text_addz(&j->call, "\"}");
        judge(j, road);
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
