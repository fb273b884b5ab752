#include "explain/recorded.h"
#include "support/loaded.h"

#include <errno.h>

static const char records[] =
        "{\"schema\":\"docksill.record/1\",\"decision_id\":\"7f3a000000000001\",\"answer\":\"allow\"}\n"
        "{\"schema\":\"docksill.loss/1\",\"lost\":3}\n"
        "{\"schema\":\"docksill.record/1\",\"decision_id\":\"7f3a00b000000002\",\"answer\":\"deny\",\"points\":10,"
        "\"findings\":[{\"rule\":\"site-rule\",\"severity\":\"medium\",\"points\":10,\"evidence\":"
        "[{\"message\":\"privileged\\u001b[31m\",\"where\":\"HostConfig.Privileged\"}]},"
        "{\"rule\":\"gone\",\"severity\":\"low\",\"points\":3,\"hard\":true}]}\n"
        /* Text of a requester looks like an id. */
        "{\"decision_id\":\"00aa000000000003\",\"name\":\"\\\"decision_id\\\":\\\"7f3a00b0\"}\n"
        "{\"name\":{\"decision_id\":\"00bb000000000004\"},\"decision_id\":\"00cc000000000005\"}\n"
        "{\"schema\":\"docksill.record/1\",\"decision_id\":\"7f3a00b0000";

/* A file of that text; the caller's to remove. */
static const char *stored(struct str text) {
        static char path[64];
        int fd;

        snprintf(path, sizeof(path), "/tmp/docksill-recorded-XXXXXX");
        fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, text.p, text.n), text.n);
        close(fd);
        return path;
}

static void tells_an_id(void **state) {
        static const struct {
                const char *text;
                bool is;
        } rows[] = {
                { "7f3a00", true },
                { "7F3A00b0", true },
                { "0123456789abcdef", true },
                { "7f3a0", false },
                { "0123456789abcdef0", false },
                { "7f3a0g", false },
                { "body.json", false },
                { "", false },
                { "7f3a00 ", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_int_equal(recorded_is_id(str_from(rows[i].text)), rows[i].is);
}

static void finds_decisions_by_the_beginning_of_their_id(void **state) {
        static const struct {
                const char *id;
                size_t n;
                const char *first;
        } rows[] = {
                { "7f3a00b0", 1, "7f3a00b000000002" },
                { "7F3A00B0", 1, "7f3a00b000000002" },
                { "7f3a00", 2, "7f3a000000000001" },
                { "7f3a000000000001", 1, "7f3a000000000001" },
                { "00bb00", 0, NULL }, /* not the record's own */
                { "123456", 0, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const char *file = stored((struct str){ records, sizeof(records) - 1 });
                struct recorded found;

                assert_int_equal(recorded_find(&found, file, str_from(rows[i].id)), 0);
                assert_int_equal(found.n, rows[i].n);
                if (found.n)
                        assert_true(str_eqz(recorded_text(found.items[0], "decision_id"), rows[i].first));
                recorded_deinit(&found);
                unlink(file);
        }
}

static void lists_no_more_than_it_says(void **state) {
        cleanup_(text_deinit) struct text t;
        struct recorded found;
        const char *file;

        (void)state;
        text_init(&t);
        for (unsigned i = 0; i < RECORDED_MOST + 3; ++i)
                text_addf(&t, "{\"decision_id\":\"aaaaaa%010u\"}\n", i);
        file = stored(text_str(&t));
        assert_int_equal(recorded_find(&found, file, STR_C("aaaaaa")), 0);
        assert_int_equal(found.n, RECORDED_MOST);
        assert_int_equal(found.more, 3);
        recorded_deinit(&found);
        unlink(file);
}

static void says_when_it_can_not_read(void **state) {
        struct recorded found;

        (void)state;
        assert_int_equal(recorded_find(&found, "/tmp", STR_C("7f3a00")), -EISDIR);
        assert_int_equal(recorded_find(&found, "/tmp/docksill-nowhere/x", STR_C("7f3a00")), -ENOENT);
}

static void explains_with_the_rules_of_today(void **state) {
        static const char *const says[] = {
                "decision:    7f3a00b000000002\n",
                "who:         anonymous\n",
                "answered with deny\n",
                "different from today",
                "medium +10  site-rule  Privileged\n",
                "HostConfig.Privileged: privileged\\x1b[31m\n",
                "    why      It owns the host.\n",
                "    fix      drop {container.user}\n",
                "    see      cis-docker 5.5\n",
                "low +3  gone  (no such rule today) [hard]\n",
        };
        const char *file = stored((struct str){ records, sizeof(records) - 1 });
        cleanup_(text_deinit) struct text t;
        struct recorded found;
        struct loaded l;
        json_t *tree;

        (void)state;
        loaded_init(&l, "rules:\n"
                        "  - {id: site-rule, title: Privileged, when: {container.privileged: true}, severity: low,\n"
                        "     message: a, fix: {cli: \"drop {container.user}\"}, why: It owns the host.,\n"
                        "     references: {cis-docker: [\"5.5\"]}}\n");
        text_init(&t);
        assert_int_equal(recorded_find(&found, file, STR_C("7f3a00b0")), 0);
        assert_int_equal(recorded_add_text(&t, found.items[0], l.rules, &l.arena), 0);
        for (size_t i = 0; i < ARRAY_SIZE(says); ++i)
                if (str_search(text_str(&t), str_from(says[i])) == t.n)
                        fail_msg("no \"%s\" in:\n%s", says[i], t.p);

        tree = recorded_json(found.items[0], l.rules, &l.arena);
        assert_true(json_is_false(json_object_get(tree, "rules_unchanged")));
        assert_true(str_eqz(recorded_text(json_object_get(json_object_get(tree, "rules"), "site-rule"), "title"),
                            "Privileged"));
        assert_null(json_object_get(json_object_get(tree, "rules"), "gone"));
        json_decref(tree);
        recorded_deinit(&found);
        unlink(file);
        loaded_deinit(&l);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tells_an_id),
                cmocka_unit_test(finds_decisions_by_the_beginning_of_their_id),
                cmocka_unit_test(lists_no_more_than_it_says),
                cmocka_unit_test(says_when_it_can_not_read),
                cmocka_unit_test(explains_with_the_rules_of_today),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
