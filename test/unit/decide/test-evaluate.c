#include "invented.h"

#include <errno.h>

#define YES     ALWAYS(TRUTH_YES)
#define NO      ALWAYS(TRUTH_NO)
#define UNKNOWN ALWAYS(TRUTH_UNKNOWN)
#define OFF     ALWAYS(TRUTH_OFF)

static const struct rule_case low_else = CASE(.severity = SEVERITY_LOW);

static void a_rule_fires_when_its_condition_and_a_case_hold(void **state) {
        static const struct {
                enum truth when, first;
                int severity; /* -1: no finding; second case: else, low */
        } rows[] = {
                { TRUTH_YES, TRUTH_YES, SEVERITY_HIGH },
                { TRUTH_YES, TRUTH_NO, SEVERITY_LOW },
                { TRUTH_YES, TRUTH_OFF, SEVERITY_LOW },
                { TRUTH_NO, TRUTH_YES, -1 },
                { TRUTH_OFF, TRUTH_YES, -1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct rule rule = { .id = STR("r"),
                                     .when = ALWAYS(rows[i].when),
                                     CASES(CASE(.when = ALWAYS(rows[i].first), .severity = SEVERITY_HIGH),
                                           CASE(.severity = SEVERITY_LOW)) };
                const struct finding *f;
                struct bench b;

                bench_init(&b);
                f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
                assert_int_equal(f ? (int)f->severity : -1, rows[i].severity);
                if (f) {
                        assert_int_equal(f->points, severity_points(f->severity));
                        assert_int_equal(f->instances, 1);
                        assert_false(f->unknown || f->any_unknown || f->hard || b.decision.unknown);
                }
                bench_deinit(&b);
        }
}

static void a_rule_without_conditions_always_fires(void **state) {
        static const struct rule rule = { .id = STR("r"), .cases = &low_else, .n_cases = 1 };
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_non_null(evaluate_one(&b, &rule, UNKNOWN_FAIL));
        bench_deinit(&b);
}

static void the_first_case_that_holds_counts(void **state) {
        struct rule rule = { .id = STR("r"),
                             CASES(CASE(.when = NO, .severity = SEVERITY_CRITICAL, .hard = true),
                                   CASE(.when = YES, .severity = SEVERITY_NONE),
                                   CASE(.when = YES, .severity = SEVERITY_HIGH)) };
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_null(evaluate_one(&b, &rule, UNKNOWN_FAIL)); /* harmless on purpose */
        bench_deinit(&b);
}

/* Rule: when?, then an optional case of severity high, then an optional else of severity low; unknown: medium. */
static void what_can_not_be_told_costs_as_the_environment_says(void **state) {
        static const struct {
                enum truth when;
                enum truth first;
                enum severity first_severity;
                int last; /* severity of the else; -1: there is none */
                enum severity rule_unknown;
                int skip, warn, fail;            /* severities; -1: no finding */
                bool unknown_warn, unknown_fail; /* of the finding */
                bool any_unknown;                     /* under warn and fail */
        } rows[] = {
                /* nothing sure */
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_HIGH, -1, SEVERITY_MEDIUM, -1, 0, 3, true, true, true },
                { TRUTH_UNKNOWN, TRUTH_YES, SEVERITY_HIGH, -1, SEVERITY_MEDIUM, -1, 0, 3, true, true, true },
                { TRUTH_UNKNOWN, TRUTH_UNKNOWN, SEVERITY_HIGH, -1, SEVERITY_MEDIUM, -1, 0, 3, true, true, true },
                { TRUTH_UNKNOWN, TRUTH_UNKNOWN, SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_MEDIUM, -1, 0, 3, true, true,
                  true },
                /* whatever it is, it costs nothing */
                { TRUTH_UNKNOWN, TRUTH_NO, SEVERITY_HIGH, -1, SEVERITY_MEDIUM, -1, -1, -1, false, false, false },
                { TRUTH_UNKNOWN, TRUTH_YES, SEVERITY_NONE, SEVERITY_LOW, SEVERITY_MEDIUM, -1, -1, -1, false, false,
                  false },
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_NONE, -1, SEVERITY_MEDIUM, -1, -1, -1, false, false, false },
                { TRUTH_NO, TRUTH_UNKNOWN, SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_MEDIUM, -1, -1, -1, false, false,
                  false },
                { TRUTH_OFF, TRUTH_UNKNOWN, SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_MEDIUM, -1, -1, -1, false, false,
                  false },
                /* something worse may hold beside what is sure: never milder than that */
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_MEDIUM, 2, 2, 3, false, true, true },
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_HIGH, SEVERITY_LOW, SEVERITY_LOW, 2, 2, 2, false, false, true },
                /* what is sure is as bad as it gets: an unknown exception does not soften it */
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_NONE, SEVERITY_LOW, SEVERITY_MEDIUM, 2, 2, 2, false, false,
                  false },
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_LOW, SEVERITY_LOW, SEVERITY_MEDIUM, 2, 2, 2, false, false, false },
                /* the rule charges nothing for it */
                { TRUTH_YES, TRUTH_UNKNOWN, SEVERITY_HIGH, -1, SEVERITY_NONE, -1, -1, -1, false, false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct rule_case cases[] = {
                        CASE(.when = ALWAYS(rows[i].first), .severity = rows[i].first_severity),
                        CASE(.severity = rows[i].last < 0 ? SEVERITY_NONE : (enum severity)rows[i].last),
                };
                struct rule rule = { .id = STR("r"),
                                     .when = ALWAYS(rows[i].when),
                                     .unknown = rows[i].rule_unknown,
                                     .cases = cases,
                                     .n_cases = rows[i].last < 0 ? 1 : 2 };
                const int expected[] = {
                        [UNKNOWN_SKIP] = rows[i].skip, [UNKNOWN_WARN] = rows[i].warn, [UNKNOWN_FAIL] = rows[i].fail
                };

                for (int policy = UNKNOWN_SKIP; policy <= UNKNOWN_FAIL; ++policy) {
                        const struct finding *f;
                        struct bench b;

                        bench_init(&b);
                        f = evaluate_one(&b, &rule, (enum unknown_policy)policy);
                        if ((f ? (int)f->severity : -1) != expected[policy])
                                fail_msg("row %zu, policy %d: severity %d", i, policy, f ? (int)f->severity : -1);
                        assert_int_equal(b.decision.unknown, policy != UNKNOWN_SKIP && rows[i].any_unknown);
                        if (f) {
                                bool unknown = policy == UNKNOWN_WARN   ? rows[i].unknown_warn
                                               : policy == UNKNOWN_FAIL ? rows[i].unknown_fail
                                                                        : false;

                                assert_int_equal(f->unknown, unknown);
                                assert_int_equal(f->any_unknown, policy != UNKNOWN_SKIP && rows[i].any_unknown);
                                assert_false(f->hard);
                        }
                        bench_deinit(&b);
                }
        }
}

