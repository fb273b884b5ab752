#include "invented.h"

/* Findings by hand: severities as digits of a text, "!" after one makes it hard, "a" audit, "?" unknown. */
struct findings {
        struct finding items[64];
        size_t n;
};

static struct findings findings_of(const char *text) {
        struct findings f = { 0 };

        for (const char *p = text; *p; ++p)
                switch (*p) {
                case '!': f.items[f.n - 1].hard = true; break;
                case 'a': f.items[f.n - 1].audit = true; break;
                case '?': f.items[f.n - 1].any_unknown = true; break;
                default:
                        f.items[f.n].severity = (enum severity)(*p - '0');
                        f.items[f.n].points = severity_points(f.items[f.n].severity);
                        ++f.n;
                }
        return f;
}

static struct decision judge(const char *text, const struct limits *limits) {
        struct findings f = findings_of(text);
        struct decision d = { .findings = f.items, .n_findings = f.n };

        gate_apply(&d, limits);
        d.findings = NULL; /* gone with this frame */
        return d;
}

static void the_first_gate_that_closes_decides(void **state) {
        static const struct {
                const char *findings;
                enum gate gate;
                enum verdict verdict;
                unsigned points;
        } rows[] = {
                /* production: deny high or 50 points, warn low or 1 point */
                { "", GATE_NONE, VERDICT_ALLOW, 0 },
                { "1", GATE_NONE, VERDICT_ALLOW, 0 },
                { "0?", GATE_UNKNOWN, VERDICT_WARN, 0 },
                { "1?", GATE_UNKNOWN, VERDICT_WARN, 0 },
                { "2", GATE_WARN_SEVERITY, VERDICT_WARN, 3 },
                { "3333", GATE_WARN_SEVERITY, VERDICT_WARN, 40 },
                { "3333222", GATE_WARN_SEVERITY, VERDICT_WARN, 49 },
                { "33332222", GATE_DENY_POINTS, VERDICT_DENY, 52 },
                { "33333", GATE_DENY_POINTS, VERDICT_DENY, 50 },
                { "4", GATE_DENY_SEVERITY, VERDICT_DENY, 40 },
                { "433333", GATE_DENY_SEVERITY, VERDICT_DENY, 90 },
                { "5", GATE_DENY_SEVERITY, VERDICT_DENY, 100 },
                { "1!", GATE_HARD, VERDICT_DENY, 0 },
                { "54!33333", GATE_HARD, VERDICT_DENY, 190 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct decision d = judge(rows[i].findings, &limits_production);

                if (d.gate != rows[i].gate || d.verdict != rows[i].verdict || d.points != rows[i].points)
                        fail_msg("\"%s\": %s, %s, %u", rows[i].findings, gate_name(d.gate).p, verdict_name(d.verdict).p,
                                 d.points);
                assert_int_equal(d.would, d.verdict);
                assert_int_equal(d.enforced_points, d.points);
        }
}

static void what_is_observed_is_warned_of_at_most(void **state) {
        static const struct {
                const char *findings;
                enum gate gate;
        } rows[] = {
                { "", GATE_NONE },           { "2", GATE_WARN_SEVERITY },  { "33333", GATE_WARN_POINTS },
                { "4", GATE_WARN_SEVERITY }, { "1!", GATE_WARN_SEVERITY },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct decision d = judge(rows[i].findings, &limits_production);

                gate_observe(&d);
                assert_int_equal(d.gate, rows[i].gate);
                assert_int_equal(d.verdict, i ? VERDICT_WARN : VERDICT_ALLOW);
                assert_int_equal(d.would, d.verdict);
        }
}

static void a_warn_by_points_is_told_from_one_by_severity(void **state) {
        struct limits limits = limits_staging; /* warn medium or 30 points */

        (void)state;
        assert_int_equal(judge("222222222", &limits).gate, GATE_NONE);
        assert_int_equal(judge("2222222222", &limits).gate, GATE_WARN_POINTS);
        assert_int_equal(judge("3", &limits).gate, GATE_WARN_SEVERITY);
}

static void only_a_severity_limit_of_info_minds_info(void **state) {
        struct limits limits = limits_lockdown;

        (void)state;
        assert_int_equal(judge("1111", &limits).verdict, VERDICT_WARN);
        limits.deny_severity = SEVERITY_INFO;
        assert_int_equal(judge("1", &limits).gate, GATE_DENY_SEVERITY);
        assert_int_equal(judge("0", &limits).verdict, VERDICT_ALLOW);
        limits.deny_severity = SEVERITY_NONE; /* still nothing to refuse */
        assert_int_equal(judge("0", &limits).verdict, VERDICT_ALLOW);
        assert_int_equal(judge("", &limits).verdict, VERDICT_ALLOW);
}

static void what_can_not_be_told_lifts_to_warn_unless_skipped(void **state) {
        (void)state;
        assert_int_equal(judge("0?", &limits_development).verdict, VERDICT_ALLOW);
        assert_int_equal(judge("0?", &limits_staging).verdict, VERDICT_WARN);
        assert_int_equal(judge("1?", &limits_production).verdict, VERDICT_WARN);
}

static void an_audited_rule_counts_for_the_verdict_and_not_for_the_answer(void **state) {
        static const struct {
                const char *findings;
                enum verdict verdict, would;
                enum gate gate;
                unsigned points, enforced;
        } rows[] = {
                { "5!a", VERDICT_DENY, VERDICT_ALLOW, GATE_HARD, 100, 0 },
                { "5!a2", VERDICT_DENY, VERDICT_WARN, GATE_HARD, 103, 3 },
                { "5!a4", VERDICT_DENY, VERDICT_DENY, GATE_DENY_SEVERITY, 140, 40 },
                { "3a3333", VERDICT_DENY, VERDICT_WARN, GATE_DENY_POINTS, 50, 40 },
                { "3a33333", VERDICT_DENY, VERDICT_DENY, GATE_DENY_POINTS, 60, 50 },
                { "0?a", VERDICT_WARN, VERDICT_ALLOW, GATE_UNKNOWN, 0, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct decision d = judge(rows[i].findings, &limits_production);

                assert_int_equal(d.verdict, rows[i].verdict);
                assert_int_equal(d.would, rows[i].would);
                assert_int_equal(d.gate, rows[i].gate);
                assert_int_equal(d.points, rows[i].points);
                assert_int_equal(d.enforced_points, rows[i].enforced);
        }
}

/* Of what is denied by day: what is hard, critical or 100 points, high or 50 points. */
static struct step_view three_steps(struct step steps[4]) {
        static const struct {
                const char *day;
                enum severity severity;
                unsigned points;
        } rows[] = { { "", SEVERITIES, ~0u },
                     { "1970-01-02", SEVERITIES, ~0u },
                     { "1970-01-03", SEVERITY_CRITICAL, 100 },
                     { "1970-01-04", SEVERITY_HIGH, 50 } };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                steps[i] = (struct step){ .day = str_from(rows[i].day),
                                          .from = i ? (int64_t)i : INT64_MIN,
                                          .limits = limits_production };
                steps[i].limits.deny_severity = rows[i].severity;
                steps[i].limits.deny_points = rows[i].points;
        }
        return (struct step_view){ steps, ARRAY_SIZE(rows) };
}

static void a_step_denies_what_it_says_and_warns_of_the_rest(void **state) {
        static const struct {
                const char *findings;
                int64_t at;
                enum gate gate;
                enum verdict verdict;
                const char *due; /* "": none */
        } rows[] = {
                { "", 1, GATE_NONE, VERDICT_ALLOW, "" },
                { "2", 1, GATE_WARN_SEVERITY, VERDICT_WARN, "" },
                { "1!", INT64_MIN, GATE_HARD, VERDICT_DENY, "" },
                { "1!", 1, GATE_HARD, VERDICT_DENY, "" },
                { "55555", INT64_MIN, GATE_WARN_SEVERITY, VERDICT_WARN, "1970-01-03" },
                { "55555", 1, GATE_WARN_SEVERITY, VERDICT_WARN, "1970-01-03" },
                { "55555", 2, GATE_DENY_SEVERITY, VERDICT_DENY, "" },
                { "4", 1, GATE_WARN_SEVERITY, VERDICT_WARN, "1970-01-04" },
                { "4", 2, GATE_WARN_SEVERITY, VERDICT_WARN, "1970-01-04" },
                { "4", 3, GATE_DENY_SEVERITY, VERDICT_DENY, "" },
                { "33333", 2, GATE_WARN_SEVERITY, VERDICT_WARN, "1970-01-04" },
                { "444", 2, GATE_DENY_POINTS, VERDICT_DENY, "" },
                { "33333", INT64_MAX, GATE_DENY_POINTS, VERDICT_DENY, "" },
                { "4a", 1, GATE_WARN_SEVERITY, VERDICT_WARN, "" }, /* nothing will enforce it */
                { "3333a3", 2, GATE_WARN_SEVERITY, VERDICT_WARN, "" },
                { "3333a33", 2, GATE_WARN_SEVERITY, VERDICT_WARN, "1970-01-04" },
        };
        struct step steps[4];
        struct step_view view = three_steps(steps);

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct findings f = findings_of(rows[i].findings);
                struct decision d = { .findings = f.items, .n_findings = f.n, .at = rows[i].at };

                gate_apply_steps(&d, view, &limits_production);
                if (d.gate != rows[i].gate || d.verdict != rows[i].verdict ||
                    !str_eqz(d.due ? d.due->day : STR_C(""), rows[i].due))
                        fail_msg("%zu: \"%s\": %s, %s, due \"%s\"", i, rows[i].findings, gate_name(d.gate).p,
                                 verdict_name(d.verdict).p, d.due ? d.due->day.p : "");
                assert_true(d.limits == &d.step->limits);
        }
}

