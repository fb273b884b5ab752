#include "call.h"

static struct facts *create(struct call *c, const char *what, const char *body) {
        char uri[64];

        snprintf(uri, sizeof(uri), "/v1.41/%s", what);
        call_read(c, (struct wire){ "POST", uri, body });
        assert_false(flaws_any(&c->request.flaws));
        return &c->request.facts;
}

static void a_config_is_read(void **state) {
        static const struct {
                const char *data, *text; /* text: NULL: none */
        } rows[] = {
                { "\"aGVsbG8=\"", "hello" },
                { "\"aGVs\\nbG8=\\r\\n\"", "hello" }, /* Go passes over line ends */
                { "\"\"", NULL },
                { "null", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct text_fact *t;
                const struct facts *f;
                char body[128];

                snprintf(body, sizeof(body), "{\"Name\":\"site\",\"Data\":%s}", rows[i].data);
                f = create(&c, i % 2 ? "configs/create" : "configs/x/update?version=1", body);
                assert_int_equal(request_yields(&c.request),
                                 GROUP_REQUEST | GROUP_DAEMON | GROUP_SWARM_DATA | GROUP_TEXTS);
                assert_str(f->swarm.data_name.value, "site");
                assert_int_equal(f->texts.n, rows[i].text != NULL);
                assert_str(call_unknown(&c), "");
                if (!rows[i].text)
                        continue;
                t = f->texts.items;
                assert_str(t->where.value, "Data");
                assert_str(t->text.value, rows[i].text);
        }
}

/* Without showing it: what can't be read may be a secret all the same. */
static void what_can_t_be_read_is_told(void **state) {
        static const char *const data[] = { "aGVsbG8", "aGVsbG9=", "aGV!", "a-_=" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(data); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[128];

                snprintf(body, sizeof(body), "{\"Name\":\"a\",\"Data\":\"%s\"}", data[i]);
                create(&c, "configs/create", body);
                assert_str(call_unknown(&c), "Data=that is no base64");
        }
}

static void a_secret_is_not_looked_into(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct text_fact *t;
        const struct facts *f;

        (void)state;
        f = create(&c, "secrets/create",
                   "{\"Name\":\"key\",\"Data\":\"aGVsbG8=\",\"Labels\":{\"a\":\"b\"},\"Driver\":{\"Name\":\"x\"},"
                   "\"Templating\":{\"Name\":\"golang\",\"Options\":null}}");
        assert_str(f->swarm.data_name.value, "key");
        assert_int_equal(f->texts.n, 1);
        t = f->texts.items;
        assert_str(t->where.value, "Labels.a");
        assert_str(call_unknown(&c), "");
}

/* A node expands the data of such a one at each start: what it then holds nobody has read. */
static void templating_is_told(void **state) {
        static const struct {
                const char *members, *templating;
        } rows[] = {
                { "", "" },
                { ",\"Templating\":null", "" },
                { ",\"Templating\":{}", "" },
                { ",\"Templating\":{\"Name\":\"\"}", "" },
                { ",\"Templating\":{\"Name\":\"golang\"}", "golang" },
                { ",\"templating\":{\"name\":\"golang\",\"options\":{\"a\":\"b\"}}", "golang" },
                { ",\"Templating\":{\"Name\":\"Golang\"}", "Golang" },
                { ",\"Templating\":{\"Name\":\"jinja\"}", "jinja" },
        };
        static const char *const doors[] = { "configs/create", "secrets/create", "configs/x/update?version=1",
                                             "secrets/x/update?version=1" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(doors); ++k) {
                        cleanup_(call_free) struct call c = { 0 };
                        char body[128];

                        snprintf(body, sizeof(body), "{\"Name\":\"a\",\"Data\":\"\"%s}", rows[i].members);
                        assert_str(create(&c, doors[k], body)->swarm.data_templating.value, rows[i].templating);
                }
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/v1.41/configs/create",
                          { "{\"Data\":[104]}", FLAW_WRONG_TYPE } /* Go takes numbers for bytes */,
                          { "{\"Data\":\"\",\"data\":\"eA==\"}", FLAW_DUPLICATE_KEY });
        call_expect_flaws("/v1.41/secrets/create", { "{\"Labels\":[]}", FLAW_WRONG_TYPE });
        call_expect_flaws("/v1.41/secrets/s/update", { "{\"Name\":\"a\"}x", FLAW_TRAILING_DATA });
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_config_is_read),
                cmocka_unit_test(what_can_t_be_read_is_told),
                cmocka_unit_test(a_secret_is_not_looked_into),
                cmocka_unit_test(templating_is_told),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
