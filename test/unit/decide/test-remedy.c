#include "docksill/decide/decide.h"
#include "docksill/decide/explain-flags.h"
#include "docksill/decide/remedy.h"
#include "support/envelope.h"
#include "support/loaded.h"

/* One switch of a body each, so that a body chooses the findings. */
static const char rules_text[] =
        "rules:\n"
        "  - {id: hard-by-hand, title: A, when: {container.privileged: true}, severity: critical, hard: true, message: "
        "a}\n"
        "  - {id: user, title: A, when: {container.user: \"0\"}, severity: medium, message: a, fix: {flags: [--user "
        "1:1]}}\n"
        "  - {id: rootfs, title: A, when: {container.read_only: false}, severity: medium, message: a,\n"
        "     fix: {flags: [--read-only, --tmpfs /tmp]}}\n"
        "  - {id: caps, title: A, when: {container.capabilities.dropped: {empty: true}}, severity: medium, message: "
        "a,\n"
        "     fix: {flags: [--cap-drop=ALL]}}\n"
        "  - {id: raw, title: A, when: {container.capabilities.dropped: {empty: true}}, severity: low, message: a,\n"
        "     fix: {flags: [--cap-drop=ALL]}}\n"
        "  - {id: published, title: A, when: {container.publish_all_ports: true}, severity: high, message: a,\n"
        "     fix: {flags: [--publish-all=false]}}\n"
        "  - {id: oom, title: A, when: {container.oom_kill_disabled: true}, severity: medium, message: a}\n"
        "  - {id: audited, title: A, when: {container.init: true}, severity: medium, message: a}\n"
        "  - id: groups\n"
        "    title: A\n"
        "    for_each: container.groups as group\n"
        "    severity: medium\n"
        "    message: a\n"
        "    fix: {flags: [\"--no-group {group}\"]}\n"
        "  - id: scratch\n"
        "    title: A\n"
        "    for_each: tmpfs as scratch\n"
        "    severity: high\n"
        "    message: a\n"
        "    fix: {flags: [\"--tmpfs {scratch.name}:rw\"]}\n";

static const struct limits by_points = { SEVERITY_CRITICAL, SEVERITY_LOW, 30, 1, UNKNOWN_FAIL },
                           by_severity = { SEVERITY_HIGH, SEVERITY_LOW, 50, 1, UNKNOWN_FAIL },
                           by_nothing = { SEVERITY_CRITICAL, SEVERITY_LOW, 0, 0, UNKNOWN_FAIL };

struct judged {
        struct arena arena;
        struct request request;
        struct decision decision;
        struct remedy remedy;
};

static void judge(struct judged *j, const struct loaded *l, const char *body, const struct limits *limits) {
        struct text call;

        arena_init(&j->arena, (size_t)32 << 20);
        text_init_arena(&call, &j->arena);
        envelope_add(&call, (struct sent){ STR_C("POST"), STR_C("/v1.41/containers/create"), str_from(body) });
        assert_int_equal(request_read(&j->request, &j->arena, text_str(&call)), ENVELOPE_READ);
        decide(&j->decision, l->rules, &j->request, MODE_ENFORCE, &j->arena);
        assert_int_equal(remedy_find(&j->remedy, &j->decision, &j->request, limits, &j->arena), 0);
}

/* "--user 1:1 --read-only | hard-by-hand": flags, then what is left to do by hand. */
static const char *summary(struct judged *j) {
        struct text t;

        text_init_arena(&t, &j->arena);
        for (size_t i = 0; i < j->remedy.flags.n; ++i)
                text_addf(&t, "%s%" STR_FMT, i ? " " : "", STR_ARG(j->remedy.flags.items[i]));
        for (size_t i = 0; i < j->remedy.n_by_hand; ++i)
                text_addf(&t, "%s%" STR_FMT, i ? " " : t.n ? " | " : "| ", STR_ARG(j->remedy.by_hand[i]->rule->id));
        return t.p ? t.p : "";
}

