#include "folder.h"

#include "docksill/base/date.h"

#define HEAD  "docksill: v1\nkind: environment\n"
#define RULES "docksill: v1\nkind: rules\n"
#define OWN   "deny: {severity: high, points: 50}\nwarn: {severity: low, points: 1}\nunknown: fail\nrules: [../set]\n"
#define STEPS                                                                                                          \
        "steps:\n"                                                                                                     \
        "  - {from: 2027-01-01, enforce: hard}\n"                                                                      \
        "  - {from: 2027-03-01, deny: {severity: critical, points: 120}}\n"                                            \
        "  - {from: 2027-05-01, enforce: all}\n"

static void write_base(struct folder *f, const char *steps) {
        char text[1000];

        folder_init(f);
        snprintf(text, sizeof(text), HEAD "name: base\n" OWN "%s", steps);
        folder_write(f, "environments/base.yaml", text);
        folder_write(f, "set/a.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}]\n");
}

static int64_t day(const char *text) {
        int64_t at;

        assert_int_equal(date_parse(str_from(text), &at), 0);
        return at;
}

static const struct limits *limits_on(const struct ruleset *rs, int64_t at) {
        const struct step *step = steps_at(ruleset_steps(rs), at);

        assert_non_null(step);
        return &step->limits;
}

static void a_step_holds_from_the_first_moment_of_its_day(void **state) {
        const struct {
                int64_t at;
                bool hard;
                enum severity severity;
                unsigned points;
        } rows[] = { { INT64_MIN, true, 0, 0 },
                     { 0, true, 0, 0 },
                     { day("2027-01-01"), true, 0, 0 },
                     { day("2027-03-01") - 1, true, 0, 0 },
                     { day("2027-03-01"), false, SEVERITY_CRITICAL, 120 },
                     { day("2027-05-01") - 1, false, SEVERITY_CRITICAL, 120 },
                     { day("2027-05-01"), false, SEVERITY_HIGH, 50 },
                     { INT64_MAX, false, SEVERITY_HIGH, 50 } };
        struct ruleset *rs;
        struct folder f;

        (void)state;
        write_base(&f, STEPS);
        rs = folder_environment(&f, "base");
        assert_non_null(rs);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct limits *l = limits_on(rs, rows[i].at);

                assert_int_equal(limits_deny_hard(l), rows[i].hard);
                if (!rows[i].hard) {
                        assert_int_equal(l->deny_severity, rows[i].severity);
                        assert_int_equal(l->deny_points, rows[i].points);
                }
                assert_int_equal(l->warn_severity, SEVERITY_LOW);
                assert_int_equal(l->warn_points, 1);
                assert_int_equal(l->unknown, UNKNOWN_FAIL);
        }
        assert_int_equal(ruleset_limits(rs)->deny_points, 50);
        ruleset_unref(rs);
        folder_deinit(&f);
}

