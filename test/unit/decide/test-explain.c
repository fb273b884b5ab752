#include "invented.h"

/* What `docker run nginx` is told in production. */
static const struct template drop_all[] = { { "--cap-drop=ALL" } }, as_user[] = { { "--user 10001:10001" } },
                             read_only[] = { { "--read-only" } }, tmpfs[] = { { "--tmpfs /tmp" } };
static const struct template *drop_flags[] = { drop_all }, *user_flags[] = { as_user },
                             *rootfs_flags[] = { read_only, tmpfs }, *both_flags[] = { drop_all, as_user };
static const struct fix drop_fix = { .cli = TEXT("drop them"), .flags = drop_flags, .n_flags = 1 };
static const struct fix user_fix = { .flags = user_flags, .n_flags = 1 };
static const struct fix rootfs_fix = { .flags = rootfs_flags, .n_flags = 2 };
static const struct fix both_fix = { .flags = both_flags, .n_flags = 2 };
static const struct fix words_fix = { .cli = TEXT("drop --privileged.") };
static const struct fix more_words_fix = { .cli = TEXT("use a named volume") };
static const struct fix third_fix = { .cli = TEXT("never said") };
static const struct fact user = { .name = STR("container.user"), .type = FACT_STRING, .from = "User" };

static const struct rule user_root = { .id = STR("user-root"),
                                       .about = &user,
                                       CASES(CASE_FIXED(&user_fix, .severity = SEVERITY_MEDIUM,
                                                        .message = TEXT("runs as root inside the container"))) };
static const struct rule caps = { .id = STR("capabilities-not-dropped"),
                                  CASES(CASE_FIXED(&drop_fix, .severity = SEVERITY_MEDIUM,
                                                   .message = TEXT("keeps the default capabilities."))) };
static const struct rule rootfs = { .id = STR("rootfs-writable"),
                                    CASES(CASE_FIXED(&rootfs_fix, .severity = SEVERITY_MEDIUM,
                                                     .message = TEXT("root file system is writable"))) };
static const struct rule memory = { .id = STR("memory-unlimited"),
                                    CASES(CASE_FIXED(&both_fix, .severity = SEVERITY_MEDIUM,
                                                     .message = TEXT("no memory limit"))) };
static const struct rule privileged = { .id = STR("privileged-container"),
                                        CASES(CASE_FIXED(&words_fix, .severity = SEVERITY_CRITICAL, .hard = true,
                                                         .message = TEXT("every device and capability"))) };
static const struct rule hard_low = { .id = STR("odd-but-hard"),
                                      CASES(CASE_FIXED(&more_words_fix, .severity = SEVERITY_LOW, .hard = true,
                                                       .message = TEXT("never allowed"))) };
static const struct rule network = { .id = STR("host-network"),
                                     CASES(CASE_FIXED(&third_fix, .severity = SEVERITY_HIGH,
                                                      .message = TEXT("shares the host's network"))) };
static const struct rule informs = { .id = STR("worth-a-line"),
                                     CASES(CASE(.severity = SEVERITY_INFO, .message = TEXT("by the way"))) };
static struct rule audited = { .id = STR("audited-rule"),
                               .audit = true,
                               CASES(CASE_FIXED(&more_words_fix, .severity = SEVERITY_CRITICAL, .hard = true,
                                                .message = TEXT("not enforced"))) };

#define LOW(name)                                                                                                      \
        { .id = STR(name), CASES(CASE(.severity = SEVERITY_LOW, .message = TEXT("a small thing"))) }
static const struct rule lows[] = {
        LOW("low-a"), LOW("low-b"), LOW("low-c"), LOW("low-d"), LOW("low-e"), LOW("low-f")
};

static const struct explain_style in_one_line = { .words = EXPLAIN_FLAGS };

/* Decides by @rules and says why not; the text lives until the bench goes. */
static const char *refusal(struct bench *b, const struct rule *const *rules, size_t n, const struct limits *limits,
                           enum mode mode) {
        struct ruleset rs = { .name = STR("production"), .limits = *limits, .rules = rules, .n = n };
        struct text t;

        decide(&b->decision, &rs, &b->request, mode, &b->arena);
        b->decision.id = 0x7f3a;
        text_init_arena(&t, &b->arena);
        explain_refusal(&t, &b->decision, &b->request, &rs, &in_one_line);
        assert_false(t.failed);
        assert_in_range(t.n, 1, EXPLAIN_MAX);
        return t.p;
}

