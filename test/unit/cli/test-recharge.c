#include "diff/recharge.h"
#include "support/loaded.h"

#include <errno.h>

#define RULES                                                                                                          \
        "rules:\n"                                                                                                     \
        "  - {id: one, title: t, when: {container.privileged: true}, severity: medium, message: m}\n"                  \
        "  - id: two\n"                                                                                                \
        "    title: t\n"                                                                                               \
        "    message: m\n"                                                                                             \
        "    when: {container.privileged: true}\n"                                                                     \
        "    unknown: low\n"                                                                                           \
        "    cases:\n"                                                                                                 \
        "      - {when: {container.pids_limit: 1}, severity: low}\n"                                                   \
        "      - {when: {container.pids_limit: 2}, severity: medium}\n"                                                \
        "      - {severity: medium}\n"

#define CHANGED                                                                                                        \
        "rules:\n"                                                                                                     \
        "  - {id: one, title: t, when: {container.privileged: true}, severity: high, message: m}\n"                    \
        "  - id: two\n"                                                                                                \
        "    title: t\n"                                                                                               \
        "    message: m\n"                                                                                             \
        "    when: {container.privileged: true}\n"                                                                     \
        "    unknown: low\n"                                                                                           \
        "    cases:\n"                                                                                                 \
        "      - {when: {container.pids_limit: 1}, severity: critical, hard: true}\n"                                  \
        "      - {when: {container.pids_limit: 2}, severity: low}\n"                                                   \
        "      - {severity: high}\n"

#define HEAD "{\"schema\":\"docksill.record/1\","

static void charges_anew(void **state) {
        static const struct {
                const char *findings, *charged;
                unsigned cases;
        } rows[] = {
                { "", "" },
                { "\"findings\":[]", "" },
                { "\"findings\":[{\"rule\":\"one\",\"severity\":\"medium\",\"points\":10}]", "one high 40" },
                { "\"findings\":[{\"rule\":\"gone\",\"severity\":\"high\",\"points\":40}]", "" },
                { "\"findings\":[{\"rule\":\"two\",\"severity\":\"low\"}]", "two critical 100 hard" },
                /* Two cases may be meant: the worse of them, and it is counted. */
                { "\"findings\":[{\"rule\":\"two\",\"severity\":\"medium\"}]", "two high 40", 1 },
                /* None can be: as it was. */
                { "\"findings\":[{\"rule\":\"one\",\"severity\":\"low\"}]", "one low 3", 1 },
                { "\"findings\":[{\"rule\":\"two\",\"severity\":\"none\",\"unknown\":true}]", "two low 3" },
                { "\"findings\":[{\"rule\":\"one\",\"severity\":\"medium\"},{\"rule\":\"two\",\"severity\":\"low\"}]",
                  "one high 40; two critical 100 hard" },
                { "\"findings\":[{\"rule\":\"access-denied\",\"severity\":\"critical\"}]", "" },
                { "\"findings\":[{\"rule\":\"request-too-costly\",\"severity\":\"critical\",\"hard\":true}]",
                  "request-too-costly critical 100 hard" },
        };
        struct loaded made, rules;

        (void)state;
        loaded_init(&made, RULES);
        loaded_init(&rules, CHANGED);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct recharge r = { .made = made.rules, .rules = rules.rules };
                struct decision d;
                struct text line, charged;
                json_t *record;

                text_init_arena(&line, &rules.arena);
                text_addf(&line, HEAD "%s%s\"a\":1}", rows[i].findings, *rows[i].findings ? "," : "");
                record = json_loads(line.p, 0, NULL);
                assert_non_null(record);
                assert_int_equal(recharge(&r, &d, record, &rules.arena), 0);
                text_init_arena(&charged, &rules.arena);
                text_addz(&charged, "");
                for (size_t k = 0; k < d.n_findings; ++k)
                        text_addf(&charged, "%s%" STR_FMT " %" STR_FMT " %u%s", k ? "; " : "",
                                  STR_ARG(d.findings[k].rule->id), STR_ARG(severity_name(d.findings[k].severity)),
                                  d.findings[k].points, d.findings[k].hard ? " hard" : "");
                assert_string_equal(charged.p ? charged.p : "", rows[i].charged);
                assert_int_equal(r.doubts.cases, rows[i].cases);
                json_decref(record);
        }
        loaded_deinit(&made);
        loaded_deinit(&rules);
}

/* What a rule set has found itself it finds again. */
static void takes_its_own_findings_as_they_are(void **state) {
        json_t *record = json_loads(HEAD "\"findings\":[{\"rule\":\"two\",\"severity\":\"medium\"},"
                                         "{\"rule\":\"one\",\"severity\":\"medium\",\"exempted_by\":\"x\"}]}",
                                    0, NULL);
        struct recharge r;
        struct decision d;
        struct loaded made;

        (void)state;
        loaded_init(&made, RULES);
        r = (struct recharge){ .made = made.rules, .rules = made.rules };
        assert_int_equal(recharge(&r, &d, record, &made.arena), 0);
        assert_int_equal(d.n_findings, 2);
        assert_int_equal(d.would, VERDICT_DENY); /* by the limits of lockdown */
        assert_int_equal(r.doubts.cases + r.doubts.exemptions, 0);
        json_decref(record);
        loaded_deinit(&made);
}

static void refuses_what_is_no_record(void **state) {
        static const char *const lines[] = {
                "{}",
                "[]",
                "{\"schema\":\"docksill.start/1\"}",
                HEAD "\"findings\":7}",
                HEAD "\"findings\":[7]}",
                HEAD "\"findings\":[{\"rule\":\"one\"}]}",
                HEAD "\"findings\":[{\"rule\":\"one\",\"severity\":\"worst\"}]}",
                HEAD "\"findings\":[{\"severity\":\"low\"}]}",
        };
        struct loaded made;

        (void)state;
        loaded_init(&made, RULES);
        for (size_t i = 0; i < ARRAY_SIZE(lines); ++i) {
                struct recharge r = { .made = made.rules, .rules = made.rules };
                json_t *record = json_loads(lines[i], 0, NULL);
                struct decision d;

                assert_int_equal(recharge(&r, &d, record, &made.arena), -EINVAL);
                json_decref(record);
        }
        loaded_deinit(&made);
}

/* An answer has happened: nothing would refuse it. */
static void a_response_is_not_refused(void **state) {
        json_t *record = json_loads(
                HEAD "\"phase\":\"response\",\"findings\":[{\"rule\":\"one\",\"severity\":\"medium\"}]}", 0, NULL);
        struct recharge r;
        struct decision d;
        struct loaded made;

        (void)state;
        loaded_init(&made, RULES);
        r = (struct recharge){ .made = made.rules, .rules = made.rules };
        assert_int_equal(recharge(&r, &d, record, &made.arena), 0);
        assert_int_equal(d.would, VERDICT_WARN);
        json_decref(record);
        loaded_deinit(&made);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(charges_anew),
                cmocka_unit_test(takes_its_own_findings_as_they_are),
                cmocka_unit_test(refuses_what_is_no_record),
                cmocka_unit_test(a_response_is_not_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