/* Findings of a bare body: rootfs 10, caps 10, raw 3. */
static void finds_the_flags_that_disturb_least(void **state) {
        static const struct {
                const char *body;
                const struct limits *limits;
                const char *expected;
                unsigned points;
        } rows[] = {
                /* 33: one flag lifts 13, so does no other. */
                { "{\"User\":\"0\"}", &by_points, "--cap-drop=ALL", 20 },
                /* 23 + 40: the high one must go, and that is enough. */
                { "{\"HostConfig\":{\"PublishAllPorts\":true}}", &by_severity, "--publish-all=false", 23 },
                /* By points alone the 40 are what one flag can lift. */
                { "{\"HostConfig\":{\"PublishAllPorts\":true}}", &by_points, "--publish-all=false", 23 },
                { "{\"User\":\"0\",\"HostConfig\":{\"PublishAllPorts\":true}}", &by_points,
                  "--publish-all=false --cap-drop=ALL", 20 },
                /* What no flag lifts is named; the rest passes already. */
                { "{\"HostConfig\":{\"Privileged\":true}}", &by_points, "| hard-by-hand", 23 },
                { "{\"User\":\"0\",\"HostConfig\":{\"Privileged\":true}}", &by_points, "--cap-drop=ALL | hard-by-hand",
                  20 },
                /* 33 with a finding that no flag lifts, but need not go. */
                { "{\"HostConfig\":{\"OomKillDisable\":true}}", &by_points, "--cap-drop=ALL", 20 },
                /* Two flags that nobody knows may do worse than two that are known. */
                { "{\"HostConfig\":{\"GroupAdd\":[\"a\",\"b\"],\"CapDrop\":[\"ALL\"],\"OomKillDisable\":true}}",
                  &by_points, "--read-only --tmpfs /tmp", 20 },
                /* What a flag can't say of one place is done by hand, and then for both. */
                { "{\"HostConfig\":{\"Tmpfs\":{\"/c\":\"\",\"/d\":\"\"}}}", &by_severity, "--tmpfs /c:rw --tmpfs /d:rw", 23 },
                { "{\"HostConfig\":{\"Tmpfs\":{\"/c\":\"\",\"/d:e\":\"\"}}}", &by_severity, "| scratch", 23 },
                { "{\"HostConfig\":{\"Tmpfs\":{\"/c\":\"\",\"/d\\u001b\":\"\"}}}", &by_severity, "| scratch", 23 },
                /* dockerd takes no second mount at /tmp. */
                { "{\"User\":\"0\",\"HostConfig\":{\"CapDrop\":[\"ALL\"],\"OomKillDisable\":true,\"Binds\":[\"v:/tmp/\"]}}",
                  &by_points, "--read-only", 20 },
                /* Nine: the last one is not listed, so its flag is unknown. */
                { "{\"User\":\"0\",\"HostConfig\":{\"GroupAdd\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]"
                  ","
                  "\"CapDrop\":[\"ALL\"]}}",
                  &by_points, "--read-only --tmpfs /tmp", 20 },
        };
        struct loaded l;

        (void)state;
        loaded_init(&l, rules_text);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct judged j;

                judge(&j, &l, rows[i].body, rows[i].limits);
                assert_true(j.remedy.found);
                assert_string_equal(summary(&j), rows[i].expected);
                assert_int_equal(j.remedy.points, rows[i].points);
                arena_deinit(&j.arena);
        }
        loaded_deinit(&l);
}

/* Tries every set of flags: what the mildest that passes disturbs. */
static unsigned least(const struct judged *j, const struct limits *limits) {
        struct flags all;
        unsigned best = UINT32_MAX;

        assert_int_equal(explain_flags(&all, &j->decision, NULL, &j->request, (struct arena *)&j->arena), 0);
        for (uint32_t set = 0; set < UINT32_C(1) << all.n; ++set) {
                unsigned points = 0, disturbs = 0;

                for (size_t i = 0; i < all.n; ++i)
                        disturbs += set >> i & 1 ? flag_disturbs(all.items[i]) : 0;
                for (size_t i = 0; i < j->decision.n_findings; ++i) {
                        struct decision only = { .findings = &j->decision.findings[i], .n_findings = 1 };
                        struct flags flags;
                        bool gone = true;

                        assert_int_equal(explain_flags(&flags, &only, NULL, &j->request, (struct arena *)&j->arena), 0);
                        for (size_t k = 0; k < flags.n; ++k)
                                for (size_t m = 0; m < all.n; ++m)
                                        if (str_eq(all.items[m], flags.items[k]) && !(set >> m & 1))
                                                gone = false;
                        if (!gone || flags.n == 0)
                                points += only.findings->points;
                }
                if (points < limits->deny_points && disturbs < best)
                        best = disturbs;
        }
        return best;
}