static void an_unknown_hard_case_is_not_hard_but_a_sure_one_stays_so(void **state) {
        struct rule maybe = { .id = STR("r"),
                              .unknown = SEVERITY_HIGH,
                              CASES(CASE(.when = UNKNOWN, .severity = SEVERITY_CRITICAL, .hard = true)) };
        struct rule sure = { .id = STR("r"),
                             .unknown = SEVERITY_HIGH,
                             CASES(CASE(.when = UNKNOWN, .severity = SEVERITY_CRITICAL),
                                   CASE(.severity = SEVERITY_LOW, .hard = true)) };
        const struct finding *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        f = evaluate_one(&b, &maybe, UNKNOWN_FAIL);
        assert_int_equal(f->severity, SEVERITY_HIGH);
        assert_false(f->hard);
        f = evaluate_one(&b, &sure, UNKNOWN_FAIL);
        assert_int_equal(f->severity, SEVERITY_HIGH);
        assert_true(f->hard);
        bench_deinit(&b);
}

static void an_unknown_finding_shows_the_mildest_case_and_says_so(void **state) {
        struct rule rule = { .id = STR("r"),
                             .unknown = SEVERITY_LOW,
                             CASES(CASE(.when = UNKNOWN, .severity = SEVERITY_CRITICAL, .message = TEXT("the worst")),
                                   CASE(.when = NO, .severity = SEVERITY_LOW, .message = TEXT("the mildest")),
                                   CASE(.when = NO, .severity = SEVERITY_NONE, .message = TEXT("harmless"))) };
        const struct finding *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
        assert_ptr_equal(f->cause, &rule.cases[1]);
        assert_str(f->evidence[0].message, "the mildest (could not be checked)");
        bench_deinit(&b);
}

