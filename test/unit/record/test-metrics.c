/*
 * What is counted of decisions, and that a reload carries it over.
 */
#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/engine/operation.h"
#include "docksill/record/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define RULE(id) "  - {id: " id ", title: T, when: {container.privileged: true}, severity: critical, message: m}\n"
#define HEAD     "docksill: v1\nkind: rules\nrules:\n"

/* {"HostConfig":{"Privileged":true}} */
#define CREATE                                                                                                         \
        "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/create\",\"RequestBody\":"                     \
        "\"eyJIb3N0Q29uZmlnIjp7IlByaXZpbGVnZWQiOnRydWV9fQ==\",\"RequestHeaders\":{\"Content-Type\":"                   \
        "\"application/json\",\"Content-Length\":\"34\"}}"
#define GET "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/containers/json\"}"

struct world {
        struct metrics m;
        struct ruleset *one, *other; /* rules a, b, c; rules b, c, d */
};

static struct ruleset *load(const char *text) {
        char path[] = "/tmp/docksill-metrics-XXXXXX.yaml";
        const char *paths[] = { path };
        struct ruleset *rules = NULL;
        struct diag diag;
        int fd = mkstemps(path, 5);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, text, strlen(text)), strlen(text));
        close(fd);
        diag_init(&diag);
        assert_int_equal(ruleset_load_rules(&rules, paths, 1, &diag), 0);
        diag_deinit(&diag);
        unlink(path);
        return rules;
}

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));

        w->one = load(HEAD RULE("a") RULE("b") RULE("c"));
        w->other = load(HEAD RULE("b") RULE("c") RULE("d"));
        metrics_init(&w->m);
        assert_int_equal(metrics_use(&w->m, &(struct tally_of){ .rules = w->one, .mode = MODE_AUDIT }), 0);
        *state = w;
        return 0;
}

static int end(void **state) {
        struct world *w = *state;

        metrics_deinit(&w->m);
        ruleset_unref(w->one);
        ruleset_unref(w->other);
        free(w);
        return 0;
}

static void decide_by(struct world *w, const struct ruleset *rules, const char *call, enum mode mode) {
        struct arena arena;
        struct request request;
        struct decision d;

        arena_init(&arena, 1 << 22);
        assert_int_equal(request_read(&request, &arena, str_from(call)), ENVELOPE_READ);
        decide(&d, rules, &request, mode, &arena);
        metrics_decided(&w->m, &d, request.operation, 42);
        arena_deinit(&arena);
}

/* Whether the metrics hold the line. */
static bool tells(struct world *w, const char *line) {
        cleanup_(text_deinit) struct text t;
        bool told;

        text_init(&t);
        text_add_char(&t, '\n');
        metrics_add(&t, &w->m, NULL);
        assert_false(t.failed);
        told = strstr(t.p, line) != NULL;
        if (!told)
                print_error("%s\nis not in\n%s", line, t.p);
        return told;
}

#define DECISIONS(verdict, answer)                                                                                     \
        "\ndocksill_decisions_total{verdict=\"" verdict "\",answer=\"" answer                                          \
        "\",family=\"container\",environment=\"lockdown\"} "
#define MATCHES(rule) "\ndocksill_rule_matches_total{rule=\"" rule "\",effect=\"charged\"} "

static void decisions_are_counted_as_they_are(void **state) {
        struct world *w = *state;

        decide_by(w, w->one, CREATE, MODE_AUDIT);
        decide_by(w, w->one, CREATE, MODE_ENFORCE);
        decide_by(w, w->one, CREATE, MODE_ENFORCE);
        decide_by(w, w->one, GET, MODE_ENFORCE);
        assert_int_equal(counter_read(&w->m.calls.requests), 4);
        assert_int_equal(counter_read(&w->m.calls.denied), 2);
        assert_int_equal(counter_read(&w->m.calls.would_deny), 1);
        assert_int_equal(counter_read(&w->m.calls.allowed), 1);
        assert_true(tells(w, ",family=\"container\","));
        assert_true(tells(w, "docksill_decisions_total{verdict=\"deny\",answer=\"deny\",family=\"container\""));
        assert_true(tells(w, MATCHES("a") "3\n"));
        assert_true(tells(w, "\ndocksill_decision_duration_seconds_bucket{le=\"0.000025\"} 0\n"));
        assert_true(tells(w, "\ndocksill_decision_duration_seconds_bucket{le=\"0.00005\"} 4\n"));
        assert_true(tells(w, "\ndocksill_decision_duration_seconds_sum 0.000168\n"));
        assert_true(tells(w, "\ndocksill_score_count 3\n")); /* a plain read has no points to tell of */
        assert_true(tells(w, "\ndocksill_score_sum 900\n"));
}