static void the_next_step_is_the_first_that_denies_something_else(void **state) {
        struct step steps[4];
        struct step_view view = three_steps(steps);

        (void)state;
        assert_ptr_equal(steps_next(view, &steps[0]), &steps[2]);
        assert_ptr_equal(steps_next(view, &steps[1]), &steps[2]);
        assert_ptr_equal(steps_next(view, &steps[2]), &steps[3]);
        assert_null(steps_next(view, &steps[3]));
        assert_null(steps_at((struct step_view){ 0 }, 1));
        assert_null(steps_next((struct step_view){ 0 }, NULL));
}

static void so_many_points_must_go(void **state) {
        static const struct { unsigned points, excess; } rows[] = { { 0, 0 }, { 49, 0 }, { 50, 1 }, { 95, 46 } };
        struct limits hard = limits_production;

        (void)state;
        limits_set_hard(&hard);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct decision d = { .enforced_points = rows[i].points };

                assert_int_equal(gate_excess(&d, &limits_production), rows[i].excess);
                assert_int_equal(gate_excess(&d, &hard), 0);
        }
}

static void what_was_not_looked_at_is_refused(void **state) {
        struct decision d = { .incomplete = true };

        (void)state;
        gate_apply(&d, &limits_development);
        assert_int_equal(d.gate, GATE_MEMORY);
        assert_int_equal(d.verdict, VERDICT_DENY);
        assert_int_equal(d.would, VERDICT_DENY);
}