/* Six capabilities; CAP_A is harmless, CAP_B low, CAP_C critical, the others nothing. */
static const struct fact capabilities = { .name = STR("container.capabilities.added"),
                                          .type = FACT_CAPABILITIES,
                                          .at = offsetof(struct facts, container.capabilities_added),
                                          .group = GROUP_CONTAINER,
                                          .from = "HostConfig.CapAdd" };

static void set_capabilities(struct bench *b, const char *const *names) {
        for (; *names; ++names)
                assert_fits(&b->arena,
                            fact_set_add(&b->arena, &b->request.facts.container.capabilities_added, str_from(*names)));
}

static void a_set_is_judged_item_by_item_and_takes_the_worst(void **state) {
        static const struct {
                const char *items[5];
                int severity;
                size_t instances;
                const char *messages[3];
        } rows[] = {
                { { NULL }, -1, 0, { NULL } },
                { { "A" }, -1, 0, { NULL } },
                { { "X", "B" }, SEVERITY_LOW, 1, { "adds B" } },
                { { "B", "C" }, SEVERITY_CRITICAL, 2, { "adds C", "adds B" } },
                { { "C", "A", "B" }, SEVERITY_CRITICAL, 2, { "adds C", "adds B" } },
        };
        struct rule rule = { .id = STR("r"),
                             .each = &capabilities,
                             CASES(CASE(.when = ITEM_IS("A"), .severity = SEVERITY_NONE),
                                   CASE(.when = ITEM_IS("B"), .severity = SEVERITY_LOW, .message = TEXT("adds %")),
                                   CASE(.when = ITEM_IS("C"), .severity = SEVERITY_CRITICAL,
                                        .message = TEXT("adds %"))) };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct finding *f;
                struct bench b;

                bench_init(&b);
                set_capabilities(&b, rows[i].items);
                f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
                assert_int_equal(f ? (int)f->severity : -1, rows[i].severity);
                for (size_t j = 0; f && j < f->n_evidence; ++j) {
                        assert_str(f->evidence[j].message, rows[i].messages[j]);
                        assert_str(f->evidence[j].where, "HostConfig.CapAdd");
                }
                if (f)
                        assert_int_equal(f->instances, rows[i].instances);
                bench_deinit(&b);
        }
}

static void evidence_keeps_the_item_of_a_set(void **state) {
        struct rule rule = { .id = STR("r"), .each = &capabilities, .cases = &low_else, .n_cases = 1 };
        const struct fact_str *item;
        const struct finding *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        set_capabilities(&b, (const char *const[]){ "A", "B", NULL });
        f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
        item = f->evidence[1].element;
        assert_str(item->value, "B");
        assert_true(item->head.given);
        bench_deinit(&b);
}

static const struct fact mount_rows[] = {
        { .name = STR("requested"), .type = FACT_STRING, .at = offsetof(struct mount_fact, requested) },
        { .name = STR("source"), .type = FACT_PATH, .at = offsetof(struct mount_fact, source) },
        { .name = STR("") },
};
static const struct fact mounts = { .name = STR("mounts"),
                                    .type = FACT_LIST,
                                    .at = offsetof(struct facts, mounts),
                                    .group = GROUP_MOUNTS,
                                    .from = "HostConfig.Binds, Mounts",
                                    .element = mount_rows,
                                    .element_size = sizeof(struct mount_fact) };