static void a_reload_carries_over_by_id(void **state) {
        struct world *w = *state;

        decide_by(w, w->one, CREATE, MODE_AUDIT);
        assert_int_equal(metrics_use(&w->m, &(struct tally_of){ .rules = w->other, .mode = MODE_ENFORCE }), 0);
        assert_true(tells(w, MATCHES("b") "1\n"));
        assert_true(tells(w, MATCHES("d") "0\n"));
        decide_by(w, w->other, CREATE, MODE_ENFORCE);
        /* One that began under the rules before: what is gone of them is counted nowhere. */
        decide_by(w, w->one, CREATE, MODE_AUDIT);
        assert_true(tells(w, MATCHES("b") "3\n"));
        assert_true(tells(w, MATCHES("c") "3\n"));
        assert_true(tells(w, MATCHES("d") "1\n"));
        assert_true(tells(w, "\ndocksill_enforcing 1\n"));
        assert_int_equal(metrics_use(&w->m, &(struct tally_of){ .rules = w->one, .mode = MODE_AUDIT }), 0);
        assert_true(tells(w, MATCHES("a") "0\n"));
        assert_true(tells(w, MATCHES("b") "3\n"));
        assert_int_equal(counter_read(&w->m.calls.requests), 3);
}

static void who_reads_keeps_what_he_reads(void **state) {
        struct world *w = *state;
        struct tally *t;

        decide_by(w, w->one, CREATE, MODE_AUDIT);
        t = metrics_tally(&w->m);
        assert_non_null(t);
        assert_int_equal(metrics_use(&w->m, &(struct tally_of){ .rules = w->other, .mode = MODE_AUDIT }), 0);
        decide_by(w, w->other, CREATE, MODE_AUDIT);
        assert_ptr_equal(t->rules, w->one);
        assert_int_equal(counter_read(&t->matches[0][TALLY_CHARGED]), 1);
        tally_unref(t);
}

static void families_are_few_and_all_there(void **state) {
        struct world *w = *state;
        const struct tally *t = w->m.tally;

        assert_true(t->n_families > 10 && t->n_families < TALLY_FAMILIES);
        for (size_t i = 0; i <= operation_table_n; ++i)
                assert_true(t->family[i] < t->n_families);
        assert_true(str_eqz(t->families[t->family[operation_table_n]], "unknown"));
}

static void lookups_are_counted_by_what_came_of_them(void **state) {
        struct world *w = *state;

        lookup_count(w->m.lookups, LOOKUP_OF_ENGINE, LOOKUP_FAILED, 1);
        lookup_count(w->m.lookups, LOOKUP_OF_ENGINE, LOOKUP_LATE, 500000);
        lookup_count(w->m.lookups, LOOKUP_OF_PATHS, LOOKUP_SKIPPED, 0);
        assert_true(tells(w, "\ndocksill_lookups_total{asked=\"engine\",result=\"failed\"} 1\n"));
        assert_true(tells(w, "\ndocksill_lookups_total{asked=\"paths\",result=\"skipped\"} 1\n"));
        assert_true(tells(w, "\ndocksill_lookup_duration_seconds_sum{asked=\"engine\"} 0.500001\n"));
        assert_true(tells(w, "\ndocksill_lookup_duration_seconds_count{asked=\"paths\"} 0\n"));
}

static void what_access_refuses_is_no_rule_of_the_set(void **state) {
        static const struct rule_case none[] = { { .severity = SEVERITY_CRITICAL } };
        static const struct rule access = { .id = STR(ACCESS_RULE), .cases = none, .n_cases = 1 };
        struct finding finding = { .rule = &access, .access = true };
        struct world *w = *state;
        struct decision d = { .rules = w->one, .verdict = VERDICT_DENY, .findings = &finding, .n_findings = 1 };

        metrics_decided(&w->m, &d, NULL, 1);
        assert_true(tells(w, MATCHES("access-denied") "1\n"));
        assert_true(tells(w, MATCHES("a") "0\n"));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(decisions_are_counted_as_they_are, begin, end),
                cmocka_unit_test_setup_teardown(a_reload_carries_over_by_id, begin, end),
                cmocka_unit_test_setup_teardown(who_reads_keeps_what_he_reads, begin, end),
                cmocka_unit_test_setup_teardown(families_are_few_and_all_there, begin, end),
                cmocka_unit_test_setup_teardown(lookups_are_counted_by_what_came_of_them, begin, end),
                cmocka_unit_test_setup_teardown(what_access_refuses_is_no_rule_of_the_set, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
