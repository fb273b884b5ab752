#include "docksill/rules/bundle.h"

#include "folder.h"

static void add(struct bundle *b, struct arena *arena, const char *name, struct str text) {
        struct str copy;

        assert_int_equal(arena_str(arena, str_from(name), &copy), 0);
        assert_int_equal(bundle_add(b, arena, copy, text), 0);
}

/* "a/b c": the names of a list. */
static const char *listed(struct arena *arena, const struct bundle *b, const char *folder) {
        struct file_names names = { 0 };
        struct text t;

        text_init_arena(&t, arena);
        text_addz(&t, "");
        assert_int_equal(bundle_list(b, arena, folder, ".yaml", &names), 0);
        for (size_t i = 0; i < names.n; ++i)
                text_addf(&t, "%s%s", i ? " " : "", names.items[i].p);
        return t.p;
}

static void a_folder_is_what_names_begin_with(void **state) {
        struct bundle b = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        add(&b, &arena, "/r/b.yaml", STR_C("b"));
        add(&b, &arena, "/r/a.yaml", STR_C("a"));
        add(&b, &arena, "/r/x/c.yaml", STR_C("c"));
        add(&b, &arena, "/r/x/.d.yaml", STR_C("d"));
        add(&b, &arena, "/r/.y/e.yaml", STR_C("e"));
        add(&b, &arena, "/r/f.txt", STR_C("f"));
        add(&b, &arena, "/rr/g.yaml", STR_C("g"));
        add(&b, &arena, "s/h.yaml", STR_C("h"));
        assert_string_equal(listed(&arena, &b, "/r"), "/r/a.yaml /r/b.yaml /r/x/c.yaml");
        assert_string_equal(listed(&arena, &b, "/r/"), "/r/a.yaml /r/b.yaml /r/x/c.yaml");
        assert_string_equal(listed(&arena, &b, "/r/x"), "/r/x/c.yaml");
        assert_string_equal(listed(&arena, &b, "s"), "s/h.yaml");
        assert_string_equal(listed(&arena, &b, "/nowhere"), "");
        assert_true(bundle_is_folder(&b, "/r"));
        assert_true(bundle_is_folder(&b, "/r/x"));
        assert_false(bundle_is_folder(&b, "/r/a.yaml"));
        assert_false(bundle_is_folder(&b, "/r/a"));
        assert_true(bundle_exists(&b, "/r/a.yaml"));
        assert_true(bundle_exists(&b, "/r"));
        assert_false(bundle_exists(&b, "/etc/passwd")); /* though the disk has it */
        assert_false(bundle_exists(&b, "/r/a"));
        assert_true(str_eqz(bundle_find(&b, STR_C("/r/a.yaml"))->text, "a"));
        assert_null(bundle_find(&b, STR_C("/r")));
        arena_deinit(&arena);
}

static void a_name_stands_there_once(void **state) {
        struct bundle b = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        add(&b, &arena, "a", STR_C("1"));
        add(&b, &arena, "a", STR_C("2"));
        assert_int_equal(b.n, 1);
        assert_true(str_eqz(b.items[0].text, "1"));
        arena_deinit(&arena);
}

static void without_one_the_disk_answers(void **state) {
        struct folder f;
        char path[128];

        (void)state;
        folder_init(&f);
        folder_write(&f, "x/a.yaml", "a");
        snprintf(path, sizeof(path), "%s/x", f.path);
        assert_true(bundle_exists(NULL, path));
        assert_true(bundle_is_folder(NULL, path));
        snprintf(path, sizeof(path), "%s/x/a.yaml", f.path);
        assert_true(bundle_exists(NULL, path));
        assert_false(bundle_is_folder(NULL, path));
        snprintf(path, sizeof(path), "%s/y", f.path);
        assert_false(bundle_exists(NULL, path));
        folder_deinit(&f);
}

