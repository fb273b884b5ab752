/*
 * Properties of the score (DESIGN 1.3, GUIDANCE 6.2), held against generated findings and rules. The generator starts
 * from a fixed seed, so that a failure comes again; its number is in the message.
 */
#include "docksill/decide/decide.h"
#include "invented.h"

#define ROUNDS 20000
#define MOST   12

static uint64_t state_of_chance;

static unsigned chance(unsigned n) {
        struct decision_ids ids = { state_of_chance };
        uint64_t z = decision_ids_next(&ids);

        state_of_chance = ids.state;
        return (unsigned)(z >> 32) % n;
}

/* Mostly mild ones, so that sums stay around the limits. */
static enum severity any_severity(void) {
        static const enum severity often[] = { SEVERITY_INFO,   SEVERITY_LOW,    SEVERITY_LOW,  SEVERITY_LOW,
                                               SEVERITY_MEDIUM, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };

        return often[chance(ARRAY_SIZE(often))];
}

static struct finding any_finding(void) {
        enum severity severity = any_severity();

        return (struct finding){ .severity = severity,
                                 .points = severity_points(severity),
                                 .hard = chance(30) == 0,
                                 .audit = chance(8) == 0,
                                 .any_unknown = chance(10) == 0 };
}

static struct decision judge(struct finding *findings, size_t n, const struct limits *limits) {
        struct decision d = { .findings = findings, .n_findings = n };

        gate_apply(&d, limits);
        return d;
}

static const struct limits *const environments[] = { &limits_development, &limits_staging, &limits_production,
                                                     &limits_lockdown };

static void assert_not_milder(const struct decision *after, const struct decision *before, unsigned round) {
        if (after->points < before->points || after->enforced_points < before->enforced_points)
                fail_msg("round %u: fewer points", round);
        if (after->verdict < before->verdict || after->would < before->would)
                fail_msg("round %u: a milder verdict", round);
}

static void a_further_finding_never_softens(void **state) {
        (void)state;
        state_of_chance = 1;
        for (unsigned round = 0; round < ROUNDS; ++round) {
                const struct limits *limits = environments[chance(4)];
                struct finding findings[MOST + 1];
                struct decision before, after;
                size_t n = chance(MOST + 1);

                for (size_t i = 0; i <= n; ++i)
                        findings[i] = any_finding();
                before = judge(findings, n, limits);
                after = judge(findings, n + 1, limits);
                assert_not_milder(&after, &before, round);
        }
}

static void a_worse_severity_never_softens(void **state) {
        (void)state;
        state_of_chance = 2;
        for (unsigned round = 0; round < ROUNDS; ++round) {
                const struct limits *limits = environments[chance(4)];
                struct finding findings[MOST];
                struct decision before, after;
                size_t n = 1 + chance(MOST), raised = chance((unsigned)n);

                for (size_t i = 0; i < n; ++i)
                        findings[i] = any_finding();
                before = judge(findings, n, limits);
                if (chance(4) == 0)
                        findings[raised].hard = true;
                else if (findings[raised].severity < SEVERITY_CRITICAL)
                        findings[raised].points = severity_points(++findings[raised].severity);
                after = judge(findings, n, limits);
                assert_not_milder(&after, &before, round);
        }
}

static void the_order_of_findings_is_irrelevant(void **state) {
        (void)state;
        state_of_chance = 3;
        for (unsigned round = 0; round < ROUNDS; ++round) {
                const struct limits *limits = environments[chance(4)];
                struct finding findings[MOST];
                struct decision before, after;
                size_t n = 1 + chance(MOST);

                for (size_t i = 0; i < n; ++i)
                        findings[i] = any_finding();
                before = judge(findings, n, limits);
                for (size_t i = n - 1; i > 0; --i) {
                        size_t j = chance((unsigned)i + 1);
                        struct finding swap = findings[i];

                        findings[i] = findings[j];
                        findings[j] = swap;
                }
                after = judge(findings, n, limits);
                assert_int_equal(after.points, before.points);
                assert_int_equal(after.verdict, before.verdict);
                assert_int_equal(after.would, before.would);
                assert_int_equal(after.gate, before.gate);
        }
}

