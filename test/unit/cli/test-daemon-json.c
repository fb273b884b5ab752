#include "switch/daemon-json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <jansson.h>

struct world {
        struct arena arena;
        struct daemon_json d;
        struct text out;
};

static void begin(struct world *w) {
        arena_init(&w->arena, 1 << 20);
        text_init(&w->out);
}

static void end(struct world *w) {
        text_deinit(&w->out);
        arena_deinit(&w->arena);
}

static void read_text(struct world *w, const char *text) {
        struct str copy;

        assert_int_equal(arena_str(&w->arena, str_from(text), &copy), 0);
        assert_int_equal(daemon_json_read(&w->d, &w->arena, copy), 0);
        text_reset(&w->out);
}

static const char *added(struct world *w, const char *text, const char *name) {
        read_text(w, text);
        assert_null(w->d.wrong);
        daemon_json_add(&w->out, &w->d, str_from(name));
        return w->out.p;
}

static const char *removed(struct world *w, const char *text, const char *name) {
        read_text(w, text);
        assert_null(w->d.wrong);
        daemon_json_remove(&w->out, &w->d, str_from(name));
        return w->out.p ? w->out.p : "";
}

static const struct {
        const char *before, *after;
        bool back; /* removing makes it what it was */
} rows[] = {
        { "", "{\n  \"authorization-plugins\": [\"docksill\"]\n}\n", false },
        { " \n", "{\n  \"authorization-plugins\": [\"docksill\"]\n}\n", false },
        { "{}", "{\n  \"authorization-plugins\": [\"docksill\"]\n}", true },
        { "{ }\n", "{\n  \"authorization-plugins\": [\"docksill\"]\n}\n", false },
        { "{\"debug\":true}", "{\"debug\":true,\"authorization-plugins\":[\"docksill\"]}", true },
        { "{\"debug\": true}\n", "{\"debug\": true,\"authorization-plugins\": [\"docksill\"]}\n", true },
        { "{\n  \"debug\": true\n}\n", "{\n  \"debug\": true,\n  \"authorization-plugins\": [\"docksill\"]\n}\n",
          true },
        { "{\n\t\"debug\": true,\n\t\"log-opts\": {\n\t\t\"a\": \"}\"\n\t}\n}\n",
          "{\n\t\"debug\": true,\n\t\"log-opts\": {\n\t\t\"a\": \"}\"\n\t},\n\t\"authorization-plugins\": "
          "[\"docksill\"]\n}\n",
          true },
        { "\xef\xbb\xbf{\r\n  \"a\": 1\r\n}\r\n",
          "\xef\xbb\xbf{\r\n  \"a\": 1,\r\n  \"authorization-plugins\": [\"docksill\"]\r\n}\r\n", true },
        { "{\"authorization-plugins\": [\"other\"], \"b\": 1}",
          "{\"authorization-plugins\": [\"other\", \"docksill\"], \"b\": 1}", true },
        { "{\"authorization-plugins\": [\"x\",\"y\"]}", "{\"authorization-plugins\": [\"x\",\"y\",\"docksill\"]}",
          true },
        { "{\"authorization-plugins\": [\n    \"x\",\n    \"y\"\n  ]}",
          "{\"authorization-plugins\": [\n    \"x\",\n    \"y\",\n    \"docksill\"\n  ]}", true },
        { "{\"authorization-plugins\": [], \"b\": 1}", "{\"authorization-plugins\": [\"docksill\"], \"b\": 1}", false },
        { "{\"authorization-plugins\": null}", "{\"authorization-plugins\": [\"docksill\"]}", false },
};

static void one_list_changes_and_nothing_else(void **state) {
        struct world w;

        (void)state;
        begin(&w);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char after[256];

                assert_string_equal(added(&w, rows[i].before, "docksill"), rows[i].after);
                snprintf(after, sizeof(after), "%s", w.out.p);
                read_text(&w, after);
                assert_null(w.d.wrong);
                assert_true(daemon_json_names(&w.d, STR_C("docksill")));
                if (rows[i].back)
                        assert_string_equal(removed(&w, after, "docksill"), rows[i].before);
                else
                        (void)removed(&w, after, "docksill");
                snprintf(after, sizeof(after), "%s", w.out.p ? w.out.p : "");
                read_text(&w, after);
                assert_null(w.d.wrong);
                assert_false(daemon_json_names(&w.d, STR_C("docksill")));
        }
        end(&w);
}

