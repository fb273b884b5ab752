#include "docksill/rules/framework.h"
#include "support/loaded.h"

#include <errno.h>
#include <sys/stat.h>

#define HEAD                                                                                                           \
        "docksill: v1\nkind: framework\nid: guide\ntitle: A guide\nedition: \"1\"\nsource: https://example.com/\n"     \
        "checked: 2026-11-30\nsections: {\"5\": run time}\n"

static const char rule[] = "docksill: v1\nkind: rules\nrules:\n"
                           "  - {id: site-rule, title: Site, when: {container.privileged: true}, severity: high, "
                           "message: privileged, references: {guide: [%s]}}\n";

struct world {
        char folder[64];
        struct arena arena;
        struct diag diag;
        struct frameworks all;
};

static void write_file(const char *folder, const char *name, const char *text) {
        char path[128];
        FILE *f;

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        f = fopen(path, "we");
        assert_non_null(f);
        assert_true(fputs(text, f) >= 0);
        fclose(f);
}

static int begin(void **state) {
        struct world *w = calloc(1, sizeof(*w));
        char path[128];

        *state = w;
        strcpy(w->folder, "/tmp/docksill-framework-XXXXXX");
        if (!mkdtemp(w->folder))
                return -1;
        snprintf(path, sizeof(path), "%s/frameworks", w->folder);
        arena_init(&w->arena, 1 << 20);
        diag_init(&w->diag);
        return mkdir(path, 0700);
}

static int end(void **state) {
        struct world *w = *state;
        char path[128];

        snprintf(path, sizeof(path), "%s/frameworks/a.yaml", w->folder);
        unlink(path);
        snprintf(path, sizeof(path), "%s/frameworks", w->folder);
        rmdir(path);
        snprintf(path, sizeof(path), "%s/rules.yaml", w->folder);
        unlink(path);
        rmdir(w->folder);
        diag_deinit(&w->diag);
        arena_deinit(&w->arena);
        free(w);
        return 0;
}

static int read_of(struct world *w, const char *controls) {
        char text[4096];

        snprintf(text, sizeof(text), HEAD "controls:\n%s", controls);
        write_file(w->folder, "frameworks/a.yaml", text);
        return frameworks_read(&w->all, &w->arena, w->folder, &w->diag);
}

static bool has_code(const struct diag *d, enum diag_code code) {
        for (size_t i = 0; i < d->n; ++i)
                if (d->items[i].code == code)
                        return true;
        return false;
}

static void reads_controls(void **state) {
        struct world *w = *state;
        const struct framework *f;

        assert_int_equal(read_of(w, "  - {id: \"5.4\", title: capabilities, scope: container, covers: full}\n"
                                    "  - {id: \"2.4\", title: iptables, scope: engine, covers: none, why: a file, "
                                    "beside: the firewall, unsure: true, rules: [a, b], places: c}\n"),
                         0);
        assert_int_equal(w->all.n, 1);
        f = &w->all.items[0];
        assert_true(str_eqz(f->id, "guide"));
        assert_true(str_eqz(f->edition, "1"));
        assert_int_equal(f->n_sections, 1);
        assert_int_equal(f->n_controls, 2);
        assert_int_equal(f->controls[0].covers, COVERS_FULL);
        assert_int_equal(f->controls[1].covers, COVERS_NONE);
        assert_true(f->controls[1].unsure);
        assert_int_equal(f->controls[1].n_rules, 2);
        assert_int_equal(f->controls[1].n_places, 1);
        assert_true(str_eqz(f->controls[1].places[0], "c"));
        assert_int_equal(f->controls[0].n_places, 0);
        assert_true(str_eqz(f->controls[1].rules[1], "b"));
        assert_true(str_eqz(f->controls[1].beside, "the firewall"));
}

static void reports_what_is_wrong(void **state) {
        static const struct {
                const char *controls;
                enum diag_code code;
        } rows[] = {
                { "  - {id: \"1\", title: a, scope: container, covers: full}\n"
                  "  - {id: \"1\", title: a, scope: container, covers: full}\n",
                  DIAG_DUPLICATE_ID },
                { "  - {id: \"1\", title: a, scope: container, covers: part}\n", DIAG_MISSING_KEY },
                { "  - {id: \"1\", title: a, scope: container, covers: half}\n", DIAG_WRONG_TYPE },
                { "  - {id: \"1\", title: a, scope: moon, covers: full}\n", DIAG_WRONG_TYPE },
                { "  - {id: \"1\", scope: host, covers: full}\n", DIAG_MISSING_KEY },
                { "  - {id: \"1\", title: a, scope: host, covers: full, colour: red}\n", DIAG_UNKNOWN_KEY },
                { "  []\nchecked: soon\n", DIAG_YAML_DUPLICATE_KEY },
        };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                diag_deinit(&w->diag);
                diag_init(&w->diag);
                assert_int_equal(read_of(w, rows[i].controls), -EINVAL);
                assert_true(has_code(&w->diag, rows[i].code));
        }
        assert_int_equal(w->all.n, 0);
}

static void a_folder_may_have_none(void **state) {
        struct world *w = *state;

        assert_int_equal(frameworks_read(&w->all, &w->arena, "/nowhere", &w->diag), 0);
        assert_int_equal(w->all.n, 0);
}

static void holds_rules_and_controls_against_each_other(void **state) {
        static const struct {
                const char *references, *controls;
                enum diag_code code; /* DIAG_CODES: all is well */
        } rows[] = {
                { "\"5.4\"", "  - {id: \"5.4\", title: a, scope: container, covers: full}\n", DIAG_CODES },
                { "\"5\"", "  - {id: \"5.4\", title: a, scope: container, covers: full, rules: [site-rule]}\n",
                  DIAG_CODES },
                { "\"5.5\"", "  - {id: \"5.4\", title: a, scope: container, covers: none, why: b}\n",
                  DIAG_CONTROL_UNKNOWN },
                { "\"5\"", "  - {id: \"5.4\", title: a, scope: container, covers: full}\n", DIAG_CONTROL_BARE },
                { "\"5.4\"", "  - {id: \"5.4\", title: a, scope: container, covers: none, why: b}\n",
                  DIAG_CONTROL_COVERED },
                { "\"5\"", "  - {id: \"5.4\", title: a, scope: container, covers: full, rules: [gone]}\n",
                  DIAG_UNKNOWN_RULE },
        };
        struct world *w = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct ruleset *rules;
                char text[512], path[128];
                const char *paths[] = { path };

                diag_deinit(&w->diag);
                diag_init(&w->diag);
                w->all = (struct frameworks){ 0 };
                snprintf(text, sizeof(text), rule, rows[i].references);
                write_file(w->folder, "rules.yaml", text);
                snprintf(path, sizeof(path), "%s/rules.yaml", w->folder);
                assert_int_equal(ruleset_load_rules(&rules, paths, 1, &w->diag), 0);
                assert_int_equal(read_of(w, rows[i].controls), 0);
                assert_int_equal(frameworks_check(&w->all, rules, &w->diag), rows[i].code == DIAG_CODES ? 0 : -EINVAL);
                assert_int_equal(w->diag.errors > 0, rows[i].code != DIAG_CODES);
                if (rows[i].code != DIAG_CODES)
                        assert_true(has_code(&w->diag, rows[i].code));
                ruleset_unref(rules);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(reads_controls, begin, end),
                cmocka_unit_test_setup_teardown(reports_what_is_wrong, begin, end),
                cmocka_unit_test_setup_teardown(a_folder_may_have_none, begin, end),
                cmocka_unit_test_setup_teardown(holds_rules_and_controls_against_each_other, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
