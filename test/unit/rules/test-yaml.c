#include "written.h"

#include <stdio.h>

static void scalars_stay_text_and_remember_quotes(void **state) {
        const struct yaml_node *root;
        struct written w;

        (void)state;
        written_init(&w);
        root = written_yaml(&w, "a: no\nb: 22:22\nc: 0777\nd: \"no\"\ne: 'x''y'\nf:\ng: |\n  two\n  lines\n");
        assert_non_null(root);
        assert_int_equal(root->kind, NODE_MAP);
        assert_true(str_eqz(yaml_get(root, "a")->text, "no"));
        assert_true(str_eqz(yaml_get(root, "b")->text, "22:22"));
        assert_true(str_eqz(yaml_get(root, "c")->text, "0777"));
        assert_false(yaml_get(root, "a")->quoted);
        assert_true(yaml_get(root, "d")->quoted);
        assert_true(str_eqz(yaml_get(root, "e")->text, "x'y"));
        assert_true(yaml_is_null(yaml_get(root, "f")));
        assert_false(yaml_is_null(yaml_get(root, "d")));
        assert_true(str_eqz(yaml_get(root, "g")->text, "two\nlines\n"));
        assert_null(yaml_get(root, "h"));
        written_deinit(&w);
}

/* Editors count lines by newlines and docksill's columns count bytes, where libyaml counts characters. */
static void positions_count_lines_and_bytes(void **state) {
        const struct yaml_node *root, *b, *c;
        struct written w;

        (void)state;
        written_init(&w);
        root = written_yaml(&w, "# \xe2\x82\xac comment\r\n\xc3\xa9t\xc3\xa9: {\xc3\xa0: x, b: y}\nc: z\n");
        assert_non_null(root);
        b = root->pairs[0].value->pairs[1].key;
        c = root->pairs[1].value;
        assert_int_equal(root->pairs[0].key->at.line, 2);
        assert_int_equal(root->pairs[0].key->at.column, 1);
        assert_int_equal(b->at.line, 2);
        assert_int_equal(b->at.column, 16);
        assert_int_equal(c->at.line, 3);
        assert_int_equal(c->at.column, 4);
        written_deinit(&w);
}

static void expect_code(const char *text, const char *codes) {
        struct written w;
        char got[100];

        written_init(&w);
        assert_null(written_yaml(&w, text));
        assert_string_equal(written_codes(&w, got, sizeof(got)), codes);
        written_deinit(&w);
}