static void add_mount(struct bench *b, const char *lexical, const char *resolved) {
        struct mount_fact *m = latched_push(&b->arena, &b->request.facts.mounts, sizeof(*m));

        m->origin = (struct origin){ .field = "HostConfig.Binds",
                                     .index = (uint32_t)b->request.facts.mounts.n - 1,
                                     .indexed = true };
        m->source.n = resolved ? 2 : 1;
        m->source.spelling[0] = str_from(lexical);
        m->source.spelling[1] = str_from(resolved);
}

static void a_path_takes_its_worst_spelling(void **state) {
        static const struct {
                const char *lexical, *resolved;
                int severity;
                unsigned spelling;
        } rows[] = {
                { "/srv/x", NULL, -1, 0 },
                { "/etc", NULL, SEVERITY_CRITICAL, 0 },
                { "/srv/x", "/etc", SEVERITY_CRITICAL, 1 }, /* a link is what it leads to */
                { "/etc", "/srv/x", SEVERITY_CRITICAL, 0 }, /* and what it is called */
                { "/harmless", "/log", SEVERITY_LOW, 1 },   /* harmless must hold for all */
                { "/log", "/harmless", SEVERITY_LOW, 0 },
                { "/log", "/log", SEVERITY_LOW, 0 },
                { "/harmless", "/harmless", -1, 0 },
        };
        struct rule rule = { .id = STR("r"),
                             .each = &mounts,
                             CASES(CASE(.when = PATH_IS("/etc"), .severity = SEVERITY_CRITICAL),
                                   CASE(.when = PATH_IS("/harmless"), .severity = SEVERITY_NONE),
                                   CASE(.when = PATH_IS("/log"), .severity = SEVERITY_LOW)) };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct finding *f;
                struct bench b;

                bench_init(&b);
                add_mount(&b, rows[i].lexical, rows[i].resolved);
                f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
                assert_int_equal(f ? (int)f->severity : -1, rows[i].severity);
                if (f) {
                        assert_int_equal(f->instances, 1);
                        assert_int_equal(f->evidence[0].spelling, rows[i].spelling);
                        assert_str(f->evidence[0].where, "HostConfig.Binds[0]");
                        assert_ptr_equal(f->evidence[0].element, b.request.facts.mounts.items);
                }
                bench_deinit(&b);
        }
}

/* A message that shows the spelling at hand has said where the link leads. */
static void a_link_is_told_with_where_it_leads_once(void **state) {
        struct rule rule = { .id = STR("r"),
                             .each = &mounts,
                             CASES(CASE(.when = PATH_IS("/etc"), .severity = SEVERITY_HIGH, .message = TEXT("asked"))) };
        struct rule shows = { .id = STR("r"),
                              .each = &mounts,
                              CASES(CASE(.when = PATH_IS("/etc"), .severity = SEVERITY_HIGH, .message = TEXT("@"))) };
        struct bench b;

        (void)state;
        bench_init(&b);
        add_mount(&b, "/srv/x", "/etc");
        assert_str(evaluate_one(&b, &rule, UNKNOWN_FAIL)->evidence[0].message, "asked, which leads to /etc");
        assert_str(evaluate_one(&b, &shows, UNKNOWN_FAIL)->evidence[0].message, "@");
        bench_deinit(&b);
}

static void a_second_spelling_never_loses_what_the_first_found(void **state) {
        struct rule rule = {
                .id = STR("r"),
                .each = &mounts,
                .unknown = SEVERITY_HIGH,
                CASES(CASE(.when = BY_SPELLING(TRUTH_YES, TRUTH_NO), .severity = SEVERITY_MEDIUM, .hard = true),
                      CASE(.when = BY_SPELLING(TRUTH_NO, TRUTH_UNKNOWN), .severity = SEVERITY_CRITICAL)),
        };
        const struct finding *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        add_mount(&b, "/a", "/b");
        f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
        assert_int_equal(f->severity, SEVERITY_HIGH); /* the unknown one, of the second */
        assert_true(f->unknown);
        assert_true(f->hard); /* of the first */
        f = evaluate_one(&b, &rule, UNKNOWN_WARN);
        assert_int_equal(f->severity, SEVERITY_MEDIUM);
        assert_false(f->unknown);
        assert_true(f->any_unknown && b.decision.unknown);
        bench_deinit(&b);
}

