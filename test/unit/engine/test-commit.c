#include "call.h"

static void commit(struct call *c, const char *query, const char *body) {
        char uri[512];

        snprintf(uri, sizeof(uri), "/v1.41/commit?container=aw&%s", query);
        call_read(c, (struct wire){ "POST", uri, body });
}

static void the_query_names_container_and_image(void **state) {
        static const char *const bodies[] = { NULL, "null", "{}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(bodies); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                commit(&c, "repo=nginx&tag=1&author=&comment=&pause=0", bodies[i]);
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(request_yields(&c.request), GROUP_REQUEST | GROUP_DAEMON | GROUP_COMMIT | GROUP_NAMES |
                                                                     GROUP_VARIABLES | GROUP_TEXTS | GROUP_TARGET |
                                                                     GROUP_REACHED);
                assert_str(f->commit.container.value, "aw");
                assert_str(f->commit.image.value, "docker.io/library/nginx");
                assert_str(f->commit.user.value, "");
                assert_str(f->commit.user_root.value, "unknown");
                assert_true(f->commit.readable.value);
                assert_int_equal(f->commit.instructions.n, 0);
        }
}

static void instructions_are_read_as_a_dockerfile(void **state) {
        static const struct {
                const char *query;
                const char *instructions, *root;
                bool readable;
        } rows[] = {
                { "changes=USER%20root", "USER", "yes", true },
                { "changes=%20user%09%200:0%20", "USER", "yes", true },
                { "changes=USER+10001&changes=CMD+%5B%22a%22%5D", "USER CMD", "no", true },
                { "changes=USER+10001&changes=USER+root", "USER", "yes", true },
                { "changes=USER+app", "USER", "unknown", true },
                { "changes=USER", "USER", "unknown", true },
                { "changes=", "", "unknown", true },
                { "Changes=USER+root", "", "unknown", true },
                /* What runs on, hides a second line or is not what it looks like. */
                { "changes=US%5C&changes=ER+root", "US\\ ER", "unknown", false },
                { "changes=ENV+a=b%0AUSER+root", "ENV", "unknown", false },
                { "changes=%23+escape=%60", "#", "unknown", false },
                { "changes=RUN+%3C%3CEOF", "RUN", "unknown", false },
                { "changes=USER+ro%24%7Bx%7Dot", "USER", "unknown", false },
                { "changes=USER+%22root%22", "USER", "unknown", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                commit(&c, rows[i].query, "{}");
                assert_false(flaws_any(&c.request.flaws));
                if (!str_eqz(f->commit.user_root.value, rows[i].root) || f->commit.readable.value != rows[i].readable)
                        fail_msg("%s", rows[i].query);
                assert_str(call_joined(&c, &f->commit.instructions), rows[i].instructions);
        }
}

static void variables_come_from_the_config_and_the_changes(void **state) {
        static const struct {
                const char *query, *body, *names;
        } rows[] = {
                { "", "{\"Env\":[\"A=1\",\"TOKEN=x\"]}", "A TOKEN" },
                { "changes=ENV+A=1+%22B=2%22+C=%27x%27", "{}", "A \"B C" },
                { "changes=ENV+A=1%09B=2%20%09C=3", "{}", "A B C" },
                { "changes=env+TOKEN+the+rest", "null", "TOKEN" },
                { "changes=LABEL+A=1", "null", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                const struct variable_fact *v;
                struct text t;

                commit(&c, rows[i].query, rows[i].body);
                assert_false(flaws_any(&c.request.flaws));
                v = f->variables.items;
                text_init_arena(&t, &c.arena);
                text_addz(&t, "");
                for (size_t j = 0; j < f->variables.n; ++j) {
                        text_addz(&t, j ? " " : "");
                        text_add(&t, v[j].name.value);
                }
                assert_str(text_str(&t), rows[i].names);
                assert_true(f->texts.n > 0);
        }
}

static void texts_come_from_the_whole_config(void **state) {
        static const char *const wheres[] = { "Env[0]", "Entrypoint[0]", "Cmd[0]", "Healthcheck.Test[0]", "Labels.l" };
        cleanup_(call_free) struct call c = { 0 };
        const struct text_fact *texts;

        (void)state;
        commit(&c, "",
               "{\"Env\":[\"a\"],\"Entrypoint\":[\"b\"],\"Cmd\":[\"c\"],\"Healthcheck\":{\"Test\":[\"d\"]},"
               "\"Labels\":{\"l\":\"e\"}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(c.request.facts.texts.n, ARRAY_SIZE(wheres));
        texts = c.request.facts.texts.items;
        for (size_t i = 0; i < ARRAY_SIZE(wheres); ++i)
                assert_str(texts[i].where.value, wheres[i]);
}

/* How the new image runs says nothing of the container it is made of. */
static void a_config_yields_no_facts_of_a_container(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        commit(&c, "", "{\"User\":\"root\",\"HostConfig\":{\"Privileged\":true}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_str(c.request.facts.commit.user_root.value, "yes");
        assert_false(c.request.facts.container.privileged.value);
        assert_false(c.request.facts.container.user.head.given);
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/v1.41/commit?container=web", { "[]", FLAW_WRONG_TYPE },
                          { "{\"User\":\"a\",\"user\":\"root\"}", FLAW_DUPLICATE_KEY },
                          { "{\"Privileged\":true}", FLAW_TOPLEVEL_HOSTCONFIG },
                          { "{\"Cmd\":\"a\"}", FLAW_BARE_STRING }, { "null null", FLAW_TRAILING_DATA });
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_query_names_container_and_image),
                cmocka_unit_test(instructions_are_read_as_a_dockerfile),
                cmocka_unit_test(variables_come_from_the_config_and_the_changes),
                cmocka_unit_test(texts_come_from_the_whole_config),
                cmocka_unit_test(a_config_yields_no_facts_of_a_container),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
