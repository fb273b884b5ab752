#include "docksill/engine/operation.h"
#include "folder.h"

/* One rule, its keys after the first two as given. */
static struct ruleset *load(struct folder *f, const char *keys) {
        char text[4000];

        snprintf(text, sizeof(text), "docksill: v1\nkind: rules\nrules:\n  - {id: r, title: t, %s}\n", keys);
        folder_write(f, "rules.yaml", text);
        return folder_rules(f, "rules.yaml");
}

static bool judged(const struct ruleset *rs, const char *operation) {
        const struct operation *o = operation_find(str_from(operation));
        struct rule_view view;

        assert_non_null(o);
        view = ruleset_for(rs, operation_index(o));
        return view.n == 1;
}

static void a_rule_has_what_was_written(void **state) {
        struct folder f;
        struct ruleset *rs;
        const struct rule *rule;

        (void)state;
        folder_init(&f);
        rs = load(&f, "when: {container.privileged: true}, severity: critical, hard: true, message: m, why: w, "
                      "fix: {cli: c, flags: [a, b], service: [d]}, references: {seed: [A1, B2], pss: x}");
        rule = ruleset_rule(rs, STR_C("r"));
        assert_non_null(rule);
        assert_true(str_eqz(rule->id, "r") && str_eqz(rule->title, "t") && str_eqz(rule->why, "w"));
        assert_int_equal(rule->n_cases, 1);
        assert_int_equal(rule->cases[0].severity, SEVERITY_CRITICAL);
        assert_true(rule->cases[0].hard);
        assert_null(rule->cases[0].when);
        assert_non_null(rule->cases[0].message);
        assert_int_equal(rule->cases[0].fix->n_flags, 2);
        assert_int_equal(rule->cases[0].fix->n_service, 1);
        assert_null(rule->cases[0].fix->compose);
        assert_non_null(rule->when);
        assert_int_equal(rule->uses, GROUP_CONTAINER);
        assert_true(str_eqz(rule->about->name, "container.privileged"));
        assert_int_equal(rule->n_references, 2);
        assert_true(str_eqz(rule->references[0].items[1], "B2"));
        assert_true(str_eqz(rule->references[1].items[0], "x"));
        assert_int_equal(rule->at.line, 4);
        assert_int_equal(rule->at.column, 10);
        assert_null(ruleset_rule(rs, STR_C("q")));
        ruleset_unref(rs);
        folder_deinit(&f);
}

static void a_fix_names_a_list_that_the_rule_judges_by(void **state) {
        static const struct {
                const char *keys;
                bool loads;
        } rows[] = {
                { "when: {not: {container.name: {in: $names}}}, severity: high, message: m, "
                  "fix: {cli: c, list: {names: container.name}}",
                  true },
                { "cases: [{when: {container.name: {in: $names}}, severity: none}, {severity: high}], message: m, "
                  "fix: {cli: c, list: {names: container.name}}",
                  true },
                { "when: {not: {container.name: {in: $names}}}, severity: high, message: m, "
                  "fix: {cli: c, list: {others: container.name}}",
                  false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct folder f;
                struct ruleset *rs;
                char text[1000];

                folder_init(&f);
                snprintf(text, sizeof(text), "docksill: v1\nkind: rules\nallow-lists: {names: [], others: []}\nrules:\n"
                                             "  - {id: q, title: t, when: {not: {container.name: {in: $others}}}, severity: low, message: m}\n"
                                             "  - {id: r, title: t, %s}\n", rows[i].keys);
                folder_write(&f, "rules.yaml", text);
                rs = folder_rules(&f, "rules.yaml");
                assert_int_equal(rs != NULL, rows[i].loads);
                if (rs)
                        assert_non_null(ruleset_rule(rs, STR_C("r"))->cases[0].fix->list);
                else
                        assert_non_null(strstr(folder_reported(&f), "DS217"));
                ruleset_unref(rs);
                folder_deinit(&f);
        }
}

static void a_case_may_have_its_own_words(void **state) {
        struct folder f;
        struct ruleset *rs;
        const struct rule *rule;

        (void)state;
        folder_init(&f);
        rs = load(&f, "message: m, fix: {cli: c}, cases: [{when: {container.privileged: true}, severity: high, message: n, "
                      "fix: {cli: d}, hard: true}, {when: {container.init: true}, severity: none}, {severity: low}]");
        rule = ruleset_rule(rs, STR_C("r"));
        assert_int_equal(rule->n_cases, 3);
        assert_ptr_not_equal(rule->cases[0].message, rule->cases[2].message);
        assert_ptr_equal(rule->cases[1].message, rule->cases[2].message);
        assert_ptr_not_equal(rule->cases[0].fix, rule->cases[2].fix);
        assert_true(rule->cases[0].hard);
        assert_false(rule->cases[2].hard);
        assert_null(rule->cases[2].when);
        /* The mildest case that costs something; a harmless one does not make the unknown free. */
        assert_int_equal(rule->unknown, SEVERITY_LOW);
        ruleset_unref(rs);

        rs = load(&f, "message: m, unknown: high, cases: [{severity: low}]");
        assert_int_equal(ruleset_rule(rs, STR_C("r"))->unknown, SEVERITY_HIGH);
        ruleset_unref(rs);
        folder_deinit(&f);
}

/* A rule is judged wherever its facts are yielded, unless it says where; one about the request everywhere. */
static void a_rule_is_judged_where_its_facts_are(void **state) {
        static const struct {
                const char *keys;
                bool create, exec, list, unknown;
        } rows[] = {
                { "when: {container.privileged: true}", true, false, false, false },
                { "when: {exec.privileged: true}", false, true, false, false },
                { "when: {request.flaws: {contains: nul}}", true, true, true, true },
                { "when: {daemon.no_new_privileges: true}", true, true, true, true },
                { "when: {container.privileged: true, daemon.no_new_privileges: false}", true, false, false, false },
                { "for_each: mounts as m, when: {m.kind: host}", true, false, false, false },
                { "for_each: variables as v, when: {v.name: x}", true, true, false, false },
                { "when: {}", true, true, true, true },
                { "on: [container.create], when: {}", true, false, false, false },
                { "on: container.list, when: {}", false, false, true, false },
                { "on: [\"container.*\"], when: {}", true, false, true, false },
                { "on: [\"container.*\", exec.create], for_each: variables as v, when: {v.name: x}", true, true, false, false },
        };
        struct folder f;

        (void)state;
        folder_init(&f);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char keys[500];
                struct ruleset *rs;

                snprintf(keys, sizeof(keys), "%s, severity: low, message: \"{container.name}\"", rows[i].keys);
                rs = load(&f, keys);
                assert_non_null(rs);
                if (judged(rs, "container.create") != rows[i].create || judged(rs, "exec.create") != rows[i].exec ||
                    judged(rs, "container.list") != rows[i].list ||
                    (ruleset_for(rs, operation_table_n).n == 1) != rows[i].unknown)
                        fail_msg("%s", rows[i].keys);
                ruleset_unref(rs);
        }
        folder_deinit(&f);
}