static void what_is_no_single_plain_document_is_refused(void **state) {
        static const struct {
                const char *text, *codes;
        } rows[] = {
                { "a: [1, 2\nb: 3\n", "DS103" },
                { "a: \"x\n", "DS103" },
                { "\tb: 1\n", "DS103" },
                { "a: \x01\n", "DS103" },
                { "a: \xff\n", "DS103" },
                { "a: *nobody\n", "DS103" },
                { "# hides\xe2\x80\xa8""b: 1\n", "DS103" },
                { "# hides\xc2\x85""b: 1\n", "DS103" },
                { "# hides\rb: 1\n", "DS103" },
                { "a: 1\nb: 2\na: 3\n", "DS104" },
                { "a: 1\n\"a\": 3\nb: {c: 1, c: 2}\n", "DS104 DS104" },
                { "a: &x [*x]\n", "DS105" },
                { "a: !!int 3\n", "DS107" },
                { "a: !mine {b: c}\nd: !!str 5\n", "DS107 DS107" },
                { "a: 1\n---\nb: 2\n", "DS201" },
                { "", "DS201" },
                { "# nothing but words\n", "DS201" },
                { "? [a]\n: b\n", "DS204" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                expect_code(rows[i].text, rows[i].codes);
}

/* Each line stands for nine of the line before: unfolded, a billion. */
static void an_alias_bomb_is_refused(void **state) {
        char text[1000] = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";

        (void)state;
        for (int i = 1; i < 10; ++i) {
                size_t n = strlen(text);

                n += (size_t)snprintf(text + n, sizeof(text) - n, "a%d: &a%d [", i, i);
                for (int k = 0; k < 9; ++k)
                        n += (size_t)snprintf(text + n, sizeof(text) - n, "%s*a%d", k ? "," : "", i - 1);
                snprintf(text + n, sizeof(text) - n, "]\n");
        }
        expect_code(text, "DS105");
}

static void aliases_within_bounds_are_read(void **state) {
        const struct yaml_node *root;
        struct written w;

        (void)state;
        written_init(&w);
        root = written_yaml(&w, "a: &x {k: [1, 2]}\nb: *x\n");
        assert_non_null(root);
        assert_ptr_equal(yaml_get(root, "a"), yaml_get(root, "b"));
        written_deinit(&w);
}

/* @depth lists within each other; through an alias they would be as deep. */
static char *nested(unsigned depth, const char *before, const char *after) {
        size_t size = 2 * (size_t)depth + strlen(before) + strlen(after) + 1;
        char *text = malloc(size), *p = text;

        assert_non_null(text);
        p = stpcpy(p, before);
        memset(p, '[', depth);
        memset(p + depth, ']', depth);
        strcpy(p + 2 * (size_t)depth, after);
        return text;
}

static void depth_is_bounded(void **state) {
        cleanup_(freep) char *deep = nested(YAML_DEPTH_MOST + 1, "", ""), *fits = nested(YAML_DEPTH_MOST, "", ""),
                             *very = nested(100000, "", ""), *alias = nested(40, "a: &x ", "\nb: [[[[[[[[[[[[[[[[[[[[[[[[[*x]]]]]]]]]]]]]]]]]]]]]]]]]\n");
        struct written w;

        (void)state;
        expect_code(deep, "DS105");
        expect_code(very, "DS105");
        expect_code(alias, "DS105");
        written_init(&w);
        assert_non_null(written_yaml(&w, fits));
        written_deinit(&w);
}

static void nodes_are_bounded(void **state) {
        size_t n = YAML_NODES_MOST + 1;
        cleanup_(freep) char *text = malloc(2 * n + 3);

        (void)state;
        assert_non_null(text);
        text[0] = '[';
        for (size_t i = 0; i < n; ++i)
                memcpy(text + 1 + 2 * i, "1,", 2);
        strcpy(text + 1 + 2 * n, "]");
        expect_code(text, "DS105");
}

/* Forty thousand keys: sorting them is quick, each against each would not be. */
static void a_map_of_many_keys_is_read_in_no_time(void **state) {
        size_t size = 400000, n = 0;
        cleanup_(freep) char *text = malloc(size);
        struct written w;

        (void)state;
        assert_non_null(text);
        for (int i = 0; i < 40000; ++i)
                n += (size_t)snprintf(text + n, size - n, "k%d:\n", i);
        written_init(&w);
        assert_non_null(written_yaml(&w, text));
        written_deinit(&w);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
        const struct yaml_node *root;
        char got[40], large[] = "/tmp/docksill-large-XXXXXX";
        struct written w;
        int fd = mkstemp(large);

        (void)state;
        assert_int_equal(ftruncate(fd, (1 << 20) + 1), 0);
        close(fd);
        written_init(&w);
        assert_int_equal(yaml_read(&w.compiler.yaml, "/nowhere/x.yaml", (struct position){ 0 }, &root), -EINVAL);
        assert_int_equal(yaml_read(&w.compiler.yaml, "/", (struct position){ 0 }, &root), -EINVAL);
        assert_int_equal(yaml_read(&w.compiler.yaml, "/dev/zero", (struct position){ 0 }, &root), -EINVAL);
        assert_int_equal(yaml_read(&w.compiler.yaml, large, (struct position){ 0 }, &root), -EINVAL);
        unlink(large);
        assert_string_equal(written_codes(&w, got, sizeof(got)), "DS101 DS101 DS101 DS102");
        assert_true(str_eqz(w.diag.items[0].name, "/nowhere/x.yaml"));
        written_deinit(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(scalars_stay_text_and_remember_quotes),
                cmocka_unit_test(positions_count_lines_and_bytes),
                cmocka_unit_test(what_is_no_single_plain_document_is_refused),
                cmocka_unit_test(an_alias_bomb_is_refused),
                cmocka_unit_test(aliases_within_bounds_are_read),
                cmocka_unit_test(depth_is_bounded),
                cmocka_unit_test(nodes_are_bounded),
                cmocka_unit_test(a_map_of_many_keys_is_read_in_no_time),
                cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