/* Rules whose conditions answer anything at all, over a list whose elements have one or two spellings. */

static const struct fact path_rows[] = {
        { .name = STR("source"), .type = FACT_PATH, .at = offsetof(struct mount_fact, source) },
        { .name = STR("") },
};
static const struct fact mounts = { .name = STR("mounts"),
                                    .type = FACT_LIST,
                                    .at = offsetof(struct facts, mounts),
                                    .from = "HostConfig.Binds",
                                    .element = path_rows,
                                    .element_size = sizeof(struct mount_fact) };

#define RULES      6
#define CASES_MOST 3
struct invention {
        struct condition conditions[RULES][CASES_MOST + 1];
        struct rule_case cases[RULES][CASES_MOST];
        struct rule rules[RULES];
        const struct rule *view[RULES];
        struct mount_fact mounts[3];
        size_t n_mounts;
};

static enum truth any_truth(void) {
        static const enum truth often[] = { TRUTH_NO, TRUTH_NO, TRUTH_YES, TRUTH_YES, TRUTH_UNKNOWN, TRUTH_OFF };

        return often[chance(ARRAY_SIZE(often))];
}

static const struct condition *any_condition(struct condition *c) {
        if (chance(4) == 0)
                return NULL;
        *c = (struct condition){ .answer = { any_truth(), any_truth() } };
        return c;
}

static void invent(struct invention *v) {
        static const struct str ids[RULES] = { STR("a"), STR("b"), STR("c"), STR("d"), STR("e"), STR("f") };

        memset(v, 0, sizeof(*v));
        for (size_t i = 0; i < RULES; ++i) {
                struct rule *rule = &v->rules[i];

                *rule = (struct rule){ .id = ids[i],
                                       .each = chance(2) ? &mounts : NULL,
                                       .when = any_condition(&v->conditions[i][CASES_MOST]),
                                       .cases = v->cases[i],
                                       .n_cases = 1 + chance(CASES_MOST),
                                       .unknown = chance(5) ? any_severity() : SEVERITY_NONE,
                                       .audit = chance(8) == 0 };
                for (size_t j = 0; j < rule->n_cases; ++j)
                        v->cases[i][j] = (struct rule_case)CASE(.when = any_condition(&v->conditions[i][j]),
                                                                .severity = chance(4) ? any_severity() : SEVERITY_NONE,
                                                                .hard = chance(40) == 0);
                v->view[i] = rule;
        }
        v->n_mounts = chance(ARRAY_SIZE(v->mounts) + 1);
        for (size_t i = 0; i < v->n_mounts; ++i) {
                v->mounts[i].origin.field = "HostConfig.Binds";
                v->mounts[i].source.n = (uint8_t)(1 + chance(2));
        }
}

static struct decision decide_in(struct bench *b, struct invention *v, const struct limits *limits) {
        struct ruleset rules = { .name = STR("x"), .limits = *limits, .rules = v->view, .n = RULES };
        struct decision d;

        b->request.facts.mounts = (struct fact_list){ .items = v->mounts, .n = v->n_mounts, .capacity = v->n_mounts };
        decide(&d, &rules, &b->request, MODE_ENFORCE, &b->arena);
        assert_false(d.incomplete);
        return d;
}