/* Stuck helpers must not open the host, whatever the environment does with other unknowns. */
static void a_path_that_leads_nobody_knows_where_is_hard_under_every_policy(void **state) {
        struct rule cases = { .id = STR("r"),
                              .each = &mounts,
                              .unknown = SEVERITY_NONE,
                              CASES(CASE(.when = BY_SPELLING(TRUTH_NO, TRUTH_UNKNOWN), .severity = SEVERITY_LOW),
                                    CASE(.when = BY_SPELLING(TRUTH_NO, TRUTH_UNKNOWN), .severity = SEVERITY_CRITICAL,
                                         .hard = true),
                                    CASE(.severity = SEVERITY_MEDIUM)) };
        struct rule when = { .id = STR("r"),
                             .each = &mounts,
                             .when = BY_SPELLING(TRUTH_NO, TRUTH_UNKNOWN),
                             CASES(CASE(.severity = SEVERITY_CRITICAL, .hard = true)) };
        struct rule mild = { .id = STR("r"),
                             .each = &mounts,
                             .when = BY_SPELLING(TRUTH_NO, TRUTH_UNKNOWN),
                             CASES(CASE(.severity = SEVERITY_CRITICAL)) };
        struct rule ruled_out = { .id = STR("r"),
                                  .each = &mounts,
                                  .when = NO,
                                  CASES(CASE(.severity = SEVERITY_CRITICAL, .hard = true)) };
        struct rule off = { .id = STR("r"), /* by an override, which leaves its cases hard */
                            .each = &mounts,
                            .when = BY_SPELLING(TRUTH_NO, TRUTH_UNKNOWN),
                            CASES(CASE(.severity = SEVERITY_NONE, .hard = true)) };

        (void)state;
        for (enum unknown_policy policy = UNKNOWN_SKIP; policy <= UNKNOWN_FAIL; ++policy) {
                const struct finding *f;
                struct bench b;

                bench_init(&b);
                add_mount(&b, "/a", NULL);
                f = evaluate_one(&b, &cases, policy);
                assert_true(f && !f->hard && !f->unknown);
                assert_int_equal(f->severity, SEVERITY_MEDIUM); /* as it is written; nothing else is asked for */
                assert_null(evaluate_one(&b, &when, policy));

                ((struct mount_fact *)b.request.facts.mounts.items)->source.head.state = FACT_LEXICAL;
                f = evaluate_one(&b, &cases, policy);
                assert_int_equal(f->severity, SEVERITY_CRITICAL);
                assert_true(f->hard && f->unknown && f->any_unknown);
                assert_str(f->evidence[0].message, "docksill could not find out where /a leads on the host, so this can't be ruled out; "
                                                   "try again");
                f = evaluate_one(&b, &when, policy);
                assert_true(f && f->hard && f->points == severity_points(SEVERITY_CRITICAL));
                f = evaluate_one(&b, &mild, policy);
                assert_true(!f || !f->hard);
                assert_null(evaluate_one(&b, &ruled_out, policy));
                assert_null(evaluate_one(&b, &off, policy));
                bench_deinit(&b);
        }
}