#define REFUSAL(b, limits, mode, ...)                                                                                  \
        refusal((b), (const struct rule *const[]){ __VA_ARGS__ },                                                      \
                sizeof((const struct rule *const[]){ __VA_ARGS__ }) / sizeof(struct rule *), (limits), (mode))

static void names_points_limit_findings_flags_and_decision(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_string_equal(REFUSAL(&b, &limits_production, MODE_ENFORCE, &memory, &rootfs, &user_root, &caps, &lows[0],
                                    &lows[1], &lows[2], &lows[3], &informs),
                            "docksill (production): refused, 52 points, limit 50. capabilities-not-dropped +10 keeps "
                            "the default capabilities; memory-unlimited +10 no memory limit; rootfs-writable +10 root "
                            "file system is writable; user-root +10 runs as root inside the container (User); low-a +3 "
                            "a small thing; low-b +3 a small thing; 2 more. Add: --cap-drop=ALL. May stop "
                            "the program: --cap-drop; try with docksill suggest --try. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void names_the_gate_that_decided(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_string_equal(REFUSAL(&b, &limits_production, MODE_ENFORCE, &network, &lows[0]),
                            "docksill (production): refused, a finding of severity high (limit high), 43 points. "
                            "host-network +40 shares the host's network; low-a +3 a small thing. No flag lifts "
                            "host-network. Fix: never said. Decision 0000000000007f3a.");
        assert_string_equal(REFUSAL(&b, &limits_development, MODE_ENFORCE, &privileged, &caps),
                            "docksill (production): refused by hard rule privileged-container (as in every "
                            "environment), 110 points. privileged-container +100 every device and capability; "
                            "capabilities-not-dropped +10 keeps the default capabilities. No flag lifts "
                            "privileged-container. Fix: drop --privileged. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void lists_hard_findings_first_when_they_decide(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_string_equal(REFUSAL(&b, &limits_production, MODE_ENFORCE, &network, &hard_low, &privileged),
                            "docksill (production): refused by hard rules privileged-container and 1 more (as in every "
                            "environment), 143 points. privileged-container +100 every device and capability; "
                            "odd-but-hard +3 never allowed; host-network +40 shares the host's network. No flag lifts "
                            "privileged-container, host-network, odd-but-hard. Fix: drop --privileged; never said; use "
                            "a named volume. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void leaves_out_what_did_not_count(void **state) {
        struct bench b;
        const char *line;

        (void)state;
        bench_init(&b);
        line = REFUSAL(&b, &limits_production, MODE_ENFORCE, &audited, &informs, &network);
        assert_string_equal(
                line,
                "docksill (production): refused, a finding of severity high (limit high), 40 points. host-network +40 "
                "shares the host's network. No flag lifts host-network. Fix: never said. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void tells_info_findings_where_they_refuse(void **state) {
        struct limits strict = limits_lockdown;
        struct bench b;

        (void)state;
        strict.deny_severity = SEVERITY_INFO;
        bench_init(&b);
        assert_string_equal(REFUSAL(&b, &strict, MODE_ENFORCE, &informs),
                            "docksill (production): refused, a finding of severity info (limit info), 0 points. "
                            "worth-a-line +0 by the way. No flag lifts worth-a-line. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

/* The refused user reads what comes next too; and where only what is hard is denied, nothing of what is not. */
static void tells_the_next_step(void **state) {
        static const struct rule *const rules[] = { &privileged, &network, &lows[0] };
        struct step steps[] = { { .from = INT64_MIN }, { .day = STR("2027-03-01"), .from = 1 } };
        struct ruleset rs = { .name = STR("site"),
                              .limits = limits_production,
                              .rules = rules,
                              .n = ARRAY_SIZE(rules),
                              .steps = { steps, ARRAY_SIZE(steps) } };
        struct explain_style style = in_one_line;
        struct bench b;
        struct text t;

        (void)state;
        steps[0].limits = steps[1].limits = limits_production;
        limits_set_hard(&steps[0].limits);
        bench_init(&b);
        decide_at(&b.decision, &rs, &b.request, MODE_ENFORCE, 0, &b.arena);
        b.decision.id = 0x7f3a;
        text_init_arena(&t, &b.arena);
        explain_refusal(&t, &b.decision, &b.request, &rs, &style);
        assert_string_equal(t.p,
                            "docksill (site): refused by hard rule privileged-container (as in every environment), "
                            "143 points. privileged-container +100 every device and capability. No flag lifts "
                            "privileged-container. Fix: drop --privileged. Next: from 2027-03-01 on, high or 50 "
                            "points (today: what is hard alone). Decision 0000000000007f3a.");
        text_reset(&t);
        style.lines = true;
        explain_refusal(&t, &b.decision, &b.request, &rs, &style);
        assert_non_null(
                strstr(t.p, "\nNext:  from 2027-03-01 on, high or 50 points (today: what is hard alone)\nMore:  "));
        decide_at(&b.decision, &rs, &b.request, MODE_ENFORCE, 1, &b.arena);
        text_reset(&t);
        explain_refusal(&t, &b.decision, &b.request, &rs, &style);
        assert_null(strstr(t.p, "Next:"));
        assert_non_null(strstr(t.p, "host-network"));
        bench_deinit(&b);
}

static void says_would_where_it_is_allowed_all_the_same(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_string_equal(REFUSAL(&b, &limits_lockdown, MODE_AUDIT, &lows[0]),
                            "docksill (production): would be refused, a finding of severity low (limit low), 3 points. "
                            "low-a +3 a small thing. No flag lifts low-a. Decision 0000000000007f3a.");
        /* by a rule that is not enforced: that rule is all there is to tell */
        assert_string_equal(REFUSAL(&b, &limits_production, MODE_ENFORCE, &audited),
                            "docksill (production): would be refused by hard rule audited-rule (as in every "
                            "environment), 100 points. audited-rule +100 not enforced. No flag lifts audited-rule. "
                            "Fix: use a named volume. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void says_that_memory_was_short(void **state) {
        struct ruleset rs = { .name = STR("production"), .limits = limits_production };
        struct decision d = { .incomplete = true };
        struct bench b;
        struct text t;

        (void)state;
        bench_init(&b);
        gate_apply(&d, &rs.limits);
        text_init_arena(&t, &b.arena);
        explain_refusal(&t, &d, &b.request, &rs, &in_one_line);
        assert_string_equal(t.p, "docksill (production): refused, too large to judge in the memory one request may "
                                 "have, 0 points. Decision 0000000000000000.");
        bench_deinit(&b);
}

static const struct fact capabilities = { .name = STR("container.capabilities.added"),
                                          .type = FACT_CAPABILITIES,
                                          .at = offsetof(struct facts, container.capabilities_added),
                                          .from = "HostConfig.CapAdd" };
static const struct template element_flag[] = { { "--label %" } };
static const struct template *element_flags[] = { element_flag };
static const struct fix element_fix = { .flags = element_flags, .n_flags = 1 };
static const struct rule per_item = { .id = STR("dangerous-capability"),
                                      .each = &capabilities,
                                      .unknown = SEVERITY_HIGH,
                                      CASES(CASE_FIXED(&element_fix, .severity = SEVERITY_HIGH,
                                                       .message = TEXT("adds capability %"))) };

static void add_item(struct bench *b, const char *item) {
        assert_fits(&b->arena, fact_set_add(&b->arena, &b->request.facts.container.capabilities_added, str_from(item)));
}

static void names_the_place_and_counts_the_others(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        add_item(&b, "A");
        add_item(&b, "B");
        add_item(&b, "C");
        assert_string_equal(
                REFUSAL(&b, &limits_production, MODE_ENFORCE, &per_item),
                "docksill (production): refused, a finding of severity high (limit high), 40 points. "
                "dangerous-capability +40 adds capability A (HostConfig.CapAdd, and 2 more). Add: --label A --label B "
                "--label C. May stop the program: --label; try with docksill suggest --try. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void what_a_requester_wrote_can_not_leave_its_place(void **state) {
        struct bench b;
        const char *line;

        (void)state;
        bench_init(&b);
        add_item(&b, "x; rm -rf / #\n\x1b[31m'$(id)' \xe2\x80\xae");
        line = REFUSAL(&b, &limits_production, MODE_ENFORCE, &per_item);
        assert_non_null(strstr(line, "adds capability x; rm -rf / #\\x0a\\x1b[31m'$(id)' \\u{202e}"));
        assert_non_null(
                strstr(line, "Add: --label 'x; rm -rf / #\\x0a\\x1b[31m'\\''$(id)'\\'' \\u{202e}'. May stop the "));
        for (const char *p = line; *p; ++p)
                assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
        bench_deinit(&b);
}

static void an_unknown_list_gives_no_flag_about_its_elements(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        b.request.facts.container.capabilities_added.head.state = FACT_UNKNOWN;
        assert_string_equal(REFUSAL(&b, &limits_production, MODE_ENFORCE, &per_item),
                            "docksill (production): refused, a finding of severity high (limit high), 40 points. "
                            "dangerous-capability +40 container.capabilities.added could not be checked "
                            "(HostConfig.CapAdd). If the engine or the host was too slow to answer, try again. No flag "
                            "lifts dangerous-capability. Decision 0000000000007f3a.");
        bench_deinit(&b);
}

static void a_flag_can_be_pasted_into_a_shell(void **state) {
        static const struct {
                const char *flag, *pasted;
        } rows[] = {
                { "--read-only", "--read-only" },
                { "--cap-drop=ALL", "--cap-drop=ALL" },
                { "--user 10001:10001", "--user 10001:10001" },
                { "--security-opt no-new-privileges:true", "--security-opt no-new-privileges:true" },
                { "--tmpfs /run:rw,noexec,size=64m", "--tmpfs /run:rw,noexec,size=64m" },
                { "-p 127.0.0.1:80:8080", "-p 127.0.0.1:80:8080" },
                { "--label a b", "--label 'a b'" },
                { "--label=a b", "--label='a b'" },
                { "--label x=$HOME", "--label 'x=$HOME'" },
                { "--name a --privileged", "--name 'a --privileged'" }, /* no flag of the requester's own */
                { "--name it's", "--name 'it'\\''s'" },
                { "--name=", "--name=''" },
                { "--name ", "--name ''" },
                { "--na;me x", "'--na;me x'" },
                { "nginx:1.27", "nginx:1.27" },
                { "a b", "'a b'" },
                { "`id`", "'`id`'" },
                { "--name caf\xc3\xa9", "--name 'caf\xc3\xa9'" },
                { "", "''" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char buffer[128];
                struct text t;

                text_init_fixed(&t, buffer, sizeof(buffer));
                flag_add_shell(&t, str_from(rows[i].flag));
                assert_string_equal(buffer, rows[i].pasted);
        }
}

/* What @style makes of the rules at hand; the text lives until the bench goes. */
static const char *in_style(struct bench *b, const struct rule *const *rules, size_t n, struct explain_style style) {
        struct ruleset rs = { .name = STR("production"), .limits = limits_production, .rules = rules, .n = n };
        struct text t;

        decide(&b->decision, &rs, &b->request, MODE_ENFORCE, &b->arena);
        b->decision.id = 0x7f3a;
        text_init_arena(&t, &b->arena);
        explain_refusal(&t, &b->decision, &b->request, &rs, &style);
        assert_false(t.failed);
        assert_in_range(t.n, 1, EXPLAIN_MAX);
        return t.p;
}

/* Long texts everywhere: the messages go first, the flags and the decision stay, the limit holds. */
static void keeps_flags_and_decision_when_room_is_short(void **state) {
        enum { MANY = 40 };
        static char long_text[601], names[MANY][40], flag_texts[MANY][48];
        struct template message = { long_text }, flags[MANY];
        const struct template *flag_lists[MANY];
        struct fix fixes[MANY];
        struct rule_case cases[MANY];
        struct rule rules[MANY];
        const struct rule *view[MANY];
        static const size_t lengths[] = { 1, 50, 100, 190, 200, 250, 600 };

        (void)state;
        for (size_t l = 0; l < ARRAY_SIZE(lengths); ++l) {
                struct bench b;
                const char *line, *add;

                memset(long_text, 'm', lengths[l]);
                long_text[lengths[l]] = '\0';
                for (size_t i = 0; i < MANY; ++i) {
                        snprintf(names[i], sizeof(names[i]), "a-rule-with-quite-a-long-name-%02zu", i);
                        snprintf(flag_texts[i], sizeof(flag_texts[i]), "--a-flag-with-a-long-name value-%02zu", i);
                        flags[i] = (struct template){ flag_texts[i] };
                        flag_lists[i] = &flags[i];
                        fixes[i] = (struct fix){ .cli = i < 3 ? &message : NULL,
                                                 .flags = &flag_lists[i],
                                                 .n_flags = i < 3 ? 0 : 1 };
                        cases[i] = (struct rule_case){ .severity = SEVERITY_MEDIUM,
                                                       .message = &message,
                                                       .fix = &fixes[i] };
                        rules[i] = (struct rule){ .id = str_from(names[i]), .cases = &cases[i], .n_cases = 1 };
                        view[i] = &rules[i];
                }
                bench_init(&b);
                line = refusal(&b, view, MANY, &limits_production, MODE_ENFORCE);
                assert_non_null(strstr(line, "refused, 400 points, limit 50. a-rule-with-quite-a-long-name-00 +10 m"));
                assert_non_null(strstr(line, "a-rule-with-quite-a-long-name-05 +10"));
                assert_non_null(strstr(line, "; 34 more. Add: "));
                add = strstr(line, " Add: --a-flag-with-a-long-name value-03 --a-flag-with-a-long-name value-04 ");
                assert_non_null(add);
                assert_non_null(strstr(add, " more). May stop the program: "));
                for (enum explain_words words = EXPLAIN_FLAGS; words <= EXPLAIN_API; ++words) {
                        struct explain_style style = { words,
                                                       true,
                                                       { long_text, lengths[l] < 160 ? lengths[l] : 160 } };

                        (void)in_style(&b, view, MANY, style);
                        style.lines = false;
                        (void)in_style(&b, view, MANY, style);
                }
                bench_deinit(&b);
        }
}

static void flags_are_given_as_the_rules_have_them(void **state) {
        const struct rule *rules[] = { &caps, &memory, &rootfs };
        struct ruleset rs = { .name = STR("production"), .limits = limits_production, .rules = rules, .n = 3 };
        static const char *const expected[] = { "--cap-drop=ALL", "--user 10001:10001", "--read-only", "--tmpfs /tmp" };
        struct flags flags;
        struct bench b;

        (void)state;
        bench_init(&b);
        decide(&b.decision, &rs, &b.request, MODE_ENFORCE, &b.arena);
        assert_int_equal(explain_flags(&flags, &b.decision, NULL, &b.request, &b.arena), 0);
        assert_int_equal(flags.n, ARRAY_SIZE(expected));
        for (size_t i = 0; i < flags.n; ++i)
                assert_str(flags.items[i], expected[i]);
        bench_deinit(&b);
}

static const struct operation service_create = { .id = STR("service.create"),
                                                 .yields = GROUP_WORKLOAD | GROUP_SERVICE };
static const struct template limit_memory[] = { { "--limit-memory 512m" } };
static const struct template *limit_flags[] = { limit_memory };
static const struct fix limit_fix = {
        .cli = TEXT("-m"), .flags = user_flags, .n_flags = 1, .service = limit_flags, .n_service = 1
};
static const struct rule limited = { .id = STR("memory-unlimited"),
                                     CASES(CASE_FIXED(&limit_fix, .severity = SEVERITY_MEDIUM,
                                                      .message = TEXT("no memory limit"))) };

/* What has none there is told in words, though docker run has a flag for it. */
static void a_service_has_flags_of_its_own(void **state) {
        const struct rule *rules[] = { &caps, &limited };
        struct ruleset rs = { .name = STR("lockdown"), .limits = limits_production, .rules = rules, .n = 2 };
        struct flags flags;
        char buffer[EXPLAIN_MAX];
        struct text t;
        struct bench b;

        (void)state;
        bench_init(&b);
        rs.limits.deny_severity = SEVERITY_LOW;
        decide(&b.decision, &rs, &b.request, MODE_ENFORCE, &b.arena);
        b.request.operation = &service_create;
        assert_int_equal(explain_flags(&flags, &b.decision, NULL, &b.request, &b.arena), 0);
        assert_int_equal(flags.n, 1);
        assert_str(flags.items[0], "--limit-memory 512m");

        text_init_fixed(&t, buffer, sizeof(buffer));
        explain_refusal(&t, &b.decision, &b.request, &rs, &in_one_line);
        assert_true(str_search(text_str(&t), STR_C("No flag lifts capabilities-not-dropped. Fix: drop them. Then add: "
                                                   "--limit-memory 512m.")) < t.n);
        bench_deinit(&b);
}

/* -- what an admin may let in -- */

static const struct let_in on_names = { .list = STR("names") }, on_paths = { .list = STR("paths"), .mount = true };
static const struct fix names_fix = { .cli = TEXT("drop it"), .list = &on_names };
static const struct fix paths_fix = { .cli = TEXT("drop it"), .list = &on_paths };
static const struct rule unlisted = { .id = STR("unlisted-name"),
                                      .each = &capabilities,
                                      .unknown = SEVERITY_HIGH,
                                      CASES(CASE_FIXED(&names_fix, .severity = SEVERITY_HIGH, .message = TEXT("%"))) };
static const struct fact mount_rows[] = {
        { .name = STR("source"), .type = FACT_PATH, .at = offsetof(struct mount_fact, source) },
        { .name = STR("") },
};
static const struct fact mounts = { .name = STR("mounts"),
                                    .type = FACT_LIST,
                                    .at = offsetof(struct facts, mounts),
                                    .element = mount_rows,
                                    .element_size = sizeof(struct mount_fact) };
static const struct rule unlisted_path = { .id = STR("unlisted-path"),
                                           .each = &mounts,
                                           CASES(CASE_FIXED(&paths_fix, .severity = SEVERITY_HIGH,
                                                            .message = TEXT("a path"))) };

static void add_mount(struct bench *b, const char *asked, const char *leads) {
        struct mount_fact *m = latched_push(&b->arena, &b->request.facts.mounts, sizeof(*m));

        m->source = (struct fact_path){ .n = leads ? 2 : 1, .spelling = { str_from(asked), str_from(leads) } };
}

/* What stands between the fix and the decision. */
static void expect_letting_in(struct bench *b, const char *line, const char *expected) {
        char tail[EXPLAIN_MAX];
        const char *fix = strstr(line, "Fix: drop it.");

        snprintf(tail, sizeof(tail), "Fix: drop it.%s Decision 0000000000007f3a.", expected);
        assert_non_null(fix);
        assert_string_equal(fix, tail);
        bench_deinit(b);
}

static void names_the_line_that_lets_all_of_it_in(void **state) {
        struct bench b;

        (void)state;
        bench_init(&b);
        add_item(&b, "a");
        add_item(&b, "b, c");
        add_item(&b, "d\"]}]\x1b[2J\xe2\x80\xae");
        expect_letting_in(&b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted),
                          " To allow it, an admin adds under override: - {list: names, append: [\"a\", \"b, c\", "
                          "\"d\\\"]}]\\u001b[2J\\u202e\"]}.");
        bench_init(&b);
        add_mount(&b, "/srv/l", "/data");
        add_mount(&b, "/srv/x", NULL);
        add_item(&b, "a");
        expect_letting_in(&b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted, &unlisted_path),
                          " To allow it, an admin adds under override: - {list: names, append: [\"a\"]} and "
                          "- {list: paths, append: [\"/srv/l\", \"/data\", \"/srv/x\"]}.");
}

static void does_not_name_what_is_let_in_already(void **state) {
        struct rule half = unlisted_path;
        struct bench b;

        (void)state;
        half.when = BY_SPELLING(TRUTH_NO, TRUTH_YES);
        bench_init(&b);
        add_mount(&b, "/srv/l", "/data");
        expect_letting_in(&b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &half),
                          " To allow it, an admin adds under override: - {list: paths, append: [\"/data\"]}.");
}

static void names_what_takes_an_exemption_too(void **state) {
        struct rule other = { .id = STR("sensitive-path"),
                              .each = &mounts,
                              CASES(CASE(.when = PATH_IS("/etc"), .severity = SEVERITY_CRITICAL,
                                         .message = TEXT("etc")),
                                    CASE(.when = ALWAYS(TRUTH_YES), .severity = SEVERITY_LOW, .message = TEXT("m"))) };
        struct bench b;

        (void)state;
        bench_init(&b);
        add_mount(&b, "/etc", NULL);
        expect_letting_in(
                &b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted_path, &other),
                " To allow it, an admin adds under override: - {list: paths, append: [\"/etc\"]} and exempts it "
                "from sensitive-path.");
        /* What only costs points may be within the limit. */
        bench_init(&b);
        add_mount(&b, "/srv", NULL);
        expect_letting_in(&b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted_path, &other),
                          " To allow it, an admin adds under override: - {list: paths, append: [\"/srv\"]}.");
        /* What nothing lifts is not to be listed either. */
        other.fixed = true;
        bench_init(&b);
        add_mount(&b, "/etc", NULL);
        expect_letting_in(&b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted_path, &other), "");
}

static void does_not_print_a_line_that_would_say_something_else(void **state) {
        static char long_names[8][400];
        struct bench b;
        const char *line;

        (void)state;
        bench_init(&b);
        add_item(&b, "*");
        add_item(&b, "a");
        expect_letting_in(&b, REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted),
                          " To allow it, an admin adds under override: - {list: names, append: [\"a\"]}; "
                          "\"*\" can't be listed: of its star.");
        /* Nor one that is cut short. */
        bench_init(&b);
        for (size_t i = 0; i < ARRAY_SIZE(long_names); ++i) {
                memset(long_names[i], 'a' + (char)i, sizeof(long_names[i]) - 1);
                add_item(&b, long_names[i]);
        }
        line = REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted);
        assert_null(strstr(line, "append"));
        assert_non_null(strstr(line, " To allow it, an admin adds more than has room here to the list names: "
                                     "docksill explain shows what. Decision"));
        bench_deinit(&b);
        /* What nobody could tell has no name. */
        bench_init(&b);
        b.request.facts.container.capabilities_added.head.state = FACT_UNKNOWN;
        assert_null(strstr(REFUSAL(&b, &limits_production, MODE_ENFORCE, &unlisted), "override"));
        bench_deinit(&b);
}

