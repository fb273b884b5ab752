#include "call.h"
#include "read/exec.h"

static void create(struct call *c, const char *body) {
        call_read(c, (struct wire){ "POST", "/v1.41/containers/web/exec", body });
}

static void everything_said_becomes_facts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;

        (void)state;
        create(&c, "{\"User\":\"0:5\",\"Privileged\":true,\"Tty\":true,\"AttachStdin\":true,\"Env\":[\"TOKEN=x\"],"
                   "\"Cmd\":[\"/bin/sh\",\"-c\",\"id\"],\"ConsoleSize\":[25,80],\"WorkingDir\":\"/\"}");
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(request_yields(&c.request),
                         GROUP_REQUEST | GROUP_DAEMON | GROUP_EXEC | GROUP_VARIABLES | GROUP_TEXTS | GROUP_TARGET |
                                 GROUP_REACHED);
        assert_str(f->exec.container.value, "web");
        assert_str(f->exec.user.value, "0:5");
        assert_str(f->exec.user_root.value, "yes");
        assert_true(f->exec.privileged.value && f->exec.tty.value && f->exec.stdin.value);
        assert_str(call_joined(&c, &f->exec.programs), "sh");
        assert_int_equal(f->variables.n, 1);
        assert_int_equal(f->texts.n, 4);
        assert_str(call_unknown(&c), "");
}

static void odd_spellings_count_too(void **state) {
        static const struct {
                const char *body;
                bool privileged;
                const char *root;
        } rows[] = {
                { "{\"Cmd\":[\"id\"]}", false, "unknown" },
                { "{\"User\":\"\"}", false, "unknown" },
                { "{\"User\":null,\"Privileged\":null}", false, "unknown" },
                { "{\"u\\u017fer\":\"+0\",\"privileged\":true}", true, "yes" },
                { "{\"USER\":\"root\"}", false, "yes" },
                { "{\"User\":\":0\"}", false, "yes" },
                { "{\"User\":\"10001:10001\"}", false, "no" },
                { "{\"User\":\"app\"}", false, "unknown" },
                { "{\"Cmd\":[\"echo\",\"Privileged\\\":true\"]}", false, "unknown" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                create(&c, rows[i].body);
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(c.request.facts.exec.privileged.value, rows[i].privileged);
                assert_str(c.request.facts.exec.user_root.value, rows[i].root);
                assert_int_equal(c.request.facts.exec.user_root.head.state, FACT_KNOWN);
        }
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/v1.41/containers/web/exec", { "null", FLAW_MALFORMED_JSON }, { "[]", FLAW_WRONG_TYPE },
                          { "{\"Privileged\":true,\"privileged\":null}", FLAW_DUPLICATE_KEY },
                          { "{\"User\":0}", FLAW_WRONG_TYPE }, { "{\"Cmd\":\"id\"}", FLAW_WRONG_TYPE },
                          { "{\"Tty\":1}", FLAW_WRONG_TYPE }, { "{\"User\":\"0\"}{", FLAW_TRAILING_DATA });
}

static void start_says_only_how_to_attach(void **state) {
        static const struct {
                const char *body;
                bool flawed;
                const char *unknown;
        } rows[] = {
                { "{\"Detach\":false,\"Tty\":true,\"ConsoleSize\":[1,2]}", false, "" },
                { "{}", false, "" },
                { "null", false, "" },
                { "{\"Privileged\":true}", false, "Privileged" },
                { "{\"Detach\":1}", true, "" },
                { "{\"Tty\":true,\"tty\":false}", true, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", "/exec/0123456789ab/start", rows[i].body });
                assert_int_equal(flaws_any(&c.request.flaws), rows[i].flawed);
                assert_str(call_unknown(&c), rows[i].unknown);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(everything_said_becomes_facts),
                cmocka_unit_test(odd_spellings_count_too),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
                cmocka_unit_test(start_says_only_how_to_attach),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