static void evidence_is_the_worst_first_and_bounded_while_all_are_counted(void **state) {
        struct rule rule = { .id = STR("r"),
                             .each = &mounts,
                             CASES(CASE(.when = PATH_IS("/etc"), .severity = SEVERITY_CRITICAL, .hard = true),
                                   CASE(.when = PATH_IS("/usr"), .severity = SEVERITY_CRITICAL),
                                   CASE(.severity = SEVERITY_LOW)) };
        const struct finding *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        for (int i = 0; i < 30; ++i)
                add_mount(&b, i == 20 ? "/usr" : i == 25 ? "/etc" : "/srv", NULL);
        f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
        assert_int_equal(f->severity, SEVERITY_CRITICAL);
        assert_int_equal(f->points, 100); /* once, however many instances */
        assert_int_equal(f->instances, 30);
        assert_int_equal(f->n_evidence, EVIDENCE_MAX);
        assert_str(f->evidence[0].where, "HostConfig.Binds[25]");
        assert_str(f->evidence[1].where, "HostConfig.Binds[20]");
        for (size_t i = 2; i < EVIDENCE_MAX; ++i) {
                struct mount_fact *m = (struct mount_fact *)b.request.facts.mounts.items + (i - 2);

                assert_ptr_equal(f->evidence[i].element, m);
                assert_int_equal(f->evidence[i].severity, SEVERITY_LOW);
        }
        bench_deinit(&b);
}

static void a_hard_instance_makes_the_finding_hard_even_when_another_is_worse(void **state) {
        struct rule rule = { .id = STR("r"),
                             .each = &mounts,
                             CASES(CASE(.when = PATH_IS("/etc"), .severity = SEVERITY_MEDIUM, .hard = true),
                                   CASE(.severity = SEVERITY_HIGH)) };
        const struct finding *f;
        struct bench b;

        (void)state;
        bench_init(&b);
        add_mount(&b, "/etc", NULL);
        add_mount(&b, "/srv", NULL);
        f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
        assert_int_equal(f->severity, SEVERITY_HIGH);
        assert_true(f->hard);
        bench_deinit(&b);
}

/* Whichever comes first: the sure one is shown, and that another could not be told is not forgotten. */
static void a_sure_instance_stands_before_an_unknown_one(void **state) {
        struct rule rule = {
                .id = STR("r"),
                .each = &mounts,
                .unknown = SEVERITY_LOW,
                CASES(CASE(.when = PATH_IS("/log"), .severity = SEVERITY_LOW, .message = TEXT("sure")),
                      CASE(.when = PATH_IS("/harmless"), .severity = SEVERITY_NONE),
                      CASE(.when = UNKNOWN, .severity = SEVERITY_HIGH, .message = TEXT("perhaps"))),
        };

        (void)state;
        for (int turned = 0; turned < 2; ++turned) {
                const struct finding *f;
                struct bench b;

                bench_init(&b);
                add_mount(&b, turned ? "/log" : "/a", NULL);
                add_mount(&b, turned ? "/a" : "/log", NULL);
                f = evaluate_one(&b, &rule, UNKNOWN_FAIL);
                assert_int_equal(f->severity, SEVERITY_LOW);
                assert_false(f->unknown);
                assert_true(f->any_unknown && b.decision.unknown);
                assert_str(f->evidence[0].message, "sure");
                assert_int_equal(f->instances, 2);
                bench_deinit(&b);
        }
}

static void a_list_whose_source_is_silent_counts_as_one_unknown_instance(void **state) {
        static const struct {
                enum fact_state state;
                enum unknown_policy policy;
                int severity;
                size_t instances;
        } rows[] = {
                { FACT_KNOWN, UNKNOWN_FAIL, -1, 0 },   { FACT_OFF, UNKNOWN_FAIL, -1, 0 },
                { FACT_UNKNOWN, UNKNOWN_FAIL, 3, 1 },  { FACT_UNKNOWN, UNKNOWN_WARN, 0, 1 },
                { FACT_UNKNOWN, UNKNOWN_SKIP, -1, 0 },
        };
        struct rule rule = { .id = STR("r"),
                             .each = &capabilities,
                             .unknown = SEVERITY_MEDIUM,
                             CASES(CASE(.severity = SEVERITY_HIGH, .message = TEXT("adds %"))) };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct finding *f;
                struct bench b;

                bench_init(&b);
                b.request.facts.container.capabilities_added.head.state = (uint8_t)rows[i].state;
                f = evaluate_one(&b, &rule, rows[i].policy);
                assert_int_equal(f ? (int)f->severity : -1, rows[i].severity);
                if (f) {
                        assert_int_equal(f->instances, rows[i].instances);
                        assert_null(f->evidence[0].element);
                        assert_str(f->evidence[0].message, "container.capabilities.added could not be checked");
                }
                bench_deinit(&b);
        }
}