static void what_is_taken_out_leaves_the_others(void **state) {
        static const struct {
                const char *before, *after;
        } others[] = {
                { "{\"authorization-plugins\": [\"docksill\"], \"b\": 1}", "{\"b\": 1}" },
                { "{\n  \"authorization-plugins\": [\"docksill\"] ,\n  \"b\": 1\n}", "{\n  \"b\": 1\n}" },
                { "{\"a\": 1, \"authorization-plugins\": [\"docksill\"], \"b\": 1}", "{\"a\": 1, \"b\": 1}" },
                { "{\"a\": 1, \"authorization-plugins\": [\"docksill\"]}", "{\"a\": 1}" },
                { "{ \"authorization-plugins\": [\"docksill\"] }", "{}" },
                { "{\"authorization-plugins\": [\"docksill\", \"x\"]}", "{\"authorization-plugins\": [\"x\"]}" },
                { "{\"authorization-plugins\": [\"x\", \"docksill\", \"y\"]}",
                  "{\"authorization-plugins\": [\"x\", \"y\"]}" },
                { "{\"authorization-plugins\": [ \"x\" ,\"docksill\" ]}", "{\"authorization-plugins\": [ \"x\" ]}" },
                { "{\"authorization-plugins\": [\"docksill\", \"x\", \"docksill\"]}",
                  "{\"authorization-plugins\": [\"x\"]}" },
                { "{\"authorization-plugins\": [\"docksill\", \"docksill\"]}", "{}" },
                { "{\"authorization-plugins\": [\"d\\u006fcksill\", \"x\"]}", "{\"authorization-plugins\": [\"x\"]}" },
                { "{\"authorization-plugins\": [\"docksill2\"]}", "{\"authorization-plugins\": [\"docksill2\"]}" },
                { "{\"b\": [\"docksill\"]}", "{\"b\": [\"docksill\"]}" },
                { "", "" },
        };
        struct world w;

        (void)state;
        begin(&w);
        for (size_t i = 0; i < ARRAY_SIZE(others); ++i)
                assert_string_equal(removed(&w, others[i].before, "docksill"), others[i].after);
        end(&w);
}

static void what_dockerd_would_not_take_is_not_touched(void **state) {
        static const struct {
                const char *text, *wrong;
                unsigned line;
        } bad[] = {
                { "[]", "no JSON object", 1 },
                { "{", "no JSON", 1 },
                { "{\"a\": 1,\n}", "a comma stands before the brace", 2 },
                { "{\"a\" 1}", "no JSON", 1 },
                { "{\"a\": 1 \"b\": 2}", "no JSON", 1 },
                { "{\"a\": {}}\nx", "behind its end", 2 },
                { "// c\n{}", "no JSON object", 1 },
                { "{'a': 1}", "no JSON", 1 },
                { "{\"authorization-plugins\": \"docksill\"}", "no list of names", 1 },
                { "{\"authorization-plugins\": [1]}", "no list of names", 1 },
                { "{\"authorization-plugins\": [\"x\",]}", "no JSON", 1 },
                { "{\"authorization-plugins\": [\"x\" \"y\"]}", "no JSON", 1 },
                { "{\"authorization-plugins\": {}}", "no list of names", 1 },
                { "{\"authorization-plugins\": [],\n \"authorization-plugins\": []}", "is there twice", 2 },
        };
        struct world w;

        (void)state;
        begin(&w);
        for (size_t i = 0; i < ARRAY_SIZE(bad); ++i) {
                read_text(&w, bad[i].text);
                if (!w.d.wrong || !strstr(w.d.wrong, bad[i].wrong) || w.d.line != bad[i].line)
                        fail_msg("%s: %s, line %u", bad[i].text, w.d.wrong, w.d.line);
        }
        end(&w);
}

static void keys_that_mean_it_are_found(void **state) {
        static const struct {
                const char *key;
                bool means;
        } keys[] = {
                { "authorization-plugin", true },
                { "authorisation-plugins", true },
                { "Authorization-Plugins", true },
                { "authorization_plugins", true },
                { "authz-plugins", true },
                { "authorization-pluigns", true },
                { "authorization-plugins", false },
                { "default-runtime", false },
                { "debug", false },
                { "plugins", false },
                { "", false },
        };
        struct world w;

        (void)state;
        begin(&w);
        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i) {
                char text[128];

                snprintf(text, sizeof(text), "{\"%s\": [\"docksill\"]}", keys[i].key);
                read_text(&w, text);
                if (str_eqz(w.d.misspelt, keys[i].key) != (keys[i].means || keys[i].key[0] == '\0'))
                        fail_msg("%s", keys[i].key);
        }
        end(&w);
}

static void what_else_counts_is_read(void **state) {
        struct world w;

        (void)state;
        begin(&w);
        read_text(&w, "{\"hosts\": [\"unix:///a\", \"tcp://0.0.0.0:2375\"], \"tlsverify\": true, \"pidfile\": \"/p\", "
                      "\"builder\": {\"entitlements\": {}}}");
        assert_null(w.d.wrong);
        assert_int_equal(w.d.hosts.n, 2);
        assert_true(str_eqz(w.d.hosts.items[1].name, "tcp://0.0.0.0:2375"));
        assert_true(w.d.tls_verify && w.d.builder);
        assert_true(str_eqz(w.d.pid_file, "/p"));
        end(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(one_list_changes_and_nothing_else),
                cmocka_unit_test(what_is_taken_out_leaves_the_others),
                cmocka_unit_test(what_dockerd_would_not_take_is_not_touched),
                cmocka_unit_test(keys_that_mean_it_are_found),
                cmocka_unit_test(what_else_counts_is_read),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
