#include "docksill/decide/decide.h"
#include "invented.h"

static const struct rule high = { .id = STR("host-network"), CASES(CASE(.severity = SEVERITY_HIGH)) };
static const struct rule low = { .id = STR("cpu-unlimited"), CASES(CASE(.severity = SEVERITY_LOW)) };
static const struct rule *const high_alone[] = { &high }, *const low_alone[] = { &low };

static struct ruleset rules_of(const struct rule *const *rules, size_t n) {
        return (struct ruleset){ .name = STR("production"), .limits = limits_production, .rules = rules, .n = n };
}

static void the_mode_changes_the_answer_and_nothing_else(void **state) {
        struct ruleset refused = rules_of(high_alone, 1), warned = rules_of(low_alone, 1), clean = rules_of(NULL, 0);
        const struct {
                const struct ruleset *rules;
                enum mode mode;
                enum verdict verdict;
                bool allow;
        } rows[] = {
                { &refused, MODE_ENFORCE, VERDICT_DENY, false }, { &refused, MODE_AUDIT, VERDICT_DENY, true },
                { &warned, MODE_ENFORCE, VERDICT_WARN, true },   { &warned, MODE_AUDIT, VERDICT_WARN, true },
                { &clean, MODE_ENFORCE, VERDICT_ALLOW, true },   { &clean, MODE_AUDIT, VERDICT_ALLOW, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct decision d;
                struct bench b;

                bench_init(&b);
                memset(&d, 0xff, sizeof(d)); /* whatever stood there before */
                decide(&d, rows[i].rules, &b.request, rows[i].mode, &b.arena);
                assert_int_equal(d.mode, rows[i].mode);
                assert_int_equal(d.verdict, rows[i].verdict);
                assert_int_equal(d.would, rows[i].verdict);
                assert_int_equal(d.allow, rows[i].allow);
                assert_int_equal(d.n_findings, rows[i].rules->n);
                assert_int_equal(d.id, 0);
                assert_false(d.incomplete || d.unknown);
                bench_deinit(&b);
        }
}

static void a_rule_set_to_audit_refuses_nobody(void **state) {
        struct rule audited = high;
        const struct rule *all[] = { &audited };
        struct ruleset rules = rules_of(all, 1);
        struct bench b;

        (void)state;
        audited.audit = true;
        bench_init(&b);
        decide(&b.decision, &rules, &b.request, MODE_ENFORCE, &b.arena);
        assert_int_equal(b.decision.verdict, VERDICT_DENY);
        assert_int_equal(b.decision.would, VERDICT_ALLOW);
        assert_true(b.decision.allow);
        assert_true(b.decision.findings[0].audit);
        bench_deinit(&b);
}

static const struct rule hard = { .id = STR("privileged-container"),
                                  CASES(CASE(.severity = SEVERITY_CRITICAL, .hard = true)) };

/* As if all other rules were set to audit. */
static void enforce_hard_refuses_what_is_hard_alone(void **state) {
        static const struct rule *const both[] = { &hard, &high };
        const struct {
                struct ruleset rules;
                enum verdict verdict, would;
                enum gate gate;
        } rows[] = { { rules_of(both, 2), VERDICT_DENY, VERDICT_DENY, GATE_HARD },
                     { rules_of(high_alone, 1), VERDICT_DENY, VERDICT_ALLOW, GATE_DENY_SEVERITY },
                     { rules_of(low_alone, 1), VERDICT_WARN, VERDICT_ALLOW, GATE_WARN_SEVERITY },
                     { rules_of(NULL, 0), VERDICT_ALLOW, VERDICT_ALLOW, GATE_NONE } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;

                bench_init(&b);
                decide(&b.decision, &rows[i].rules, &b.request, MODE_ENFORCE_HARD, &b.arena);
                assert_int_equal(b.decision.verdict, rows[i].verdict);
                assert_int_equal(b.decision.would, rows[i].would);
                assert_int_equal(b.decision.gate, rows[i].gate);
                assert_int_equal(b.decision.allow, rows[i].would != VERDICT_DENY);
                for (size_t k = 0; k < b.decision.n_findings; ++k)
                        assert_int_equal(b.decision.findings[k].audit, !b.decision.findings[k].hard);
                bench_deinit(&b);
        }
}

static void the_rules_are_those_of_the_operation(void **state) {
        struct ruleset rules = rules_of(high_alone, 1);
        const struct {
                const struct operation *operation;
                size_t findings;
        } rows[] = { { &operation_table[0], 1 }, { &operation_table[1], 0 }, { NULL, 1 } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct bench b;

                bench_init(&b);
                b.request.operation = rows[i].operation;
                decide(&b.decision, &rules, &b.request, MODE_ENFORCE, &b.arena);
                assert_int_equal(b.decision.n_findings, rows[i].findings);
                bench_deinit(&b);
        }
}

static void a_full_arena_is_a_refusal_but_in_audit_mode(void **state) {
        struct ruleset rules = rules_of(low_alone, 1);

        (void)state;
        for (int mode = MODE_ENFORCE; mode <= MODE_ENFORCE_HARD; ++mode) {
                struct bench b;

                bench_init(&b);
                b.arena.limit = 16;
                decide(&b.decision, &rules, &b.request, (enum mode)mode, &b.arena);
                assert_true(b.decision.incomplete);
                assert_int_equal(b.decision.gate, GATE_MEMORY);
                assert_int_equal(b.decision.would, VERDICT_DENY);
                assert_int_equal(b.decision.allow, mode == MODE_AUDIT);
                bench_deinit(&b);
        }
}

static void ids_are_sixteen_hex_digits(void **state) {
        static const struct {
                uint64_t id;
                const char *text;
        } rows[] = { { 0, "0000000000000000" },
                     { 0x7f3a, "0000000000007f3a" },
                     { UINT64_MAX, "ffffffffffffffff" },
                     { UINT64_C(0x0123456789abcdef), "0123456789abcdef" } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char buffer[DECISION_ID_SIZE + 1];
                struct text t;

                text_init_fixed(&t, buffer, sizeof(buffer));
                decision_id_add(&t, rows[i].id);
                assert_string_equal(buffer, rows[i].text);
        }
}

static void ids_differ_within_a_process_and_between_processes(void **state) {
        struct decision_ids one, other;
        uint64_t seen[1000];

        (void)state;
        assert_int_equal(decision_ids_init(&one), 0);
        assert_int_equal(decision_ids_init(&other), 0);
        assert_true(one.state != other.state);
        for (size_t i = 0; i < ARRAY_SIZE(seen); ++i) {
                seen[i] = decision_ids_next(&one);
                for (size_t j = 0; j < i; ++j)
                        assert_true(seen[i] != seen[j]);
        }
}

/* The published generator's first numbers from the seed 1234567. */
static void ids_follow_splitmix64(void **state) {
        static const uint64_t expected[] = { UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                             UINT64_C(9817491932198370423) };
        struct decision_ids ids = { 1234567 };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(expected); ++i)
                assert_true(decision_ids_next(&ids) == expected[i]);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_mode_changes_the_answer_and_nothing_else),
                cmocka_unit_test(a_rule_set_to_audit_refuses_nobody),
                cmocka_unit_test(enforce_hard_refuses_what_is_hard_alone),
                cmocka_unit_test(the_rules_are_those_of_the_operation),
                cmocka_unit_test(a_full_arena_is_a_refusal_but_in_audit_mode),
                cmocka_unit_test(ids_are_sixteen_hex_digits),
                cmocka_unit_test(ids_differ_within_a_process_and_between_processes),
                cmocka_unit_test(ids_follow_splitmix64),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