static void each_environment_is_at_least_as_strict_as_the_one_before(void **state) {
        unsigned verdicts[4][3] = { { 0 } };
        struct invention v;
        struct bench b;

        (void)state;
        state_of_chance = 4;
        bench_init(&b);
        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision last = { 0 };

                invent(&v);
                for (size_t i = 0; i < ARRAY_SIZE(environments); ++i) {
                        struct decision d = decide_in(&b, &v, environments[i]);

                        assert_not_milder(&d, &last, round);
                        ++verdicts[i][d.verdict];
                        last = d;
                }
                arena_reset(&b.arena);
        }
        bench_deinit(&b);
        /* Else the generator is no good: each verdict must come up wherever the limits allow it. */
        for (size_t i = 0; i < ARRAY_SIZE(environments); ++i)
                for (int verdict = VERDICT_ALLOW; verdict <= VERDICT_DENY; ++verdict)
                        assert_true(verdicts[i][verdict] > ROUNDS / 1000);
}

static void the_order_of_rules_is_irrelevant(void **state) {
        struct invention v;
        struct bench b;

        (void)state;
        state_of_chance = 5;
        bench_init(&b);
        for (unsigned round = 0; round < ROUNDS / 4; ++round) {
                const struct limits *limits = environments[chance(4)];
                struct decision before, after;

                invent(&v);
                before = decide_in(&b, &v, limits);
                for (size_t i = RULES - 1; i > 0; --i) {
                        size_t j = chance((unsigned)i + 1);
                        const struct rule *swap = v.view[i];

                        v.view[i] = v.view[j];
                        v.view[j] = swap;
                }
                after = decide_in(&b, &v, limits);
                assert_int_equal(after.verdict, before.verdict);
                assert_int_equal(after.points, before.points);
                assert_int_equal(after.n_findings, before.n_findings);
                for (size_t i = 0; i < after.n_findings; ++i) {
                        assert_ptr_equal(after.findings[i].rule, before.findings[i].rule);
                        assert_int_equal(after.findings[i].points, before.findings[i].points);
                }
                arena_reset(&b.arena);
        }
        bench_deinit(&b);
}

/* What holds of elements holds of their order too; and one element more never makes it milder. */
static void the_order_of_elements_is_irrelevant_and_more_are_never_milder(void **state) {
        struct rule_case cases[] = { CASE(.when = PATH_IS("/a"), .severity = SEVERITY_NONE),
                                     CASE(.when = PATH_IS("/b"), .severity = SEVERITY_LOW),
                                     CASE(.when = PATH_IS("/c"), .severity = SEVERITY_MEDIUM, .hard = true),
                                     CASE(.when = PATH_IS("/d"), .severity = SEVERITY_HIGH) };
        static const char *const paths[] = { "/a", "/b", "/c", "/d", "/e" };
        struct rule rule = { .id = STR("r"), .each = &mounts, .cases = cases, .n_cases = ARRAY_SIZE(cases) };
        struct invention v = { .view = { &rule, &rule, &rule, &rule, &rule, &rule } };
        struct bench b;

        (void)state;
        state_of_chance = 6;
        bench_init(&b);
        for (unsigned round = 0; round < ROUNDS / 4; ++round) {
                const struct limits *limits = environments[chance(4)];
                struct decision before, turned, fewer;
                struct mount_fact swap;

                memset(v.mounts, 0, sizeof(v.mounts));
                v.n_mounts = 3;
                for (size_t i = 0; i < v.n_mounts; ++i) {
                        v.mounts[i].origin.field = "HostConfig.Binds";
                        v.mounts[i].source.n = (uint8_t)(1 + chance(2));
                        v.mounts[i].source.spelling[0] = str_from(paths[chance(ARRAY_SIZE(paths))]);
                        v.mounts[i].source.spelling[1] = str_from(paths[chance(ARRAY_SIZE(paths))]);
                }
                before = decide_in(&b, &v, limits);
                v.n_mounts = 2;
                fewer = decide_in(&b, &v, limits);
                assert_not_milder(&before, &fewer, round);
                v.n_mounts = 3;
                swap = v.mounts[0];
                v.mounts[0] = v.mounts[2];
                v.mounts[2] = swap;
                turned = decide_in(&b, &v, limits);
                assert_int_equal(turned.points, before.points);
                assert_int_equal(turned.verdict, before.verdict);
                assert_int_equal(turned.gate, before.gate);
                arena_reset(&b.arena);
        }
        bench_deinit(&b);
}