static void tests_become_requests(void **state) {
        static const struct {
                const char *keys, *method, *target, *body; /* body: NULL: none */
        } rows[] = {
                { "operation: container.create", "POST", "/v1.41/containers/create", NULL },
                { "operation: container.create, body: {Image: a, Tty: yes, N: [1, null]}", "POST",
                  "/v1.41/containers/create", "{\"Image\":\"a\",\"Tty\":\"yes\",\"N\":[1,null]}" },
                { "operation: container.create, raw: \"{\\\"a\\\":1,\\\"a\\\":2}\"", "POST", "/v1.41/containers/create",
                  "{\"a\":1,\"a\":2}" },
                { "operation: container.create, body: null", "POST", "/v1.41/containers/create", "null" },
                { "operation: container.create, raw: \"\"", "POST", "/v1.41/containers/create", "" },
                { "operation: container.create, query: {name: \"a b/c&d\", x: [1, 2], y: {k: v}}", "POST",
                  "/v1.41/containers/create?name=a%20b/c%26d&x=1&x=2&y=%7B%22k%22:%22v%22%7D", NULL },
                { "operation: container.start", "POST", "/v1.41/containers/a/start", NULL },
                { "operation: container.start, path: {name: \"b/\xc3\xa9\"}, api: 1.30", "POST",
                  "/v1.30/containers/b/%C3%A9/start", NULL }, /* moby's {name:.*} takes slashes */
                { "operation: service.inspect, path: {id: b/c}", "GET", "/v1.41/services/b%2Fc", NULL },
                { "operation: container.start, api: 24", "POST", "/v1.24/containers/a/start", NULL },
                { "operation: image.push, path: {name: evil.example:5000/app}", "POST",
                  "/v1.41/images/evil.example:5000/app/push", NULL },
                { "operation: container.list, target: \"//x?%\"", "GET", "//x?%", NULL },
        };
        struct folder f;

        (void)state;
        folder_init(&f);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct rule_test *test;
                struct ruleset *rs;
                char keys[500];

                snprintf(keys, sizeof(keys), "severity: low, message: m, tests: [{name: n, %s, expect: low}]", rows[i].keys);
                rs = load(&f, keys);
                assert_non_null(rs);
                test = ruleset_rule(rs, STR_C("r"))->tests;
                if (!str_eqz(test->method, rows[i].method) || !str_eqz(test->target, rows[i].target) ||
                    (test->body.p == NULL) != (rows[i].body == NULL) ||
                    (rows[i].body && !str_eqz(test->body, rows[i].body)))
                        fail_msg("%s: %s %s %s", rows[i].keys, test->method.p, test->target.p,
                                 test->body.p ? test->body.p : "-");
                ruleset_unref(rs);
        }
        folder_deinit(&f);
}