/* A User-Agent of one header. */
static void set_agent(struct bench *b, const char *agent) {
        static struct go_pair pair;

        pair = (struct go_pair){ STR("User-Agent"), { str_from(agent), true } };
        b->request.envelope.headers = (struct go_list){ .items = &pair, .n = 1, .capacity = 1, .given = true };
}

static const struct operation container_create = { .id = STR("container.create"), .yields = GROUP_CONTAINER };

static void each_client_reads_its_own_words(void **state) {
        static const struct {
                const char *agent; /* NULL: none */
                enum explain_words words;
                bool lines;
        } rows[] = {
                { NULL, EXPLAIN_FLAGS, false },
                { "Docker-Client/20.10.24 (linux)", EXPLAIN_FLAGS, true },
                { "Docker-Client/28.2.2 (linux)", EXPLAIN_FLAGS, true },
                { "compose/2.26.1-4", EXPLAIN_COMPOSE, true },
                { "docker-compose/1.29.2 docker-py/5.0.3 Linux/6.1.0", EXPLAIN_COMPOSE, false },
                { "docker-sdk-python/5.0.3", EXPLAIN_API, false },
                { "curl/7.88.1", EXPLAIN_API, false },
                { "not Docker-Client/1", EXPLAIN_API, false },
        };
        struct bench b;

        (void)state;
        bench_init(&b);
        b.request.operation = &container_create;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct explain_style style;

                if (rows[i].agent)
                        set_agent(&b, rows[i].agent);
                style = explain_style_of(&b.request, EXPLAIN_AUTO, STR_C("a"));
                assert_int_equal(style.words, rows[i].words);
                assert_int_equal(style.lines, rows[i].lines);
                assert_str(style.contact, "a");
                assert_true(explain_style_of(&b.request, EXPLAIN_LINES, STR_C("")).lines);
                assert_false(explain_style_of(&b.request, EXPLAIN_LINE, STR_C("")).lines);
        }
        /* Of a service there are members of other names, and no compose file makes one. */
        b.request.operation = &service_create;
        assert_int_equal(explain_style_of(&b.request, EXPLAIN_AUTO, STR_C("")).words, EXPLAIN_API);
        set_agent(&b, "compose/2.26.1-4");
        assert_int_equal(explain_style_of(&b.request, EXPLAIN_AUTO, STR_C("")).words, EXPLAIN_FLAGS);
        b.request.operation = NULL;
        assert_int_equal(explain_style_of(&b.request, EXPLAIN_AUTO, STR_C("")).words, EXPLAIN_FLAGS);
        bench_deinit(&b);
}

