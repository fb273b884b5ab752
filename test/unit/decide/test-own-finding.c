/*
 * What docksill finds by itself: a request whose texts use up the steps there are, judged with the shipped rules.
 */
#include "lifted.h"

#include "own-finding.h"
#include <errno.h>

#define CREATE "/v1.41/containers/create?name=web"
#define RULE   "request-too-costly"
#define NOW    (INT64_C(1767225600) * 1000000) /* 2026-01-01 */

/* A create that does nothing else, with a variable of @n times @unit; then what comes of it. */
static void judge(struct lifted *l, const char *user, enum mode mode, const char *unit, size_t n) {
        struct text body;

        text_init(&body);
        text_addz(&body, "{\"Image\":\"a\",\"Env\":[\"A=");
        for (size_t i = 0; i < n; ++i)
                text_addz(&body, unit);
        text_addz(&body, "\"]}");
        assert_false(body.failed);
        lifted_read(l, user, "POST", CREATE, body.p);
        text_deinit(&body);
        assert_false(flaws_any(&l->call.request.flaws));
        lifted_judge(l, mode, NOW);
}

#define COSTLY "-----BEGIN A" /* as each private key begins, and then no key */
#define MANY   87382          /* a mebibyte */

static void a_request_that_uses_up_the_steps_is_refused_everywhere(void **state) {
        static const char *const environments[] = { "extends: development\n", "extends: staging\n",
                                                    "extends: production\n", "extends: lockdown\n" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(environments); ++i) {
                const struct finding *f;
                struct lifted l;

                lifted_init(&l, environments[i], NULL);
                judge(&l, NULL, MODE_ENFORCE, COSTLY, MANY);
                assert_string_equal(lifted_findings(&l, RULE), "critical!");
                assert_int_equal(l.decision.verdict, VERDICT_DENY);
                assert_int_equal(l.decision.would, VERDICT_DENY);
                assert_int_equal(l.decision.gate, GATE_HARD);
                assert_false(l.decision.allow);
                f = &l.decision.findings[0];
                assert_str(f->rule->id, RULE); /* before all that may have been found for want of steps */
                assert_int_equal(f->points, severity_points(SEVERITY_CRITICAL));
                assert_int_equal(f->n_evidence, 1);
                assert_int_equal(f->instances, 1);
                assert_str(f->evidence[0].where, "RequestBody");
                assert_true(f->evidence[0].message.n > 0 && f->rule->why.n > 0 && f->cause->fix);
                assert_true(l.decision.points >= f->points);

                /* the next request has steps of its own */
                judge(&l, NULL, MODE_ENFORCE, COSTLY, 1);
                assert_string_equal(lifted_findings(&l, RULE), "");
                lifted_deinit(&l);
        }
}

static void what_is_as_long_and_says_nothing_is_let_through(void **state) {
        static const char *const units[] = { "aaaaaaaaaaaa", "PATH=/usr/bi", "0123456789ab", "\\u00e4\\u20ac" };
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: development\n", NULL);
        for (size_t i = 0; i < ARRAY_SIZE(units); ++i) {
                judge(&l, NULL, MODE_ENFORCE, units[i], MANY);
                if (*lifted_findings(&l, RULE) || !l.decision.allow)
                        fail_msg("%s: %s", units[i], verdict_name(l.decision.verdict).p);
        }
        lifted_deinit(&l);
}

static void in_audit_it_passes_and_is_told(void **state) {
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: development\n", NULL);
        judge(&l, NULL, MODE_AUDIT, COSTLY, MANY);
        assert_true(l.decision.allow);
        assert_int_equal(l.decision.verdict, VERDICT_DENY);
        assert_int_equal(l.decision.would, VERDICT_DENY);
        assert_int_equal(l.decision.gate, GATE_HARD);
        assert_string_equal(lifted_findings(&l, RULE), "critical!");
        lifted_deinit(&l);
}