static void while_a_flaw_stands_rules_on_other_facts_are_not_asked(void **state) {
        struct rule about_container = { .id = STR("a"), .uses = GROUP_REQUEST | GROUP_CONTAINER, .when = YES };
        struct rule about_request = { .id = STR("b"), .uses = GROUP_REQUEST | GROUP_DAEMON, .when = YES };
        const struct rule *rules[] = { &about_container, &about_request };
        struct bench b;

        (void)state;
        about_container.cases = about_request.cases = &low_else;
        about_container.n_cases = about_request.n_cases = 1;
        for (int flawed = 0; flawed < 2; ++flawed) {
                bench_init(&b);
                if (flawed)
                        flaws_add(&b.request.flaws, FLAW_DUPLICATE_KEY, STR_C("HostConfig"));
                conditions_asked = 0;
                assert_int_equal(evaluate(&b.decision, view_of(rules, 2), UNKNOWN_FAIL, &b.request, &b.arena), 0);
                assert_int_equal(b.decision.n_findings, flawed ? 1 : 2);
                assert_int_equal(conditions_asked, flawed ? 1 : 2);
                assert_str(b.decision.findings[flawed ? 0 : 1].rule->id, "b");
                bench_deinit(&b);
        }
}

static void the_place_of_a_rule_on_one_field_is_that_field(void **state) {
        static const struct fact user = {
                .name = STR("container.user"), .type = FACT_STRING, .from = "User", .service = "ContainerSpec.User"
        };
        struct rule rule = { .id = STR("r"), .about = &user, .cases = &low_else, .n_cases = 1 };
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_str(evaluate_one(&b, &rule, UNKNOWN_FAIL)->evidence[0].where, "User");
        b.request.facts.request.operation.value = STR_C("service.update");
        assert_str(evaluate_one(&b, &rule, UNKNOWN_FAIL)->evidence[0].where, "ContainerSpec.User");
        rule.about = NULL;
        assert_str(evaluate_one(&b, &rule, UNKNOWN_FAIL)->evidence[0].where, "");
        bench_deinit(&b);
}

static void findings_are_sorted_whatever_the_order_of_rules(void **state) {
        struct rule high = { .id = STR("z-high"), CASES(CASE(.severity = SEVERITY_HIGH)) };
        struct rule hard = { .id = STR("y-hard"), CASES(CASE(.severity = SEVERITY_LOW, .hard = true)) };
        struct rule low_b = { .id = STR("b-low"), CASES(CASE(.severity = SEVERITY_LOW)) };
        struct rule low_a = { .id = STR("a-low"), CASES(CASE(.severity = SEVERITY_LOW)) };
        static const int orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 2, 0, 3, 1 }, { 1, 3, 0, 2 } };
        const struct rule *all[] = { &high, &hard, &low_b, &low_a };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(orders); ++i) {
                const struct rule *rules[4];
                struct bench b;

                for (size_t j = 0; j < 4; ++j)
                        rules[j] = all[orders[i][j]];
                bench_init(&b);
                assert_int_equal(evaluate(&b.decision, view_of(rules, 4), UNKNOWN_FAIL, &b.request, &b.arena), 0);
                assert_int_equal(b.decision.n_findings, 4);
                assert_str(b.decision.findings[0].rule->id, "z-high");
                assert_str(b.decision.findings[1].rule->id, "y-hard");
                assert_str(b.decision.findings[2].rule->id, "a-low");
                assert_str(b.decision.findings[3].rule->id, "b-low");
                bench_deinit(&b);
        }
}