static void lines_are_read_at_a_glance(void **state) {
        static const struct rule *const some[] = { &memory,  &rootfs,  &user_root, &caps,
                                                   &lows[0], &lows[1], &lows[2],   &lows[3] },
                                        *const by_hand[] = { &privileged, &caps, &rootfs };
        struct bench b;

        (void)state;
        bench_init(&b);
        assert_string_equal(
                in_style(&b, some, ARRAY_SIZE(some), (struct explain_style){ EXPLAIN_FLAGS, true, STR("it") }),
                "docksill (production): refused, 52 points, limit 50.\n"
                "\n"
                "   +10  capabilities-not-dropped  keeps the default capabilities\n"
                "   +10  memory-unlimited          no memory limit\n"
                "   +10  rootfs-writable           root file system is writable\n"
                "   +10  user-root                 runs as root inside the container (User)\n"
                "    +3  low-a                     a small thing\n"
                "        3 more, +9: low-b, low-c, low-d\n"
                "\n"
                "Add:   --cap-drop=ALL\n"
                "       May stop the program: --cap-drop; try with docksill suggest --try\n"
                "More:  docksill explain 0000000000007f3a; ask it");
        assert_string_equal(
                in_style(&b, some, ARRAY_SIZE(some), (struct explain_style){ EXPLAIN_COMPOSE, true, { 0 } }),
                "docksill (production): refused, 52 points, limit 50.\n"
                "\n"
                "   +10  capabilities-not-dropped  keeps the default capabilities\n"
                "   +10  memory-unlimited          no memory limit\n"
                "   +10  rootfs-writable           root file system is writable\n"
                "   +10  user-root                 runs as root inside the container (User)\n"
                "        4 more, +12: low-a, low-b, low-c, low-d\n"
                "\n"
                "Add under the service:\n"
                "  cap_drop: [\"ALL\"]\n"
                "May stop the program: cap_drop; try with docksill suggest --try.\n"
                "More:  docksill explain 0000000000007f3a");
        assert_string_equal(in_style(&b, some, ARRAY_SIZE(some), (struct explain_style){ EXPLAIN_API, false, { 0 } }),
                            "docksill (production): refused, 52 points, limit 50. capabilities-not-dropped +10 keeps "
                            "the default capabilities; memory-unlimited +10 no memory limit; rootfs-writable +10 root "
                            "file system is writable; user-root +10 runs as root inside the container (User); low-a +3 "
                            "a small thing; low-b +3 a small thing; 2 more. Add to the body: HostConfig.CapDrop: "
                            "[\"ALL\"]. May stop the program: CapDrop; try with docksill suggest --try. Decision "
                            "0000000000007f3a.");
        assert_string_equal(
                in_style(&b, by_hand, ARRAY_SIZE(by_hand), (struct explain_style){ EXPLAIN_FLAGS, true, { 0 } }),
                "docksill (production): refused by hard rule privileged-container (as in every environment), 120 "
                "points.\n"
                "\n"
                "  +100  privileged-container      every device and capability\n"
                "   +10  capabilities-not-dropped  keeps the default capabilities\n"
                "   +10  rootfs-writable           root file system is writable\n"
                "\n"
                "No flag lifts privileged-container.\n"
                "Fix:   drop --privileged\n"
                "More:  docksill explain 0000000000007f3a");
        bench_deinit(&b);
}

