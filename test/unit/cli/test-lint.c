#include "rules/lint.h"
#include "support/loaded.h"

/* A rule without fault; each row spoils one thing of it. */
#define HEAD         "  - id: site-rule\n"
#define TITLE        "    title: Privileged\n"
#define CONDITION    "    when: {container.privileged: true}\n"
#define SEVERITY     "    severity: high\n"
#define MESSAGE      "    message: \"privileged\"\n"
#define FIX          "    fix: {cli: \"drop it\", flags: [--read-only]}\n"
#define WHY          "    why: It owns the host.\n"
#define REFERENCE    "    references: {cis-docker: [\"5.5\"]}\n"
#define FIRING                                                                                                         \
        "      - {name: a, operation: container.create, body: {HostConfig: {Privileged: true}}, expect: high}\n"
#define QUIET        "      - {name: b, operation: container.create, body: {Image: a}, expect: none}\n"
#define REST         WHY REFERENCE "    tests:\n" FIRING QUIET
#define CASES(cases) HEAD TITLE CONDITION "    cases:\n" cases MESSAGE FIX REST

static void complains_of_what_readers_miss(void **state) {
        static const struct {
                const char *rule, *codes;
        } rows[] = {
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX REST, "" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX REFERENCE "    tests:\n" FIRING QUIET, "DS501" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE REST, "DS502" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE "    fix: {flags: [--read-only]}\n" REST, "DS502" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX WHY "    tests:\n" FIRING QUIET, "DS503" },
                { HEAD "    title: privileged\n" CONDITION SEVERITY MESSAGE FIX REST, "DS504" },
                { HEAD "    title: Privileged.\n" CONDITION SEVERITY MESSAGE FIX REST, "DS504" },
                { HEAD "    title: 1 thing\n" CONDITION SEVERITY MESSAGE FIX REST, "" },
                { HEAD TITLE CONDITION SEVERITY "    message: \"privileged.\"\n" FIX REST, "DS505" },
                { HEAD TITLE CONDITION SEVERITY "    message: \"and so on...\"\n" FIX REST, "" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE "    fix: {cli: a, flags: [user 1, -m 1g]}\n" REST, "DS506" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE "    fix: {cli: a, flags: read-only}\n" REST, "DS506" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX WHY REFERENCE "    tests:\n" FIRING, "DS402" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX WHY REFERENCE "    tests:\n" QUIET, "DS402" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX WHY REFERENCE, "DS402 DS402" },
                { CASES("      - {when: {container.init: true}, severity: low}\n      - {severity: high}\n"), "" },
                { CASES("      - {severity: high, message: \"a.\"}\n"), "DS505" },
                { CASES("      - {severity: high, fix: {flags: [--x]}}\n"), "DS502" },
                { CASES("      - {severity: high, fix: {cli: a, flags: [x]}}\n"), "DS506" },
                /* What is harmless needs no remedy. */
                { CASES("      - {when: {container.init: true}, severity: none, fix: {compose: a}}\n"
                        "      - {severity: high}\n"),
                  "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(text_deinit) struct text rules, codes;
                struct loaded l;

                text_init(&rules);
                text_init(&codes);
                text_addz(&rules, "rules:\n");
                text_addz(&rules, rows[i].rule);
                loaded_init(&l, rules.p);
                assert_int_equal(lint_rules(l.rules, &l.arena, &l.diag), 0);
                assert_int_equal(l.diag.errors, 0);
                text_addz(&codes, "");
                for (size_t k = 0; k < l.diag.n; ++k)
                        text_addf(&codes, "%s%s", k ? " " : "", diag_code_id(l.diag.items[k].code));
                if (!str_eqz(text_str(&codes), rows[i].codes))
                        fail_msg("row %zu: \"%s\", not \"%s\"", i, codes.p ? codes.p : "", rows[i].codes);
                loaded_deinit(&l);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(complains_of_what_readers_miss),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
