#include "written.h"

static void plain_scalars_are_typed_as_yaml_does(void **state) {
        static const struct {
                const char *yaml, *json;
        } rows[] = {
                { "null", "null" },        { "~", "null" },          { "{a: }", "{\"a\":null}" },
                { "true", "true" },        { "FALSE", "false" },     { "yes", "\"yes\"" },
                { "no", "\"no\"" },        { "on", "\"on\"" },       { "22:22", "\"22:22\"" },
                { "0", "0" },              { "-12", "-12" },         { "+7", "7" },
                { "0777", "777" },         { "0x1F", "31" },         { "0o17", "15" },
                { "0b1", "\"0b1\"" },      { "1.5", "1.5" },         { ".5", "0.5" },
                { "5.", "5" },             { "1e3", "1e3" },         { "1E+3", "1e3" },
                { "-1.50e-07", "-1.50e-07" }, { "1.2.3", "\"1.2.3\"" }, { "1_000", "\"1_000\"" },
                { "1e", "\"1e\"" },        { ".", "\".\"" },         { "-", "[null]" },
                { "0x", "\"0x\"" },        { "0xg", "\"0xg\"" },     { "64m", "\"64m\"" },
                { "\"5\"", "\"5\"" },      { "'true'", "\"true\"" }, { "\"\"", "\"\"" },
                { "[1, a, {b: \"c\"}, []]", "[1,\"a\",{\"b\":\"c\"},[]]" },
                { "{80/tcp: [{HostPort: \"8080\"}], 5: x}", "{\"80/tcp\":[{\"HostPort\":\"8080\"}],\"5\":\"x\"}" },
                { "{}", "{}" },            { "\"a\\u0001\\\"b\"", "\"a\\u0001\\\"b\"" },
                { ".inf", NULL },          { "[.nan]", NULL },       { "12345678901234567890", "12345678901234567890" },
        };
        struct written w;

        (void)state;
        written_init(&w);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct yaml_node *root = written_yaml(&w, rows[i].yaml);
                struct text t;

                text_init_arena(&t, &w.arena);
                if (!rows[i].json) {
                        assert_true(!root || yaml_json(root, &t, &w.diag) == -EINVAL);
                        continue;
                }
                assert_non_null(root);
                assert_int_equal(yaml_json(root, &t, &w.diag), 0);
                assert_string_equal(t.p, rows[i].json);
        }
        written_deinit(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(plain_scalars_are_typed_as_yaml_does),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