static void finds_the_mildest_that_trying_all_sets_finds(void **state) {
        static const char *const bodies[] = {
                "{\"User\":\"0\"}",
                "{\"User\":\"0\",\"HostConfig\":{\"OomKillDisable\":true}}",
                "{\"User\":\"0\",\"HostConfig\":{\"GroupAdd\":[\"a\"],\"PublishAllPorts\":true}}",
                "{\"HostConfig\":{\"GroupAdd\":[\"a\",\"b\",\"c\"]}}",
                "{\"HostConfig\":{\"GroupAdd\":[\"a\",\"b\",\"c\"],\"OomKillDisable\":true,\"PublishAllPorts\":true}}",
        };
        struct limits limits = by_points;
        struct loaded l;

        (void)state;
        loaded_init(&l, rules_text);
        for (size_t i = 0; i < ARRAY_SIZE(bodies); ++i)
                for (limits.deny_points = 11; limits.deny_points < 60; limits.deny_points += 6) {
                        unsigned disturbs = 0;
                        struct judged j;

                        judge(&j, &l, bodies[i], &limits);
                        assert_true(j.remedy.found);
                        assert_int_equal(j.remedy.n_by_hand, 0);
                        for (size_t k = 0; k < j.remedy.flags.n; ++k)
                                disturbs += flag_disturbs(j.remedy.flags.items[k]);
                        assert_int_equal(disturbs, least(&j, &limits));
                        arena_deinit(&j.arena);
                }
        loaded_deinit(&l);
}

/* More findings than all subsets are tried of: the answer passes, be it the smallest or not. */
static void takes_the_worst_where_there_are_many(void **state) {
        cleanup_(text_deinit) struct text rules;
        struct limits limits = by_points;
        struct loaded l;
        struct judged j;

        (void)state;
        text_init(&rules);
        text_addz(&rules, "rules:\n");
        for (int i = 0; i < 40; ++i)
                text_addf(&rules,
                          "  - {id: rule-%02d, title: A, severity: %s, on: [container.create], message: a,\n"
                          "     when: {container.privileged: false}, fix: {flags: [--flag-%02d]}}\n",
                          i, i % 2 ? "medium" : "low", i);
        loaded_init(&l, rules.p);
        limits.deny_points = 100; /* of 260 */
        judge(&j, &l, "{}", &limits);
        assert_true(j.remedy.found);
        assert_int_equal(j.remedy.n_by_hand, 0);
        assert_true(j.remedy.points < 100);
        assert_int_equal(j.remedy.flags.n, 17);
        arena_deinit(&j.arena);
        loaded_deinit(&l);
}

static void promises_nothing_where_it_can_not(void **state) {
        struct loaded l;
        struct judged j;

        (void)state;
        loaded_init(&l, rules_text);
        judge(&j, &l, "{}", &by_nothing);
        assert_false(j.remedy.found);
        j.decision.incomplete = true;
        assert_int_equal(remedy_find(&j.remedy, &j.decision, &j.request, &by_points, &j.arena), 0);
        assert_false(j.remedy.found);
        arena_deinit(&j.arena);
        loaded_deinit(&l);
}

/* Where the enforced findings refuse, those that are only recorded may stay. */
static void leaves_what_is_not_enforced(void **state) {
        struct loaded l;
        struct judged j;

        (void)state;
        loaded_init(&l, rules_text);
        judge(&j, &l, "{\"User\":\"0\",\"HostConfig\":{\"Init\":true}}", &by_points);
        for (size_t i = 0; i < j.decision.n_findings; ++i)
                j.decision.findings[i].audit = str_eqz(j.decision.findings[i].rule->id, "audited");
        assert_int_equal(remedy_find(&j.remedy, &j.decision, &j.request, &by_points, &j.arena), 0);
        assert_string_equal(summary(&j), "--cap-drop=ALL");
        assert_int_equal(j.remedy.points, 20);
        arena_deinit(&j.arena);
        loaded_deinit(&l);
}

/* No flag makes a caller somebody else. */
static void leaves_access_to_people(void **state) {
        struct loaded l;
        struct judged j;

        (void)state;
        loaded_init(&l, rules_text);
        judge(&j, &l, "{\"HostConfig\":{\"OomKillDisable\":true,\"CapDrop\":[\"ALL\"]}}", &by_points);
        assert_string_equal(summary(&j), ""); /* 20 pass */
        for (size_t i = 0; i < j.decision.n_findings; ++i)
                j.decision.findings[i].access = str_eqz(j.decision.findings[i].rule->id, "oom");
        assert_int_equal(remedy_find(&j.remedy, &j.decision, &j.request, &by_points, &j.arena), 0);
        assert_string_equal(summary(&j), "| oom");
        arena_deinit(&j.arena);
        loaded_deinit(&l);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(finds_the_flags_that_disturb_least),
                cmocka_unit_test(finds_the_mildest_that_trying_all_sets_finds),
                cmocka_unit_test(takes_the_worst_where_there_are_many),
                cmocka_unit_test(promises_nothing_where_it_can_not),
                cmocka_unit_test(leaves_what_is_not_enforced),
                cmocka_unit_test(leaves_access_to_people),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