static void without_steps_there_are_none(void **state) {
        static const char *const rows[] = { "", "steps: []\n" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct ruleset *rs;
                struct folder f;

                write_base(&f, rows[i]);
                rs = folder_environment(&f, "base");
                assert_non_null(rs);
                assert_int_equal(ruleset_steps(rs).n, 0);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

/* "all" is whatever the environment at hand denies; a list of its own takes the place of the one inherited. */
static void they_are_inherited(void **state) {
        static const struct {
                const char *text, *codes;
                size_t n;
                unsigned last;
        } rows[] = {
                { "", "", 4, 50 },
                { "deny: {points: 20}\n", "", 4, 20 },
                { "deny: {severity: low, points: 1}\n", "", 4, 1 },
                { "deny: {points: 120}\n", "DS303", 4, 120 },
                { "deny: {points: 121}\n", "DS303 DS331", 0, 0 },
                { "steps: [{from: 2028-01-01, enforce: all}]\n", "", 2, 50 },
                { "steps: []\n", "", 0, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct step_view steps;
                struct ruleset *rs;
                struct folder f;
                char text[200];

                write_base(&f, STEPS);
                snprintf(text, sizeof(text), HEAD "name: site\nextends: base\n%s", rows[i].text);
                folder_write(&f, "environments/site.yaml", text);
                rs = folder_environment(&f, "site");
                assert_string_equal(folder_reported(&f), rows[i].codes);
                steps = rs ? ruleset_steps(rs) : (struct step_view){ 0 };
                assert_int_equal(steps.n, rows[i].n);
                if (steps.n)
                        assert_int_equal(steps.items[steps.n - 1].limits.deny_points, rows[i].last);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

static void they_only_become_stricter_and_end_at_the_environments_own(void **state) {
        static const struct {
                const char *steps, *codes;
        } rows[] = {
                { "{from: 2027-01-01, enforce: all}", "" },
                { "{from: 2027-01-01, deny: {severity: high, points: 50}}", "" },
                { "{from: 2027-01-01, enforce: all}, {from: 2027-01-02, enforce: all}", "" },
                { "{from: 2027-01-01, enforce: hard}", "DS332" },
                { "{from: 2027-01-01, deny: {severity: high, points: 51}}", "DS332" },
                { "{from: 2027-01-01, deny: {severity: critical, points: 50}}", "DS332" },
                { "{from: 2027-01-01, deny: {severity: high, points: 49}}", "DS331" },
                { "{from: 2027-01-01, deny: {severity: medium, points: 50}}", "DS331" },
                { "{from: 2027-01-01, enforce: all}, {from: 2027-02-01, enforce: hard}", "DS331" },
                { "{from: 2027-01-01, deny: {severity: high, points: 80}}, {from: 2027-02-01, deny: {severity: "
                  "critical, "
                  "points: 70}}, {from: 2027-03-01, enforce: all}",
                  "DS331" },
                { "{from: 2027-02-01, enforce: hard}, {from: 2027-02-01, enforce: all}", "DS330" },
                { "{from: 2027-02-01, enforce: hard}, {from: 2027-01-31, enforce: all}", "DS330" },
                { "{from: soon, enforce: all}", "DS330" },
                { "{from: 2027-02-29, enforce: all}", "DS330" },
                { "{enforce: all}", "DS203" },
                { "{from: 2027-01-01}", "DS203" },
                { "{from: 2027-01-01, enforce: all, deny: {severity: high, points: 50}}", "DS203" },
                { "{from: 2027-01-01, deny: {points: 50}}", "DS203" },
                { "{from: 2027-01-01, enforce: some}", "DS204" },
                { "hard", "DS204" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct ruleset *rs;
                struct folder f;
                char text[400];

                snprintf(text, sizeof(text), "steps: [%s]\n", rows[i].steps);
                write_base(&f, text);
                rs = folder_environment(&f, "base");
                assert_int_equal(rs == NULL, *rows[i].codes != '\0');
                if (strcmp(folder_reported(&f), rows[i].codes) != 0)
                        fail_msg("%s: not %s", rows[i].steps, rows[i].codes);
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

static void words_are_of_what_is_to_come(void **state) {
        const struct {
                int64_t at;
                const char *words;
        } rows[] = {
                { 0, "what is hard alone; critical or 120 points from 2027-03-01; high or 50 points from 2027-05-01" },
                { day("2027-01-01"), "what is hard alone since 2027-01-01; critical or 120 points from 2027-03-01; "
                                     "high or 50 points from 2027-05-01" },
                { day("2027-04-01"), "critical or 120 points since 2027-03-01; high or 50 points from 2027-05-01" },
                { INT64_MAX, "high or 50 points since 2027-05-01" }
        };
        struct ruleset *rs;
        struct folder f;

        (void)state;
        write_base(&f, STEPS);
        rs = folder_environment(&f, "base");
        assert_non_null(rs);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                steps_add(&t, ruleset_steps(rs), rows[i].at);
                assert_string_equal(t.p, rows[i].words);
                text_deinit(&t);
        }
        ruleset_unref(rs);
        folder_deinit(&f);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_step_holds_from_the_first_moment_of_its_day),
                cmocka_unit_test(without_steps_there_are_none),
                cmocka_unit_test(they_are_inherited),
                cmocka_unit_test(they_only_become_stricter_and_end_at_the_environments_own),
                cmocka_unit_test(words_are_of_what_is_to_come),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
