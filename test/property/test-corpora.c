/*
 * Each call of the corpora, each body of theirs, and each call of the rules' own tests: no environment is milder than
 * the one before it, in the verdict, in the sum, or in any finding.
 */
#include "docksill/decide/rule-test.h"
#include "road.h"
#include <stdio.h>

struct bench {
        struct road road;
        struct judged judged;
        const char *file;
        size_t calls, refused[ORDERED];
};

static int open_bench(void **state) {
        static struct bench bench; /* cmocka's state outlives this function */

        road_open(&bench.road);
        judged_init(&bench.judged);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        road_close(&b->road);
        return 0;
}

static void fail_about(const struct bench *b, size_t environment, struct str what) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s: %" STR_FMT " is milder in %s than in %s: ", b->file, STR_ARG(what),
                  environment_names[environment], environment_names[environment - 1]);
        text_add_visible(&t, text_str(&b->judged.call), 2000);
        fail_with(&t);
}

static void assert_ordered(struct bench *b) {
        const struct decision *all = b->judged.decisions;

        ++b->calls;
        for (size_t i = 0; i < ORDERED; ++i)
                b->refused[i] += all[i].verdict == VERDICT_DENY;
        for (size_t i = 1; i < ORDERED; ++i) {
                const struct decision *strict = &all[i], *mild = &all[i - 1];

                if (strict->verdict < mild->verdict || strict->would < mild->would)
                        fail_about(b, i, STR_C("the verdict"));
                if (strict->points < mild->points)
                        fail_about(b, i, STR_C("the sum"));
                for (size_t k = 0; k < mild->n_findings; ++k) {
                        const struct finding *f = finding_of(strict, mild->findings[k].rule->id);

                        if (!f || f->severity < mild->findings[k].severity || (mild->findings[k].hard && !f->hard))
                                fail_about(b, i, mild->findings[k].rule->id);
                }
        }
}

/* What is no request at all is refused before any environment. */
static void hold_envelope(struct bench *b, const json_t *envelope) {
        char *call = json_dumps(envelope, JSON_COMPACT | JSON_PRESERVE_ORDER);
        struct request request;
        struct arena scratch;

        assert_non_null(call);
        arena_init(&scratch, 16 << 20);
        if (request_read(&request, &scratch, str_from(call)) == ENVELOPE_READ) {
                judge_call(&b->judged, &b->road, str_from(call));
                assert_ordered(b);
        }
        arena_deinit(&scratch);
        free(call);
}

/* A body in base64, as dockerd sends it. */
static void hold_encoded(struct bench *b, const char *body) {
        size_t n = strlen(body), padding = n < 2 ? 0 : (size_t)((body[n - 1] == '=') + (body[n - 2] == '='));
        char length[24];
        json_t *envelope;

        snprintf(length, sizeof(length), "%zu", n / 4 * 3 - padding);
        envelope = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "RequestMethod", "POST", "RequestUri",
                             "/v1.45/containers/create", "RequestBody", body, "RequestHeaders", "Content-Type",
                             "application/json", "Content-Length", length);
        assert_non_null(envelope);
        hold_envelope(b, envelope);
        json_decref(envelope);
}

static void hold_line(const json_t *line, void *context) {
        const json_t *envelope = json_object_get(line, "envelope"), *body = json_object_get(line, "body");
        struct bench *b = context;

        if (json_is_object(envelope)) {
                hold_envelope(b, envelope);
        } else if (json_is_object(body)) {
                judge_json(&b->judged, &b->road, "/v1.45/containers/create", body);
                assert_ordered(b);
        } else if (json_is_string(body)) {
                hold_encoded(b, json_string_value(body));
        }
}

static void no_environment_is_milder_for_the_corpora(void **state) {
        static const char *const files[] = { "corpus/public.jsonl",    "corpus/doors.jsonl",    "corpus/recorded.jsonl",
                                             "corpus/clients.jsonl",   "corpus/services.jsonl", "corpus/decode.jsonl",
                                             "property/examples.jsonl" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(files); ++i) {
                size_t before = b->calls;

                b->file = files[i];
                assert_true(lines_each(files[i], hold_line, b) > 0);
                assert_true(b->calls > before);
        }
        assert_true(b->calls > 550);
        /* Else they are no test of the order. */
        for (size_t i = 1; i < ORDERED; ++i)
                assert_true(b->refused[i] > b->refused[i - 1]);
}

static void nor_for_the_tests_of_the_rules(void **state) {
        struct bench *b = *state;
        struct rule_view rules = ruleset_rules(b->road.rules[LOCKDOWN]);
        size_t before = b->calls;

        for (size_t i = 0; i < rules.n; ++i)
                for (size_t k = 0; k < rules.items[i]->n_tests; ++k) {
                        const struct rule_test *test = &rules.items[i]->tests[k];
                        cleanup_(text_deinit) struct text call;
                        json_t *envelope;

                        if (test->response.p || test->skipped)
                                continue;
                        text_init(&call);
                        rule_test_add_call(&call, test);
                        b->file = "a test of a rule";
                        envelope = json_loadb(call.p, call.n, JSON_DECODE_ANY, NULL);
                        if (envelope)
                                hold_envelope(b, envelope);
                        json_decref(envelope);
                }
        assert_true(b->calls - before > 1000);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(no_environment_is_milder_for_the_corpora),
                cmocka_unit_test(nor_for_the_tests_of_the_rules),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