/* Nor is there a rule of that name that a file could name. */
static void no_exemption_and_no_override_reaches_it(void **state) {
        static const struct {
                const char *environment, *exemptions;
        } rows[] = {
                { "extends: development\noverride: [{rule: " RULE ", severity: none}]\n",
                  "  - {id: e, rules: [secret-literal], match: {user: ann}" TAIL },
                { "extends: development\n", "  - {id: e, rules: [" RULE "], match: {user: ann}" TAIL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char text[1000], file[128], lifts[128];
                struct ruleset *rules = NULL;
                struct ruleset_options options = { .rules = "../rules", .environment = file, .exemptions = lifts };
                struct folder f;

                folder_init(&f);
                snprintf(text, sizeof(text), "docksill: v1\nkind: environment\nname: site\n%s", rows[i].environment);
                folder_write(&f, "site.yaml", text);
                snprintf(text, sizeof(text), "docksill: v1\nkind: exemptions\nexemptions:\n%s", rows[i].exemptions);
                folder_write(&f, "exemptions/some.yaml", text);
                snprintf(file, sizeof(file), "%s/site.yaml", f.path);
                snprintf(lifts, sizeof(lifts), "%s/exemptions", f.path);
                assert_int_equal(ruleset_load(&rules, &options, &f.diag), -EINVAL);
                assert_string_equal(folder_reported(&f), "DS301");
                folder_deinit(&f);
        }
}

/* Who is exempted from what the texts would say is not exempted from having them searched. */
static void an_exemption_of_the_searching_rules_lifts_it_not(void **state) {
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: development\n",
                    "  - {id: keys, rules: [secret-literal, secret-in-env], match: {user: ann}" TAIL);
        judge(&l, "ann", MODE_ENFORCE, COSTLY, MANY);
        assert_string_equal(lifted_findings(&l, RULE), "critical!");
        assert_false(l.decision.allow);
        assert_null(l.decision.findings[0].exempted_by);
        lifted_deinit(&l);
}

/* -- the finding itself -- */

static const struct fix no_fix;
static const struct rule_case one_case[] = { { .severity = SEVERITY_HIGH, .fix = &no_fix } };
static const struct rule first = { .id = STR("first"), .cases = one_case, .n_cases = 1 },
                         second = { .id = STR("second"), .cases = one_case, .n_cases = 1 };

static void an_own_finding_stands_before_the_others(void **state) {
        struct decision d = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 16);
        assert_int_equal(own_finding_add(&d, &(struct own_finding){ &first, "User", STR("one"), false }, &arena), 0);
        assert_int_equal(own_finding_add(&d, &(struct own_finding){ &second, "RequestBody", STR("two"), true }, &arena),
                         0);
        assert_int_equal(d.n_findings, 2);
        assert_ptr_equal(d.findings[0].rule, &second);
        assert_true(d.findings[0].access && !d.findings[0].hard);
        assert_ptr_equal(d.findings[1].rule, &first);
        assert_true(!d.findings[1].access && d.findings[1].hard);
        assert_int_equal(d.findings[1].severity, SEVERITY_HIGH);
        assert_int_equal(d.findings[1].points, severity_points(SEVERITY_HIGH));
        assert_str(d.findings[1].evidence[0].where, "User");
        assert_str(d.findings[1].evidence[0].message, "one");
        assert_ptr_equal(d.findings[1].evidence[0].cause, one_case);
        assert_ptr_equal(d.findings[1].cause, one_case);
        arena_deinit(&arena);
}

/* The caller takes it for an incomplete decision, and refuses. */
static void without_memory_nothing_is_changed(void **state) {
        struct decision d = { 0 };
        struct arena none;

        (void)state;
        arena_init(&none, 1);
        assert_int_equal(own_finding_spent(&d, &none), -ENOMEM);
        assert_int_equal(d.n_findings, 0);
        assert_null(d.findings);
        /* room for the one part and not for the other */
        for (size_t limit = 1; limit < 400; ++limit) {
                struct arena arena;
                int r;

                arena_init(&arena, limit);
                d = (struct decision){ 0 };
                r = own_finding_spent(&d, &arena);
                assert_int_equal(r, d.n_findings ? 0 : -ENOMEM);
                arena_deinit(&arena);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_request_that_uses_up_the_steps_is_refused_everywhere),
                cmocka_unit_test(what_is_as_long_and_says_nothing_is_let_through),
                cmocka_unit_test(in_audit_it_passes_and_is_told),
                cmocka_unit_test(no_exemption_and_no_override_reaches_it),
                cmocka_unit_test(an_exemption_of_the_searching_rules_lifts_it_not),
                cmocka_unit_test(an_own_finding_stands_before_the_others),
                cmocka_unit_test(without_memory_nothing_is_changed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