/* -- steps: from what is hard alone to the limits of an environment -- */

#define STEPS_MOST 5

struct invented_steps {
        struct step items[STEPS_MOST + 2];
        size_t n;
        struct limits own;
};

/* Backwards from the environment's own, each a little milder. */
static void invent_steps(struct invented_steps *s) {
        struct limits l = s->own = *environments[chance(4)];

        s->n = 2 + chance(STEPS_MOST);
        for (size_t i = s->n - 1; i > 0; --i) {
                s->items[i] = (struct step){ .day = STR("x"), .from = (int64_t)i * 10, .limits = l };
                if (l.deny_severity < SEVERITY_CRITICAL && chance(2))
                        ++l.deny_severity;
                if (!limits_deny_hard(&l))
                        l.deny_points += chance(60);
                if (chance(4) == 0)
                        limits_set_hard(&l);
        }
        s->items[0] = (struct step){ .from = INT64_MIN, .limits = s->own };
        limits_set_hard(&s->items[0].limits);
}

static struct decision judge_at(struct finding *findings, size_t n, const struct invented_steps *s, int64_t at) {
        struct decision d = { .findings = findings, .n_findings = n, .at = at };

        gate_apply_steps(&d, (struct step_view){ s->items, s->n }, &s->own);
        return d;
}

static void a_later_day_never_allows_what_an_earlier_refused(void **state) {
        unsigned refused_later = 0;

        (void)state;
        state_of_chance = 7;
        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision before, after;
                struct invented_steps s;
                struct finding findings[MOST];
                size_t n = chance(MOST + 1);
                int64_t at = (int64_t)chance(STEPS_MOST * 10), later = at + chance(STEPS_MOST * 10);

                invent_steps(&s);
                for (size_t i = 0; i < n; ++i)
                        findings[i] = any_finding();
                before = judge_at(findings, n, &s, at);
                after = judge_at(findings, n, &s, later);
                assert_not_milder(&after, &before, round);
                if (before.would == VERDICT_DENY || after.would != VERDICT_DENY)
                        continue;
                ++refused_later;
                /* It was said, and warned of, from the first day on. */
                assert_non_null(before.due);
                assert_true(before.due->from <= later && before.due->from > at);
                assert_int_equal(before.verdict == VERDICT_ALLOW, false);
        }
        assert_true(refused_later > ROUNDS / 100);
}

static void with_all_steps_passed_it_is_as_without_them(void **state) {
        (void)state;
        state_of_chance = 8;
        for (unsigned round = 0; round < ROUNDS; ++round) {
                struct decision last, plain;
                struct invented_steps s;
                struct finding findings[MOST];
                size_t n = chance(MOST + 1);

                invent_steps(&s);
                for (size_t i = 0; i < n; ++i)
                        findings[i] = any_finding();
                last = judge_at(findings, n, &s, INT64_MAX);
                plain = judge(findings, n, &s.own);
                assert_int_equal(last.verdict, plain.verdict);
                assert_int_equal(last.would, plain.would);
                assert_int_equal(last.gate, plain.gate);
                assert_int_equal(last.points, plain.points);
                assert_null(last.next);
                assert_null(last.due);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_further_finding_never_softens),
                cmocka_unit_test(a_worse_severity_never_softens),
                cmocka_unit_test(the_order_of_findings_is_irrelevant),
                cmocka_unit_test(each_environment_is_at_least_as_strict_as_the_one_before),
                cmocka_unit_test(the_order_of_rules_is_irrelevant),
                cmocka_unit_test(the_order_of_elements_is_irrelevant_and_more_are_never_milder),
                cmocka_unit_test(a_later_day_never_allows_what_an_earlier_refused),
                cmocka_unit_test(with_all_steps_passed_it_is_as_without_them),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