static void points_never_wrap_around(void **state) {
        struct finding items[] = { { .severity = SEVERITY_INFO, .points = UINT32_MAX - 1 },
                                   { .severity = SEVERITY_INFO, .points = 100 } };
        struct decision d = { .findings = items, .n_findings = 2 };
        struct limits hard = limits_development;

        (void)state;
        gate_apply(&d, &limits_development);
        assert_int_equal(d.points, UINT32_MAX);
        assert_int_equal(d.verdict, VERDICT_DENY);
        limits_set_hard(&hard); /* no sum is refused */
        gate_apply(&d, &hard);
        assert_int_equal(d.verdict, VERDICT_WARN);
}

static void every_gate_and_verdict_has_its_stable_name(void **state) {
        static const char *const gates[] = { "none",   "access",        "memory",      "hard",   "severity",
                                             "points", "warn-severity", "warn-points", "unknown" };
        static const char *const verdicts[] = { "allow", "warn", "deny" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(gates); ++i)
                assert_str(gate_name((enum gate)i), gates[i]);
        for (size_t i = 0; i < ARRAY_SIZE(verdicts); ++i)
                assert_str(verdict_name((enum verdict)i), verdicts[i]);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_gate_that_closes_decides),
                cmocka_unit_test(what_is_observed_is_warned_of_at_most),
                cmocka_unit_test(a_warn_by_points_is_told_from_one_by_severity),
                cmocka_unit_test(only_a_severity_limit_of_info_minds_info),
                cmocka_unit_test(what_can_not_be_told_lifts_to_warn_unless_skipped),
                cmocka_unit_test(an_audited_rule_counts_for_the_verdict_and_not_for_the_answer),
                cmocka_unit_test(a_step_denies_what_it_says_and_warns_of_the_rest),
                cmocka_unit_test(the_next_step_is_the_first_that_denies_something_else),
                cmocka_unit_test(so_many_points_must_go),
                cmocka_unit_test(what_was_not_looked_at_is_refused),
                cmocka_unit_test(points_never_wrap_around),
                cmocka_unit_test(every_gate_and_verdict_has_its_stable_name),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
