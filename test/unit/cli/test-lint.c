#include "rules/lint.h"
#include "support/loaded.h"

/* A rule without fault; each row spoils one thing of it. */
#define HEAD         "  - id: site-rule\n"
#define TITLE        "    title: Privileged\n"
#define CONDITION    "    when: {container.privileged: true}\n"
#define SEVERITY     "    severity: high\n"
#define MESSAGE      "    message: \"privileged\"\n"
#define FIX          "    fix: {cli: \"drop it\", flags: []}\n"
#define WHY          "    why: It owns the host.\n"
#define REFERENCE    "    references: {cis-docker: [\"5.5\"]}\n"
#define FIRING       "      - {name: a, operation: container.create, body: {HostConfig: {Privileged: true}}, expect: high}\n"
#define QUIET        "      - {name: b, operation: container.create, body: {Image: a}, expect: none}\n"
#define REST         WHY REFERENCE "    tests:\n" FIRING QUIET
#define CASES(cases) HEAD TITLE CONDITION "    cases:\n" cases MESSAGE FIX REST

#define WHEN(when) HEAD TITLE "    when: " when "\n" SEVERITY MESSAGE FIX REST

static void complains_of_what_readers_miss(void **state) {
        static const struct {
                const char *rule, *codes;
        } rows[] = {
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX REST, "" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE FIX REFERENCE "    tests:\n" FIRING QUIET, "DS501" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE REST, "DS502" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE "    fix: {flags: [--x]}\n" REST, "DS502" },
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
                { WHEN("{container.privileged: true, container.user: {regex: '^(a+)+$'}}"), "DS507" },
                { WHEN("{container.privileged: true, not: {container.user: {regex: '^(a+b){2}c*$'}}}"), "" },
                { WHEN("{container.privileged: true, any: [{container.init: true}, {container.user: a}, "
                       "{container.init: true}]}"),
                  "DS509" },
                { WHEN("{container.privileged: true, any: [{container.init: true}, {container.init: false}]}"), "" },
                { CASES("      - {when: {container.user: {in: [a, b]}}, severity: low}\n"
                        "      - {when: {container.user: a, container.init: true}, severity: low}\n"
                        "      - {severity: high}\n"),
                  "DS508" },
                { CASES("      - {when: {any: [{container.init: true}, {container.user: a}]}, severity: low}\n"
                        "      - {when: {container.user: a}, severity: low}\n"
                        "      - {severity: high}\n"),
                  "DS508" },
                { CASES("      - {when: {container.user: a, container.init: true}, severity: low}\n"
                        "      - {when: {container.user: {in: [a, b]}}, severity: low}\n"
                        "      - {severity: high}\n"),
                  "" },
                { CASES("      - {when: {container.memory: {between: [1, 2]}}, severity: low}\n"
                        "      - {when: {container.memory: {between: [1, 3]}}, severity: low}\n"
                        "      - {severity: high}\n"),
                  "" },
                /* What when: says: the other case has nothing left, and the condition says nothing. */
                { CASES("      - {when: {container.privileged: true}, severity: high}\n"
                        "      - {severity: low}\n"),
                  "DS509 DS508" },
                { WHEN("{container.privileged: true}") "  - id: other-rule\n" TITLE CONDITION SEVERITY MESSAGE FIX REST,
                  "DS509" },
                { WHEN("{container.read_only: false}") "  - id: other-rule\n" TITLE
                                                       "    \"on\": [service.create]\n    when: {container.read_only: "
                                                       "false}\n" SEVERITY MESSAGE FIX REST,
                  "" },
                { HEAD TITLE CONDITION SEVERITY MESSAGE "    fix: {cli: a, flags: [--read-only]}\n" REST, "DS510" },
                { HEAD TITLE "    when: {container.read_only: false, container.privileged: true}\n" SEVERITY MESSAGE
                             "    fix: {cli: a, flags: [--read-only]}\n" REST,
                  "" },
                /* No body has a member for it. */
                { HEAD TITLE CONDITION SEVERITY MESSAGE "    fix: {cli: a, flags: [\"--restart no\"]}\n" REST, "" },
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