static void a_request_without_findings_allocates_nothing(void **state) {
        struct rule quiet = { .id = STR("a"), .when = NO, CASES(CASE(.severity = SEVERITY_HIGH)) };
        struct rule harmless = { .id = STR("b"), CASES(CASE(.severity = SEVERITY_NONE)) };
        struct rule list = { .id = STR("c"), .each = &mounts, CASES(CASE(.when = NO, .severity = SEVERITY_HIGH)) };
        const struct rule *rules[] = { &quiet, &harmless, &list };
        struct bench b;
        size_t used;
        char *at;

        (void)state;
        bench_init(&b);
        add_mount(&b, "/srv", "/data");
        used = b.arena.used;
        at = b.arena.at;
        assert_int_equal(evaluate(&b.decision, view_of(rules, 3), UNKNOWN_FAIL, &b.request, &b.arena), 0);
        assert_int_equal(b.decision.n_findings, 0);
        assert_int_equal(b.arena.used, used);
        assert_ptr_equal(b.arena.at, at);
        bench_deinit(&b);
}

/* Whatever the room, what was found before it ran out is there and in order. */
static void a_full_arena_is_told_and_keeps_what_was_found(void **state) {
        struct rule_case one =
                CASE(.severity = SEVERITY_LOW, .message = TEXT("a message of some length, for the room"));
        struct rule rules[40];
        const struct rule *view[ARRAY_SIZE(rules)];
        char ids[ARRAY_SIZE(rules)][8];
        struct bench b;
        bool fitted = false, failed = false;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rules); ++i) {
                snprintf(ids[i], sizeof(ids[i]), "r-%02zu", 99 - i);
                rules[i] = (struct rule){ .id = str_from(ids[i]), .cases = &one, .n_cases = 1 };
                view[i] = &rules[i];
        }
        for (size_t limit = 100; limit < 64 * 1024; limit += 997) {
                int r;

                bench_init(&b);
                b.arena.limit = limit;
                r = evaluate(&b.decision, view_of(view, ARRAY_SIZE(rules)), UNKNOWN_FAIL, &b.request, &b.arena);
                assert_true(r == 0 || r == -ENOMEM);
                fitted = fitted || r == 0;
                failed = failed || (r < 0 && b.decision.n_findings > 0);
                assert_true(r < 0 || b.decision.n_findings == ARRAY_SIZE(rules));
                for (size_t i = 1; i < b.decision.n_findings; ++i)
                        assert_true(str_cmp(b.decision.findings[i - 1].rule->id, b.decision.findings[i].rule->id) < 0);
                bench_deinit(&b);
        }
        assert_true(fitted && failed);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_rule_fires_when_its_condition_and_a_case_hold),
                cmocka_unit_test(a_rule_without_conditions_always_fires),
                cmocka_unit_test(the_first_case_that_holds_counts),
                cmocka_unit_test(what_can_not_be_told_costs_as_the_environment_says),
                cmocka_unit_test(an_unknown_hard_case_is_not_hard_but_a_sure_one_stays_so),
                cmocka_unit_test(an_unknown_finding_shows_the_mildest_case_and_says_so),
                cmocka_unit_test(a_set_is_judged_item_by_item_and_takes_the_worst),
                cmocka_unit_test(evidence_keeps_the_item_of_a_set),
                cmocka_unit_test(a_path_takes_its_worst_spelling),
                cmocka_unit_test(a_link_is_told_with_where_it_leads_once),
                cmocka_unit_test(a_second_spelling_never_loses_what_the_first_found),
                cmocka_unit_test(a_path_that_leads_nobody_knows_where_is_hard_under_every_policy),
                cmocka_unit_test(evidence_is_the_worst_first_and_bounded_while_all_are_counted),
                cmocka_unit_test(a_hard_instance_makes_the_finding_hard_even_when_another_is_worse),
                cmocka_unit_test(a_sure_instance_stands_before_an_unknown_one),
                cmocka_unit_test(a_list_whose_source_is_silent_counts_as_one_unknown_instance),
                cmocka_unit_test(while_a_flaw_stands_rules_on_other_facts_are_not_asked),
                cmocka_unit_test(the_place_of_a_rule_on_one_field_is_that_field),
                cmocka_unit_test(findings_are_sorted_whatever_the_order_of_rules),
                cmocka_unit_test(a_request_without_findings_allocates_nothing),
                cmocka_unit_test(a_full_arena_is_told_and_keeps_what_was_found),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