static void what_is_written_is_read_back(void **state) {
        struct bundle b = { 0 }, back;
        struct arena arena;
        struct text t;

        (void)state;
        arena_init(&arena, 1 << 20);
        text_init(&t);
        assert_int_equal(bundle_parse(&back, &arena, STR_C("")), 0);
        assert_int_equal(back.n, 0);
        add(&b, &arena, "/a b", STR_C("1\n2\n"));
        add(&b, &arena, "/empty", STR_C(""));
        add(&b, &arena, "/a\nb", STR_C("3 4\n\0x"));
        bundle_write(&t, &b);
        assert_int_equal(bundle_parse(&back, &arena, text_str(&t)), 0);
        assert_int_equal(back.n, 3);
        for (size_t i = 0; i < 3; ++i) {
                assert_true(str_eq(back.items[i].name, b.items[i].name));
                assert_true(str_eq(back.items[i].text, b.items[i].text));
                assert_int_equal(back.items[i].name.p[back.items[i].name.n], '\0');
        }
        /* none of its beginnings but where a file ends */
        for (size_t n = 1; n < t.n; ++n) {
                int r = bundle_parse(&back, &arena, str_first(text_str(&t), n));

                assert_true(r == -EBADMSG || (r == 0 && back.n < 3 && back.n > 0));
        }
        text_deinit(&t);
        arena_deinit(&arena);
}

static void what_is_no_bundle_is_none(void **state) {
        static const struct str rows[] = { STR("x"),
                                           STR("\n"),
                                           STR("1 1\n"),
                                           STR("1 1\na\n"),
                                           STR("1 1\na\nb"),
                                           STR("1 -1\na\n\n"),
                                           STR("-1 1\na\nb\n"),
                                           STR("1\na\n\n"),
                                           STR("2 1\na\nb\n"),
                                           STR("1 9223372036854775807\na\nb\n"),
                                           STR("18446744073709551615 1\na\nb\n"),
                                           STR("1 1\n\0\nb\n") };
        struct bundle b;
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_int_equal(bundle_parse(&b, &arena, rows[i]), -EBADMSG);
        arena_deinit(&arena);
}

/* A rule set read from what another one has read is the same, wherever the disk has gone. */
static void a_rule_set_is_read_from_one(void **state) {
        cleanup_(ruleset_unrefp) struct ruleset *first = NULL, *second = NULL;
        char rules[128], exemptions[128];
        struct ruleset_options options = { .rules = rules, .environment = "mine", .exemptions = exemptions };
        struct folder f;

        (void)state;
        folder_init(&f);
        snprintf(rules, sizeof(rules), "%s/rules", f.path);
        snprintf(exemptions, sizeof(exemptions), "%s/exemptions", f.path);
        folder_write(&f, "rules/environments/base.yaml",
                     "docksill: v1\nkind: environment\nname: base\ndeny: {severity: high, points: 50}\n"
                     "warn: {severity: low, points: 1}\nunknown: fail\nrules: [../area, ../one]\n");
        folder_write(&f, "rules/environments/mine.yaml",
                     "docksill: v1\nkind: environment\nname: mine\nextends: base\n");
        folder_write(&f, "rules/area/a.yaml",
                     "docksill: v1\nkind: rules\nrules:\n  - {id: a, title: A, message: m, severity: low, "
                     "when: {container.init: true}}\n");
        folder_write(&f, "rules/one.yaml",
                     "docksill: v1\nkind: rules\nrules:\n  - {id: b, title: B, message: m, severity: low, "
                     "when: {container.init: true}}\n");
        folder_write(&f, "exemptions/e.yaml",
                     "docksill: v1\nkind: exemptions\nexemptions:\n  - {id: e, rules: [a], match: {user: u}, "
                     "owner: o, reason: r, expires: 2999-12-31}\n");
        assert_int_equal(ruleset_load(&first, &options, &f.diag), 0);
        assert_int_equal(ruleset_files(first)->n, 5);
        options.from = ruleset_files(first);
        folder_deinit(&f);
        diag_init(&f.diag);
        assert_int_equal(ruleset_load(&second, &options, &f.diag), 0);
        assert_true(str_eq(ruleset_digest(first), ruleset_digest(second)));
        assert_int_equal(ruleset_rules(second).n, 2);
        assert_int_equal(ruleset_exemptions(second).n, 1);
        options.environment = "other";
        assert_int_equal(ruleset_load(&second, &options, &f.diag), -EINVAL);
        diag_deinit(&f.diag);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_folder_is_what_names_begin_with), cmocka_unit_test(a_name_stands_there_once),
                cmocka_unit_test(without_one_the_disk_answers),      cmocka_unit_test(what_is_written_is_read_back),
                cmocka_unit_test(what_is_no_bundle_is_none),         cmocka_unit_test(a_rule_set_is_read_from_one),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