static void a_call_that_is_no_request_hears_why(void **state) {
        (void)state;
        for (int refusal = ENVELOPE_EMPTY; refusal <= ENVELOPE_TOO_LARGE; ++refusal) {
                char buffer[512];
                struct text t;

                text_init_fixed(&t, buffer, sizeof(buffer));
                explain_no_request(&t, (enum envelope_refusal)refusal);
                assert_false(t.failed);
                assert_true(str_starts(text_str(&t), STR_C("docksill: refused: ")));
                assert_non_null(strstr(buffer, envelope_refusal_text((enum envelope_refusal)refusal)));
                assert_int_equal(buffer[t.n - 1], '.');
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_points_limit_findings_flags_and_decision),
                cmocka_unit_test(names_the_gate_that_decided),
                cmocka_unit_test(lists_hard_findings_first_when_they_decide),
                cmocka_unit_test(leaves_out_what_did_not_count),
                cmocka_unit_test(tells_info_findings_where_they_refuse),
                cmocka_unit_test(tells_the_next_step),
                cmocka_unit_test(says_would_where_it_is_allowed_all_the_same),
                cmocka_unit_test(says_that_memory_was_short),
                cmocka_unit_test(names_the_place_and_counts_the_others),
                cmocka_unit_test(what_a_requester_wrote_can_not_leave_its_place),
                cmocka_unit_test(an_unknown_list_gives_no_flag_about_its_elements),
                cmocka_unit_test(a_flag_can_be_pasted_into_a_shell),
                cmocka_unit_test(keeps_flags_and_decision_when_room_is_short),
                cmocka_unit_test(flags_are_given_as_the_rules_have_them),
                cmocka_unit_test(a_service_has_flags_of_its_own),
                cmocka_unit_test(names_the_line_that_lets_all_of_it_in),
                cmocka_unit_test(does_not_name_what_is_let_in_already),
                cmocka_unit_test(names_what_takes_an_exemption_too),
                cmocka_unit_test(does_not_print_a_line_that_would_say_something_else),
                cmocka_unit_test(each_client_reads_its_own_words),
                cmocka_unit_test(lines_are_read_at_a_glance),
                cmocka_unit_test(a_call_that_is_no_request_hears_why),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