static void tests_say_what_lookups_and_responses_tell(void **state) {
        struct folder f;
        struct ruleset *rs;
        const struct rule_test_answer *answers;
        const struct rule *rule;

        (void)state;
        folder_init(&f);
        rs = load(&f, "severity: low, message: m, tests: ["
                      "{name: a, operation: container.create, lookup: {volume: {v: null, w: {Driver: x}}, image: {Id: \"1\"}}, "
                      "today: 2026-12-31, expect: low}, "
                      "{name: b, operation: system.info, response: {}, expect: none}, "
                      "{name: c, operation: system.info, headers: {X-A: b, Content-Length: \"\"}, expect: none}]");
        rule = ruleset_rule(rs, STR_C("r"));
        assert_int_equal(rule->n_tests, 3);
        assert_true(rule->tests[0].looked_up && !rule->tests[1].looked_up && rule->tests[0].today > 0);
        assert_int_equal(rule->tests[0].n_answers, 3);
        answers = rule->tests[0].answers;
        assert_true(str_eqz(answers[0].kind, "image") && !answers[0].name.p && str_eqz(answers[0].json, "{\"Id\":\"1\"}"));
        assert_true(str_eqz(answers[1].kind, "volume") && str_eqz(answers[1].name, "v") && !answers[1].json.p);
        assert_true(str_eqz(answers[2].name, "w") && str_eqz(answers[2].json, "{\"Driver\":\"x\"}"));
        assert_true(str_eqz(rule->tests[1].response, "{}") && !rule->tests[2].response.p);
        assert_int_equal(rule->tests[0].expect, SEVERITY_LOW);
        assert_int_equal(rule->tests[2].n_headers, 2);
        assert_true(str_eqz(rule->tests[2].headers[0], "X-A") && str_eqz(rule->tests[2].headers[1], "b"));
        assert_int_equal(rule->tests[2].headers[3].n, 0);
        ruleset_unref(rs);
        folder_deinit(&f);
}

/* Two files, so that what one of them says is seen to end there. */
static void a_file_may_say_it_once(void **state) {
        const struct rule *a, *b, *c;
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "rules/one.yaml",
                     "docksill: v1\nkind: rules\n"
                     "references: {nist: [\"4.4\"], pci: [\"10.2\"]}\n"
                     "tests: {operation: volume.create}\n"
                     "rules:\n"
                     "  - id: a\n    title: t\n    severity: low\n    message: m\n"
                     "    tests:\n"
                     "      - {name: a, body: {Name: v}, expect: low}\n"
                     "      - {name: b, operation: exec.create, expect: low}\n"
                     "      - {name: c, create: {Privileged: true}, expect: low}\n"
                     "  - {id: b, title: t, severity: low, message: m, references: {attack: T1, pci: [], nist: [x, y]}}\n");
        folder_write(&f, "rules/two.yaml",
                     "docksill: v1\nkind: rules\nrules: [{id: c, title: t, severity: low, message: m}]\n");
        rs = folder_rules(&f, "rules");
        assert_non_null(rs);
        a = ruleset_rule(rs, STR_C("a"));
        b = ruleset_rule(rs, STR_C("b"));
        c = ruleset_rule(rs, STR_C("c"));
        assert_int_equal(a->n_references, 2);
        assert_true(str_eqz(a->references[0].framework, "nist") && str_eqz(a->references[1].items[0], "10.2"));
        assert_int_equal(b->n_references, 2);
        assert_true(str_eqz(b->references[0].framework, "nist") && str_eqz(b->references[0].items[1], "y"));
        assert_true(str_eqz(b->references[1].framework, "attack"));
        assert_int_equal(c->n_references, 0);
        assert_int_equal(a->n_tests, 3);
        assert_true(str_eqz(a->tests[0].operation, "volume.create") && str_eqz(a->tests[0].body, "{\"Name\":\"v\"}"));
        assert_true(str_eqz(a->tests[1].operation, "exec.create"));
        assert_true(str_eqz(a->tests[2].operation, "container.create"));
        assert_true(str_eqz(a->tests[2].body, "{\"HostConfig\":{\"Privileged\":true}}"));
        assert_true(str_eqz(a->tests[2].target, "/v1.41/containers/create"));
        ruleset_unref(rs);
        folder_deinit(&f);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_rule_has_what_was_written),
                cmocka_unit_test(a_fix_names_a_list_that_the_rule_judges_by),
                cmocka_unit_test(a_case_may_have_its_own_words),
                cmocka_unit_test(a_rule_is_judged_where_its_facts_are),
                cmocka_unit_test(tests_become_requests),
                cmocka_unit_test(tests_say_what_lookups_and_responses_tell),
                cmocka_unit_test(a_file_may_say_it_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
