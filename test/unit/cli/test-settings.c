#include "frame/settings.h"

#include "../rules/folder.h"

#define HEAD "docksill: v1\nkind: environment\n"

/* What is in force where an environment with these members extends a base; and what is asked of it. */
struct place {
        struct folder folder;
        struct setup setup;
        struct arena arena;
        struct settings settings;
};

static void begin(struct place *p, const char *members) {
        char text[1000], rules[96], environment[96], config[96];

        folder_init(&p->folder);
        folder_write(&p->folder, "environments/base.yaml",
                     HEAD "name: base\ndeny: {severity: high, points: 50}\nwarn: {severity: low, points: 1}\n"
                          "unknown: fail\nrules: [../set]\n");
        folder_write(
                &p->folder, "set/a.yaml",
                "docksill: v1\nkind: rules\nlists: {names: [x, y]}\nallow-lists: {allowed: []}\nvalues: {most: "
                "5}\nrules:\n"
                "  - {id: a, title: Opens the host, message: m, severity: high, hard: true,\n"
                "     when: {container.network: {in: $names}, container.pids_limit: {gt: $most}}}\n"
                "  - {id: b, title: b, message: m, severity: low, when: {not: {container.network: {in: $allowed}}}}\n");
        snprintf(text, sizeof(text), HEAD "name: n\nextends: base\n%s\n", members);
        folder_write(&p->folder, "environments/n.yaml", text);
        folder_write(&p->folder, "docksill.yaml", "docksill: v1\nkind: configuration\n");
        snprintf(rules, sizeof(rules), "%s", p->folder.path);
        snprintf(environment, sizeof(environment), "%s/environments/n.yaml", p->folder.path);
        snprintf(config, sizeof(config), "%s/docksill.yaml", p->folder.path);
        assert_int_equal(
                setup_read(&p->setup,
                           &(struct config_flags){ .config = config, .environment = environment, .rules = rules }),
                EXIT_FINE);
        assert_int_equal(ruleset_load(&p->setup.rules,
                                      &(struct ruleset_options){ .rules = rules, .environment = environment },
                                      &p->folder.diag),
                         0);
        arena_init(&p->arena, 1 << 20);
        assert_int_equal(settings_collect(&p->settings, &p->arena, &p->setup), 0);
}

static void end(struct place *p) {
        arena_deinit(&p->arena);
        setup_close(&p->setup);
        folder_deinit(&p->folder);
}

/* All settings whose names begin so: "name=value; name=value". */
static struct str in_force(struct place *p, const char *prefix) {
        struct text t;

        text_init_arena(&t, &p->arena);
        text_addz(&t, "");
        for (size_t i = 0; i < p->settings.n; ++i) {
                const struct setting *s = &p->settings.items[i];

                if (str_starts(s->name, str_from(prefix)))
                        text_addf(&t, "%s%" STR_FMT "=%" STR_FMT, t.n ? "; " : "", STR_ARG(s->name), STR_ARG(s->value));
        }
        return text_str(&t);
}

static void check(const char *members, const char *prefix, const char *wanted) {
        struct place p;

        begin(&p, members);
        if (!str_eqz(in_force(&p, prefix), wanted))
                fail_msg("%s: %" STR_FMT, members, STR_ARG(in_force(&p, prefix)));
        end(&p);
}

static void what_is_open_has_a_line_of_its_own(void **state) {
        (void)state;
        check("", "opened.", "");
        check("override: [{rule: a, severity: critical}, {rule: b, severity: none}]", "opened.", "");
        check("override: [{rule: a, severity: none}]", "opened.",
              "opened.rules.a=a rule that refuses everywhere is switched off (Opens the host)");
        check("override: [{rule: a, severity: low, mode: audit}, {list: names, set: [x]}]", "opened.",
              "opened.rules.a=a rule that refuses everywhere is only recorded, and refuses nothing (Opens the host); "
              "opened.lists.names=no longer holds y; rules that use it: a");
}

static void a_line_says_where_it_was_opened(void **state) {
        char wanted[128];
        struct place p;

        (void)state;
        begin(&p, "override:\n  - {rule: b, severity: low}\n  - {rule: a, severity: none}");
        snprintf(wanted, sizeof(wanted), "%s/environments/n.yaml:7", p.folder.path);
        for (size_t i = 0; i < p.settings.n; ++i)
                if (str_eqz(p.settings.items[i].name, "opened.rules.a")) {
                        assert_true(str_starts(p.settings.items[i].origin, str_from(wanted)));
                        end(&p);
                        return;
                }
        fail_msg("no opened.rules.a");
}

static void overrides_say_what_they_change(void **state) {
        static const struct {
                const char *override, *is;
        } rows[] = {
                { "{rule: a, severity: low}", "override.rules.a=severity low" },
                { "{rule: a, at-least: high}", "override.rules.a=at least high" },
                { "{rule: b, hard: true}", "override.rules.b=hard" },
                { "{rule: b, mode: audit}", "override.rules.b=mode audit" },
                { "{rule: b, severity: low, at-least: high, hard: true, mode: enforce, reason: because}",
                  "override.rules.b=severity low, at least high, hard, mode enforce: because" },
                { "{list: names, set: []}", "override.lists.names=set" },
                { "{list: allowed, append: [r.example]}", "override.lists.allowed=append" },
                { "{value: most, set: 7, reason: more}", "override.values.most=set: more" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char members[200];

                snprintf(members, sizeof(members), "override: [%s]", rows[i].override);
                check(members, "override.", rows[i].is);
        }
}

static void lists_and_limits_are_as_they_end_up(void **state) {
        (void)state;
        check("override: [{list: names, set: [z]}, {list: allowed, append: [r, s]}]", "lists.",
              "lists.allowed=r; lists.allowed=s; lists.names=z");
        check("", "lists.", "lists.allowed=; lists.names=x; lists.names=y");
        check("override: [{value: most, set: 7}]", "values.", "values.most=7");
        check("deny: {points: 9}", "deny.", "deny.severity=high; deny.points=9");
        check("mode: enforce", "mode", "mode=enforce");
        check("", "unknown", "unknown=fail");
}

static void what_there_is_no_memory_for_is_refused(void **state) {
        struct place p;
        int r = -ENOMEM;

        (void)state;
        begin(&p, "override: [{rule: a, severity: none}, {list: names, set: [x]}]");
        for (size_t limit = 64; r < 0; limit += 64) {
                struct settings settings;
                struct arena arena;

                arena_init(&arena, limit);
                r = settings_collect(&settings, &arena, &p.setup);
                assert_true(r == 0 || r == -ENOMEM);
                assert_true(r < 0 || settings.n == p.settings.n);
                arena_deinit(&arena);
                assert_true(limit < 1 << 17);
        }
        end(&p);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_open_has_a_line_of_its_own),
                cmocka_unit_test(a_line_says_where_it_was_opened),
                cmocka_unit_test(overrides_say_what_they_change),
                cmocka_unit_test(lists_and_limits_are_as_they_end_up),
                cmocka_unit_test(what_there_is_no_memory_for_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
