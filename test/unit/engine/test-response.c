#include "call.h"
#include "docksill/engine/engine-state.h"
#include "docksill/engine/response.h"

struct answer {
        const char *uri, *body;
        int status;
        const char *method; /* NULL: GET */
};

/* Reads it as dockerd would send it. */
static void respond(struct call *c, struct answer a) {
        arena_init(&c->arena, 1 << 20);
        text_init(&c->text);
        text_addf(&c->text,
                  "{\"RequestMethod\":\"%s\",\"RequestUri\":\"%s\",\"ResponseStatusCode\":%d,\"ResponseBody\":\"",
                  a.method ? a.method : "GET", a.uri, a.status);
        envelope_add_base64(&c->text, str_from(a.body));
        text_addz(&c->text,
                  "\",\"ResponseHeaders\":{\"Api-Version\":\"1.41\",\"Server\":\"Docker/20.10.24+dfsg1 (linux)\"}}");
        assert_int_equal(response_read(&c->request, &c->arena, text_str(&c->text)), ENVELOPE_READ);
}

static void the_plugin_that_is_us_is_docksill(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        respond(&c, (struct answer){ "/info", "{\"Plugins\":{\"Authorization\":[\"a\",\"guard\"]}}", 200, NULL });
        response_plugin_is_us(&c.request, STR_C(""));
        assert_str(call_joined(&c, &c.request.facts.daemon.authorization_plugins), "a guard");
        response_plugin_is_us(&c.request, STR_C("guard"));
        assert_str(call_joined(&c, &c.request.facts.daemon.authorization_plugins), "a docksill");
}

static void a_look_finds_what_can_tell(void **state) {
        static const struct {
                const char *prefix;
                bool tells;
        } rows[] = {
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/info\"", true },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/info?a=b\"", true },
                { "{\"User\":\"a\",\"UserAuthNMethod\":\"TLS\",\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.24/"
                  "version\"",
                  true },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/networks\"", true },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/networks/bridge\"", true },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/networks/bridged\"", false },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.41/containers/info/json\"", false },
                { "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/info\"", false },
                { "{\"User\":\"\\\"RequestMethod\\\":\\\"GET\\\",\\\"RequestUri\\\":\\\"/info\\\"\",", false },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/v1.", false },
                { "{\"RequestMethod\":\"GET\",\"RequestUri\":\"", false },
                { "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (response_tells(str_from(rows[i].prefix)) != rows[i].tells)
                        fail_msg("%s", rows[i].prefix);
}

#define ENDED(method, uri)                                                                                             \
        "{\"User\":\"\",\"RequestMethod\":\"" method "\",\"RequestUri\":\"" uri "\",\"RequestBody\":\"e30=\""

