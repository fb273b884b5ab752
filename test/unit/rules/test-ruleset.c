#include "folder.h"

#define RULES "docksill: v1\nkind: rules\n"

static void modes_are_read_back(void **state) {
        enum mode mode;

        (void)state;
        for (unsigned i = MODE_ENFORCE; i <= MODE_AUDIT; ++i) {
                assert_true(mode_parse(mode_name(i), &mode));
                assert_int_equal(mode, i);
        }
        assert_false(mode_parse(STR_C("off"), &mode));
        assert_false(mode_parse(STR_C(""), &mode));
}

/* DESIGN 7: any finding of low or above refuses, which is how detection is measured. */
static void bare_rules_are_held_to_lockdown(void **state) {
        const struct limits *limits;
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "r.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}]\n");
        rs = folder_rules(&f, "r.yaml");
        assert_non_null(rs);
        limits = ruleset_limits(rs);
        assert_int_equal(limits->deny_severity, SEVERITY_LOW);
        assert_int_equal(limits->deny_points, 1);
        assert_int_equal(limits->warn_severity, SEVERITY_INFO);
        assert_int_equal(limits->warn_points, 1);
        assert_int_equal(limits->unknown, UNKNOWN_FAIL);
        assert_int_equal(ruleset_mode(rs), MODE_ENFORCE);
        ruleset_unref(rs);
        folder_deinit(&f);
}

/* Environments and frameworks stand beside rules; a folder is read past them, a named file must hold rules. */
static void a_folder_may_hold_other_documents(void **state) {
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "d/deep/er/r.yaml", RULES "rules: [{id: b, title: t, message: m, severity: low}]\n");
        folder_write(&f, "d/a.yaml", RULES "rules: [{id: c, title: t, message: m, severity: low},\n"
                                           "        {id: a, title: t, message: m, severity: low}]\n");
        folder_write(&f, "d/e.yaml", "docksill: v1\nkind: environment\nname: [\"wrong\"]\n");
        folder_write(&f, "d/notes.txt", "not: [yaml");
        folder_write(&f, "d/.hidden.yaml", "not: [yaml");
        rs = folder_rules(&f, "d");
        assert_non_null(rs);
        assert_int_equal(ruleset_rules(rs).n, 3);
        for (size_t i = 0; i < 3; ++i) {
                assert_int_equal(ruleset_rules(rs).items[i]->index, i);
                assert_int_equal(ruleset_rules(rs).items[i]->id.p[0], "abc"[i]);
                assert_ptr_equal(ruleset_rule(rs, ruleset_rules(rs).items[i]->id), ruleset_rules(rs).items[i]);
        }
        ruleset_unref(rs);
        assert_null(folder_rules(&f, "d/e.yaml"));
        assert_string_equal(folder_reported(&f), "DS201");
        assert_null(folder_rules(&f, "d/nobody"));
        assert_string_equal(folder_reported(&f), "DS101");
        rs = folder_rules(&f, "d/a"); /* .yaml may be left out */
        assert_non_null(rs);
        ruleset_unref(rs);
        folder_deinit(&f);
}

/* Lists of one file serve another's rules, whichever is read first. */
static void names_are_known_in_all_files(void **state) {
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "d/a.yaml", RULES "rules: [{id: a, title: t, message: \"{$v}\", severity: low, when: {container.network: {in: $l}}}]\n");
        folder_write(&f, "d/b.yaml", RULES "lists: {l: [x]}\nvalues: {v: 1}\n");
        rs = folder_rules(&f, "d");
        assert_non_null(rs);
        assert_int_equal(f.diag.warnings, 0);
        ruleset_unref(rs);
        folder_write(&f, "d/c.yaml", RULES "lists: {v: [x]}\nvalues: {l: 1, unused: 2}\n");
        assert_null(folder_rules(&f, "d"));
        assert_string_equal(folder_reported(&f), "DS206 DS206");
        folder_deinit(&f);
}

static void copy_digest(const struct ruleset *rs, char *to) {
        assert_non_null(rs);
        assert_int_equal(ruleset_digest(rs).n, 64);
        memcpy(to, ruleset_digest(rs).p, 64);
}

static void the_digest_is_of_names_and_contents(void **state) {
        static const struct {
                const char *name, *text;
                bool same;
        } rows[] = {
                { "one/r.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}]\n", true },
                { "two/r.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}]\n", true }, /* elsewhere */
                { "two/q.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}]\n", false },
                { "two/r.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low}] \n", false },
        };
        char first[64], other[64];
        struct ruleset *rs;
        struct folder f;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                folder_init(&f);
                folder_write(&f, rows[i].name, rows[i].text);
                rs = folder_rules(&f, rows[i].name);
                copy_digest(rs, i ? other : first);
                ruleset_unref(rs);
                folder_deinit(&f);
                if (i)
                        assert_int_equal(memcmp(first, other, 64) == 0, rows[i].same);
        }
}

/* A broken rule must not let the others of its file go unread, nor its id go unknown. */
static void every_problem_is_told_in_one_run(void **state) {
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "environments/e.yaml",
                     "docksill: v1\nkind: environment\nname: e\ndeny: {severity: low, points: 1}\n"
                     "warn: {severity: low, points: 1}\nunknown: fail\nrules: [../d]\n"
                     "override: [{rule: a, severity: low}, {rule: zz, severity: low}]\n");
        folder_write(&f, "d/a.yaml", RULES "rules:\n  - {id: a, title: t, message: m, severity: low, when: {nobody: 1}}\n"
                                           "  - {id: b, title: t, message: m, sevrity: low}\n");
        folder_write(&f, "d/b.yaml", RULES "rules:\n  - {id: a, title: t, message: m, severity: lo}\n");
        assert_null(folder_environment(&f, "e"));
        assert_string_equal(folder_reported(&f), "DS214 DS202 DS203 DS204 DS206 DS301");
        folder_deinit(&f);
}

static void the_last_reference_frees(void **state) {
        struct ruleset *rs;
        struct folder f;

        (void)state;
        folder_init(&f);
        folder_write(&f, "r.yaml", RULES "rules: [{id: a, title: t, message: m, severity: low, when: {container.network: {regex: a+}}}]\n");
        rs = folder_rules(&f, "r.yaml");
        assert_non_null(rs);
        assert_ptr_equal(ruleset_ref(rs), rs);
        ruleset_unref(rs);
        assert_int_equal(ruleset_rules(rs).n, 1); /* still ours; the sanitizer would tell */
        ruleset_unref(rs);
        ruleset_unref(NULL);
        folder_deinit(&f);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(modes_are_read_back),
                cmocka_unit_test(bare_rules_are_held_to_lockdown),
                cmocka_unit_test(a_folder_may_hold_other_documents),
                cmocka_unit_test(names_are_known_in_all_files),
                cmocka_unit_test(the_digest_is_of_names_and_contents),
                cmocka_unit_test(every_problem_is_told_in_one_run),
                cmocka_unit_test(the_last_reference_frees),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
