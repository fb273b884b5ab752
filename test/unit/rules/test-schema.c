#include "written.h"

enum { KEY_NAME, KEY_FLAG, KEY_NUMBER, KEY_CHOICE, KEY_TEXTS, KEY_SEQUENCE, KEY_MAP, KEY_ANY, KEYS };

static const char *const fruit[] = { "apple", "pear", NULL };
static const struct schema_key keys[KEYS + 1] = {
        [KEY_NAME] = { "name", SHAPE_NAME, .required = true },
        [KEY_FLAG] = { "flag", SHAPE_FLAG },
        [KEY_NUMBER] = { "number", SHAPE_NUMBER },
        [KEY_CHOICE] = { "choice", SHAPE_CHOICE, .choices = fruit },
        [KEY_TEXTS] = { "texts", SHAPE_TEXTS },
        [KEY_SEQUENCE] = { "sequence", SHAPE_SEQUENCE },
        [KEY_MAP] = { "map", SHAPE_MAP },
        [KEY_ANY] = { "any", SHAPE_ANY },
};
static const struct schema schema = { "a thing", keys };

static void reads_what_fits(void **state) {
        const struct yaml_node *values[KEYS];
        struct written w;

        (void)state;
        written_init(&w);
        assert_int_equal(schema_read(&schema,
                                     written_yaml(&w, "{name: a-1, flag: true, number: 12, choice: pear, texts: [x, y], "
                                                      "sequence: [], map: {}, any: }"),
                                     values, &w.diag),
                         0);
        assert_true(str_eqz(values[KEY_NAME]->text, "a-1"));
        assert_true(schema_flag(values[KEY_FLAG]));
        assert_int_equal(schema_number(values[KEY_NUMBER]), 12);
        for (size_t i = 0; i < KEYS; ++i)
                assert_non_null(values[i]);
        assert_int_equal(schema_read(&schema, written_yaml(&w, "{name: b, texts: one}"), values, &w.diag), 0);
        assert_false(schema_flag(values[KEY_FLAG]));
        assert_int_equal(schema_number(values[KEY_NUMBER]), 0);
        assert_null(values[KEY_MAP]);
        written_deinit(&w);
}

static void reports_every_misfit(void **state) {
        static const struct {
                const char *text, *codes, *message;
        } rows[] = {
                { "[a]", "DS204", "a thing is a map, not a list" },
                { "{}", "DS203", "a thing needs \"name\"" },
                { "{name: a, numbr: 1}", "DS202", "a thing has no key \"numbr\"; did you mean \"number\"?" },
                { "{name: a, zzz: 1}", "DS202", "a thing has no key \"zzz\"" },
                { "{name: A}", "DS205", NULL },
                { "{name: 1a}", "DS205", NULL },
                { "{name: [a]}", "DS204", "\"name\" is one word, not a list" },
                { "{name: }", "DS204", "\"name\" is one word, not nothing" },
                { "{name: a, flag: yes}", "DS204", "\"flag\" is true or false, not \"yes\"" },
                { "{name: a, number: -1}", "DS204", NULL },
                { "{name: a, number: 1000001}", "DS204", NULL },
                { "{name: a, number: 1.5}", "DS204", NULL },
                { "{name: a, choice: peer}", "DS204", "\"choice\" is apple or pear, not \"peer\"; did you mean \"pear\"?" },
                { "{name: a, texts: {b: c}}", "DS204", NULL },
                { "{name: a, texts: [[b]]}", "DS204", "an item of \"texts\" is a text, not a list" },
                { "{name: a, sequence: b}", "DS204", "\"sequence\" is a list, not a text" },
                { "{name: a, map: []}", "DS204", "\"map\" is a map, not a list" },
                { "{flag: maybe, nam: a, number: x}", "DS204 DS202 DS204 DS203", NULL },
        };
        const struct yaml_node *values[KEYS];

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct written w;
                char got[80];

                written_init(&w);
                assert_int_equal(schema_read(&schema, written_yaml(&w, rows[i].text), values, &w.diag), -EINVAL);
                assert_string_equal(written_codes(&w, got, sizeof(got)), rows[i].codes);
                if (rows[i].message)
                        assert_string_equal(w.diag.items[0].message.p, rows[i].message);
                written_deinit(&w);
        }
}

static void a_document_says_what_it_is(void **state) {
        static const struct {
                const char *text, *kind, *is; /* is: NULL: DS201 */
        } rows[] = {
                { "{docksill: v1, kind: rules}", "rules", "rules" },
                { "{docksill: v1, kind: environment}", NULL, "environment" },
                { "{docksill: v1, kind: environment}", "rules", NULL },
                { "{docksill: v2, kind: rules}", "rules", NULL },
                { "{docksill: v1, kind: rule}", NULL, NULL },
                { "{kind: rules}", "rules", NULL },
                { "{docksill: v1}", "rules", NULL },
                { "[docksill]", "rules", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct written w;
                struct str kind;

                written_init(&w);
                kind = schema_document(written_yaml(&w, rows[i].text), rows[i].kind, &w.diag);
                assert_true(rows[i].is ? str_eqz(kind, rows[i].is) : kind.n == 0);
                assert_int_equal(w.diag.errors, !rows[i].is);
                assert_true(rows[i].is || w.diag.items[0].code == DIAG_WRONG_DOCUMENT);
                written_deinit(&w);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_what_fits),
                cmocka_unit_test(reports_every_misfit),
                cmocka_unit_test(a_document_says_what_it_is),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