static void a_look_says_what_has_changed(void **state) {
        static const struct {
                const char *prefix;
                unsigned changes;
        } rows[] = {
                { ENDED("GET", "/v1.41/images/x/json"), 0 },
                { ENDED("HEAD", "/_ping"), 0 },
                { ENDED("POST", "/v1.41/containers/x/start"), 0 },
                { ENDED("POST", "/v1.41/containers/create?name=x"), 0 },
                { ENDED("POST", "/v1.41/images/create?fromImage=a"), OPERATION_CHANGES_IMAGES },
                { ENDED("POST", "/images/a/b/tag?repo=c"), OPERATION_CHANGES_IMAGES },
                { ENDED("DELETE", "/v1.47/volumes/x"), OPERATION_CHANGES_VOLUMES },
                { ENDED("PUT", "/v1.47/volumes/x"), OPERATION_CHANGES_VOLUMES },
                { ENDED("POST", "/v1.41/services/create"), OPERATION_CHANGES },
                /* What can't be told may be all. */
                { ENDED("POST", "/v1.41/nothing/of/it"), OPERATION_CHANGES },
                { ENDED("POST", "/v1.41/%69mages/create"), OPERATION_CHANGES },
                { ENDED("POST", "/v1.41/containers/x\\u0026/start"), OPERATION_CHANGES },
                { ENDED("POST", "/v2.0/containers/x/start"), OPERATION_CHANGES },
                { "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/x", OPERATION_CHANGES },
                { "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/v1.41/containers/x/start?t=1", 0 },
                { "{\"RequestMethod\":\"GE", OPERATION_CHANGES },
                { "{\"User\":\"a very long name", OPERATION_CHANGES },
                { "{\"User\":\"\\\"RequestMethod\\\":\\\"GET\\\",\",\"RequestMethod\":\"POST\",\"RequestUri\":\"/"
                  "images/load\"",
                  OPERATION_CHANGES_IMAGES },
                { "", OPERATION_CHANGES },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                if (response_changes(str_from(rows[i].prefix)) != rows[i].changes)
                        fail_msg("%s: %u", rows[i].prefix, response_changes(str_from(rows[i].prefix)));
}

static void info_tells_of_the_engine(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;

        (void)state;
        respond(&c,
                (struct answer){
                        "/v1.41/info",
                        "{\"Driver\":\"overlay2\",\"ServerVersion\":\"20.10.24+dfsg1\",\"KernelVersion\":\"6.1.0\","
                        "\"SwapLimit\":false,\"MemoryLimit\":true,\"NewKey\":[{}],"
                        "\"SecurityOptions\":[\"name=seccomp,profile=default\",\"name=apparmor\"],"
                        "\"RegistryConfig\":{\"InsecureRegistryCIDRs\":[\"127.0.0.0/8\",\"10.0.0.0/8\"]},"
                        "\"Warnings\":[\"WARNING: No swap limit support\"],\"Swarm\":{\"LocalNodeState\":\"active\"}}",
                        200, NULL });
        assert_true(c.request.is_response);
        assert_int_equal(request_yields(&c.request), GROUP_REQUEST | GROUP_DAEMON | GROUP_ENGINE | GROUP_INFO);
        assert_str(f->daemon.version.value, "20.10.24+dfsg1");
        assert_true(f->daemon.distribution.value);
        assert_true(f->daemon.apparmor.value && !f->daemon.userns.value);
        assert_str(f->daemon.seccomp.value, "default");
        assert_str(f->daemon.swarm.value, "active");
        assert_int_equal(f->daemon.new_privileges.head.state, FACT_UNKNOWN);
        assert_int_equal(f->daemon.debug.head.state, FACT_OFF); /* this answer does not say */
        assert_str(call_joined(&c, &f->daemon.missing_limits), "swap");
        assert_str(call_joined(&c, &f->daemon.insecure_registries), "10.0.0.0/8");
        assert_int_equal(f->daemon.warnings.n, 1);
        assert_str(((const struct warning_fact *)f->daemon.warnings.items)->kind.value, "kernel");
}

static void what_is_no_such_answer_tells_nothing(void **state) {
        static const struct answer rows[] = {
                { "/v1.41/info", "{}", 0, NULL }, /* the handler failed, or the client has it already */
                { "/v1.41/info", "{\"message\":\"x\"}", 500, NULL },
                { "/v1.41/info", "", 200, NULL },
                { "/v1.41/info", "null", 200, NULL },
                { "/v1.41/info", "{", 200, NULL },
                { "/v1.41/info", "[]", 200, NULL },
                { "/v1.41/info", "{\"Debug\":1}", 200, NULL },
                { "/v1.41/info", "{\"Debug\":true,\"debug\":false}", 200, NULL },
                { "/v1.24/info", "{\"SecurityOptions\":[\"seccomp\"]}", 200, NULL },
                { "/v1.41/networks/bridge", "{\"Name\":\"other\",\"Driver\":\"bridge\"}", 200, NULL },
                { "/v1.41/networks", "[]", 200, NULL },
                { "/v1.41/containers/json", "[]", 200, NULL },
                { "/v1.41//info", "{}", 200, NULL },
                { "/v1.41/info", "{}", 200, "POST" },
                { "/nowhere", "{}", 200, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                respond(&c, rows[i]);
                if (c.request.is_response || request_yields(&c.request) & GROUP_RESPONSE)
                        fail_msg("%s %s", rows[i].uri, rows[i].body);
        }
}

/* The facts of a response are nothing that a request could say. */
static void a_request_yields_none_of_it(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        call_read(&c, (struct wire){ "GET", "/v1.41/info", NULL });
        assert_int_equal(request_yields(&c.request), GROUP_REQUEST | GROUP_DAEMON);
}

static void the_bridge_says_who_reaches_whom(void **state) {
        static const struct {
                const char *uri, *body, *icc;
        } rows[] = {
                { "/networks/bridge", "{\"Name\":\"bridge\",\"Driver\":\"bridge\",\"Options\":null}", "on" },
                { "/networks/bridge",
                  "{\"Name\":\"bridge\",\"Driver\":\"bridge\",\"Options\":{\"com.docker.network.bridge.enable_icc\":"
                  "\"false\"}}",
                  "off" },
                { "/networks", "[{\"Name\":\"a\"},{\"Name\":\"bridge\",\"Driver\":\"bridge\"}]", "on" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                respond(&c, (struct answer){ rows[i].uri, rows[i].body, 200, NULL });
                assert_true(c.request.is_response);
                assert_str(c.request.facts.daemon.icc.value, rows[i].icc);
        }
}

static void the_engine_is_learnt_from_any_answer(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        struct engine_state l = { 0 };

        (void)state;
        respond(&c, (struct answer){ "/v1.41/containers/json", "[]", 200, NULL });
        engine_state_take(&l, &c.request, 5);
        assert_string_equal(l.version, "20.10.24+dfsg1");
        assert_string_equal(l.api, "1.41");
        assert_int_equal(l.version_at, 5);
        assert_int_equal(l.no_new_privileges_at, 0);
}

static void the_default_of_containers_is_learnt_where_it_is_told(void **state) {
        static const struct {
                const char *body;
                bool told, value;
        } rows[] = {
                { "{\"ServerVersion\":\"28.2.2\",\"SecurityOptions\":[\"name=no-new-privileges\"]}", true, true },
                { "{\"ServerVersion\":\"28.2.2\",\"SecurityOptions\":[]}", true, false },
                { "{\"ServerVersion\":\"20.10.24\",\"SecurityOptions\":[]}", false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 }, after = { 0 };
                struct engine_state l = { 0 };

                respond(&c, (struct answer){ "/v1.41/info", rows[i].body, 200, NULL });
                engine_state_take(&l, &c.request, 7);
                assert_int_equal(l.no_new_privileges_at != 0, rows[i].told);
                call_create(&after, "{}");
                engine_state_tell(&l, &after.request);
                assert_int_equal(after.request.facts.daemon.no_new_privileges.value, rows[i].value);
        }
}

/* The text stands in every record. */
static void a_version_that_is_none_is_not_kept(void **state) {
        static const char *const servers[] = {
                "nginx", "Docker/", "Docker/a\\u0007b",
                "Docker/0123456789012345678901234567890123456789012345678901234567890123456789"
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(servers); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct engine_state l = { 0 };

                arena_init(&c.arena, 1 << 20);
                text_init(&c.text);
                text_addf(
                        &c.text,
                        "{\"RequestMethod\":\"GET\",\"RequestUri\":\"/_ping\",\"ResponseHeaders\":{\"Server\":\"%s\"}}",
                        servers[i]);
                assert_int_equal(response_read(&c.request, &c.arena, text_str(&c.text)), ENVELOPE_READ);
                engine_state_take(&l, &c.request, 1);
                assert_string_equal(l.version, "");
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_plugin_that_is_us_is_docksill),
                cmocka_unit_test(a_look_finds_what_can_tell),
                cmocka_unit_test(a_look_says_what_has_changed),
                cmocka_unit_test(info_tells_of_the_engine),
                cmocka_unit_test(what_is_no_such_answer_tells_nothing),
                cmocka_unit_test(a_request_yields_none_of_it),
                cmocka_unit_test(the_bridge_says_who_reaches_whom),
                cmocka_unit_test(the_engine_is_learnt_from_any_answer),
                cmocka_unit_test(the_default_of_containers_is_learnt_where_it_is_told),
                cmocka_unit_test(a_version_that_is_none_is_not_kept),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
