#include "support/loaded.h"
#include "rules/rule-source.h"

static const char rules_text[] =
        "lists:\n"
        "  places: [/etc]\n"
        "rules:\n"
        "  - id: block-style\n"
        "    title: Written in blocks\n"
        "    for_each: mounts as mount\n"
        "    when:                      # said aside\n"
        "      mount.kind: host\n"
        "\n"
        "      # within\n"
        "      mount.source: {within: $places}\n"
        "    cases:\n"
        "    - {when: {mount.read_only: true}, severity: low}\n"
        "    - severity: high\n"
        "    message: \"mounts {mount.requested}\"\n"
        "    fix: {cli: \"use a volume\"}\n"
        "\n"
        "  # about the next one\n"
        "  - {id: flow-style, title: Flow, when: {container.privileged: true}, severity: low, message: x}\n"
        "  - when:\n"
        "      container.init: true\n"
        "    id: key-last\n"
        "    title: Last\n"
        "    severity: low\n"
        "    message: \"y {{a}} {container.name}\"\n"
        "    fix: {cli: \"{{\"}\n"
        "    tests: []\n";

static void cuts_out_what_a_person_wrote(void **state) {
        static const struct {
                const char *rule, *key, *text;
        } rows[] = {
                { "block-style", "for_each", "for_each: mounts as mount" },
                { "block-style", "when",
                  "when:                      # said aside\n  mount.kind: host\n\n  # within\n"
                  "  mount.source: {within: $places}" },
                { "block-style", "cases",
                  "cases:\n- {when: {mount.read_only: true}, severity: low}\n- severity: high" },
                { "block-style", "fix", "fix: {cli: \"use a volume\"}" },
                { "block-style", "on", "" },
                { "flow-style", "when", "when: {container.privileged: true}" },
                { "key-last", "when", "when:\n  container.init: true" },
                { "key-last", "tests", "tests: []" },
        };
        struct rule_sources sources = { 0 };
        struct loaded l;

        (void)state;
        loaded_init(&l, rules_text);
        sources.arena = &l.arena;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct rule *rule = ruleset_rule(l.rules, str_from(rows[i].rule));
                const struct yaml_node *entry;
                struct str text;

                assert_non_null(rule);
                assert_int_equal(rule_source_entry(&sources, rule, &entry), 0);
                assert_int_equal(rule_source_text(&sources, entry, rows[i].key, &text), 0);
                assert_true(text.n || !*rows[i].text);
                if (text.n)
                        assert_string_equal(text.p, rows[i].text);
        }
        assert_int_equal(sources.n, 1); /* the file was read once */
        loaded_deinit(&l);
}

static void reads_scalars_where_there_are_any(void **state) {
        struct rule_sources sources = { 0 };
        const struct yaml_node *entry;
        struct loaded l;

        (void)state;
        loaded_init(&l, rules_text);
        sources.arena = &l.arena;
        assert_int_equal(rule_source_entry(&sources, ruleset_rule(l.rules, STR_C("block-style")), &entry), 0);
        assert_true(str_eqz(rule_source_scalar(entry, "message"), "mounts {mount.requested}"));
        assert_true(str_eqz(rule_source_scalar(yaml_get(entry, "fix"), "cli"), "use a volume"));
        assert_true(str_empty(rule_source_scalar(entry, "when"))); /* no scalar */
        assert_true(str_empty(rule_source_scalar(entry, "why")));
        assert_true(str_empty(rule_source_scalar(NULL, "cli")));
        assert_true(str_eqz(rule_source_words(&l.arena, entry, "message"), "mounts {mount.requested}"));
        assert_true(str_empty(rule_source_words(&l.arena, NULL, "cli")));
        assert_true(str_empty(rule_source_list(&l.arena, yaml_get(entry, "fix"))));
        assert_true(str_empty(rule_source_list(&l.arena, NULL)));
        assert_int_equal(rule_source_entry(&sources, ruleset_rule(l.rules, STR_C("key-last")), &entry), 0);
        assert_true(str_eqz(rule_source_words(&l.arena, entry, "message"), "y {a} {container.name}"));
        assert_true(str_eqz(rule_source_words(&l.arena, yaml_get(entry, "fix"), "cli"), "{"));
        loaded_deinit(&l);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(cuts_out_what_a_person_wrote),
                cmocka_unit_test(reads_scalars_where_there_are_any),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
