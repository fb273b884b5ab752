#include "call.h"
#include "docksill/engine/engine-state.h"
#include "docksill/engine/response.h"

/* An answer as dockerd would hand it over, learned from at @now. */
static void learn(struct engine_state *l, int64_t now, const char *uri, const char *body, const char *headers) {
        cleanup_(call_free) struct call c = { 0 };

        arena_init(&c.arena, 1 << 20);
        text_init(&c.text);
        text_addf(&c.text,
                  "{\"RequestMethod\":\"GET\",\"RequestUri\":\"%s\",\"ResponseStatusCode\":200,\"ResponseBody\":\"",
                  uri);
        envelope_add_base64(&c.text, str_from(body));
        text_addf(&c.text, "\",\"ResponseHeaders\":{%s}}", headers);
        assert_int_equal(response_read(&c.request, &c.arena, text_str(&c.text)), ENVELOPE_READ);
        engine_state_take(l, &c.request, now);
}

static void info(struct engine_state *l, const char *body) {
        learn(l, 1, "/v1.53/info", body, "");
}

/* "data:/a obeyed:/b" */
static void check_folders(const struct engine_state *l, const char *wanted) {
        struct text t;

        text_init(&t);
        text_addz(&t, "");
        for (size_t i = 0; i < l->folders.n; ++i)
                text_addf(&t, "%s%s%" STR_FMT, i ? " " : "",
                          l->folders.items[i].kind == ENGINE_DATA ? "data:" : "obeyed:", (int)l->folders.items[i].n,
                          l->folders.text + l->folders.items[i].at);
        assert_str(text_str(&t), wanted);
        text_deinit(&t);
}

static void the_version_is_told_by_each_answer_s_headers(void **state) {
        static const struct {
                const char *headers, *version, *api;
        } rows[] = {
                { "\"Server\":\"Docker/26.1.5 (linux)\",\"Api-Version\":\"1.45\"", "26.1.5", "1.45" },
                { "\"server\":\"Docker/26.1.5\",\"API-VERSION\":\"1.45\"", "26.1.5", "1.45" },
                { "\"Server\":\"Docker/20.10.24+dfsg1 (linux)\"", "20.10.24+dfsg1", "" },
                { "\"Api-Version\":\"1.45\"", "", "1.45" },
                { "", "", "" },
                { "\"Server\":null,\"Api-Version\":null", "", "" },
                { "\"Server\":\"docker/26.1.5\"", "", "" },
                { "\"Server\":\"Docker/\"", "", "" },
                { "\"Server\":\"Docker/ 26\"", "", "" },
                { "\"Server\":\"Docker/26\\u00e4\"", "", "" },
                { "\"Server\":\"Docker/26\\n\"", "", "" },
                { "\"Server\":\"Docker/26\\u007f\"", "", "" },
                { "\"Server\":\"Docker/26~!\"", "26~!", "" },
                { "\"Api-Version\":\"1.4 5\"", "", "" },
                { "\"Api-Version\":\"123456789012345\"", "", "123456789012345" },
                { "\"Api-Version\":\"1234567890123456\"", "", "" }, /* longer than is kept */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct engine_state l = { 0 };

                learn(&l, 9, "/_ping", "OK", rows[i].headers);
                assert_string_equal(l.version, rows[i].version);
                assert_string_equal(l.api, rows[i].api);
                assert_int_equal(l.version_at, *rows[i].version ? 9 : 0);
                assert_int_equal(l.api_at, *rows[i].api ? 9 : 0);
        }
}

static void without_a_header_the_answer_itself_may_tell(void **state) {
        struct engine_state l = { 0 };

        (void)state;
        learn(&l, 1, "/v1.41/info", "{\"ServerVersion\":\"24.0.9\"}", "");
        assert_string_equal(l.version, "24.0.9");
        learn(&l, 2, "/v1.41/version", "{\"Version\":\"25.0.1\"}", "");
        assert_string_equal(l.version, "25.0.1");
        assert_int_equal(l.version_at, 2);
        /* the header goes before, and what tells nothing leaves all as it was */
        learn(&l, 3, "/v1.41/version", "{\"Version\":\"1\"}", "\"Server\":\"Docker/26.0.0\"");
        assert_string_equal(l.version, "26.0.0");
        learn(&l, 4, "/v1.41/containers/json", "[{\"Version\":\"1\"}]", "");
        learn(&l, 5, "/v1.41/version", "{\"Version\":\"1\",\"version\":\"2\"}", "");
        assert_string_equal(l.version, "26.0.0");
        assert_int_equal(l.version_at, 3);
}

static void folders_of_the_engine_s_own_are_told(void **state) {
        static const struct {
                const char *body, *folders;
        } rows[] = {
                { "{}", "" },
                { "{\"DockerRootDir\":\"/data/docker\"}", "data:/data/docker" },
                { "{\"DockerRootDir\":\"/data/docker/1000.1000/\"}", "data:/data/docker/1000.1000" },
                { "{\"Containerd\":{\"Address\":\"/run/containerd/"
                  "containerd.sock\",\"Namespaces\":{\"Containers\":\"moby\"}}}",
                  "data:/run/containerd/containerd.sock" },
                { "{\"CDISpecDirs\":[\"/etc/cdi\",\"/var/run/cdi\"]}", "obeyed:/etc/cdi obeyed:/run/cdi" },
                { "{\"NRI\":{\"Info\":[[\"plugin-path\",\"/opt/nri\"],[\"plugin-config-path\",\"/etc/nri\"],"
                  "[\"socket-path\",\"/run/nri.sock\"]]}}",
                  "data:/run/nri.sock obeyed:/opt/nri obeyed:/etc/nri" },
                { "{\"NRI\":{\"Info\":[[\"plugin-path\"],[\"plugin-path\",\"\"],[],null]}}", "" },
                { "{\"NRI\":null,\"CDISpecDirs\":null,\"Containerd\":null,\"DockerRootDir\":\"\"}", "" },
                { "{\"DockerRootDir\":\"/\",\"CDISpecDirs\":[\"relative\",\"\"]}", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct engine_state l = { 0 };

                info(&l, rows[i].body);
                check_folders(&l, rows[i].folders);
        }
}

/* The caller chooses the version of the API, and an older one tells less. */
static void an_answer_that_tells_less_takes_nothing_away(void **state) {
        struct engine_state l = { 0 };

        (void)state;
        info(&l, "{\"DockerRootDir\":\"/data\",\"Containerd\":{\"Address\":\"/run/c.sock\"},"
                 "\"NRI\":{\"Info\":[[\"plugin-path\",\"/opt/nri\"]]}}");
        learn(&l, 2, "/v1.41/info", "{\"DockerRootDir\":\"/data\"}", "");
        learn(&l, 2, "/v1.24/info", "{}", "");
        learn(&l, 2, "/v1.41/info", "{\"DockerRootDir\":1}", "");
        check_folders(&l, "data:/data data:/run/c.sock obeyed:/opt/nri");
}

static void what_confines_containers_is_told(void **state) {
        static const struct {
                const char *body;
                bool unconfined;
        } rows[] = {
                { "{\"SecurityOptions\":[\"name=seccomp,profile=builtin\"]}", true },
                { "{\"SecurityOptions\":[]}", true },
                { "{\"SecurityOptions\":[\"name=apparmor\"]}", false },
                { "{\"SecurityOptions\":[\"name=selinux\"]}", false },
                { "{\"SecurityOptions\":[\"name=apparmor\",\"name=selinux\"]}", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct engine_state l = { 0 };

                info(&l, rows[i].body);
                if (l.unconfined != rows[i].unconfined)
                        fail_msg("%s", rows[i].body);
                call_create(&c, "{}");
                assert_str(c.request.facts.daemon.confinement.value, "some");
                engine_state_tell(&l, &c.request);
                assert_str(c.request.facts.daemon.confinement.value, rows[i].unconfined ? "none" : "some");
        }
}

static void what_is_told_anew_counts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        struct engine_state l = { 0 };

        (void)state;
        info(&l, "{\"ServerVersion\":\"28.2.2\",\"SecurityOptions\":[\"name=no-new-privileges\"]}");
        assert_true(l.unconfined && l.no_new_privileges);
        info(&l, "{\"ServerVersion\":\"28.2.2\",\"SecurityOptions\":[\"name=apparmor\"]}");
        assert_false(l.unconfined || l.no_new_privileges);
        call_create(&c, "{}");
        engine_state_tell(&l, &c.request);
        assert_str(c.request.facts.daemon.confinement.value, "some");
        assert_true(c.request.facts.daemon.no_new_privileges.head.given);
        assert_false(c.request.facts.daemon.no_new_privileges.value);
}

/* Of two Content-Lengths HTTP/2 takes the first, and the last is shown. */
static void a_length_of_zero_is_no_proof_over_http2(void **state) {
        static const struct {
                const char *version, *headers;
                bool unproven;
        } rows[] = {
                { "29.2.0", "\"Content-Type\":\"text/plain\",\"Content-Length\":\"0\"", true },
                { "29.10.1", "\"Content-Type\":\"\",\"Content-Length\":\"0\"", true },
                { "30.0.0-rc.1", "\"Content-Type\":\"application/json\",\"Content-Length\":\"0\"", true },
                { "29.2.0", "\"Content-Length\":\"0\"", false },
                { "29.1.9", "\"Content-Type\":\"text/plain\",\"Content-Length\":\"0\"", false },
                { "20.10.24", "\"Content-Type\":\"text/plain\",\"Content-Length\":\"0\"", false },
                { "dev", "\"Content-Type\":\"text/plain\",\"Content-Length\":\"0\"", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct engine_state l = { 0 };
                char told[64];

                snprintf(told, sizeof(told), "{\"ServerVersion\":\"%s\"}", rows[i].version);
                info(&l, told);
                call_read(&c, (struct wire){ .method = "POST", .uri = "/v1.44/containers/a/rename?name=b", .headers = rows[i].headers });
                assert_false(flaws_any(&c.request.flaws));
                engine_state_tell(&l, &c.request);
                if (c.request.facts.request.form_unproven.value != rows[i].unproven)
                        fail_msg("%s %s", rows[i].version, rows[i].headers);
        }
}

static void who_knows_nothing_tells_nothing(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct engine_state l = { 0 };

        (void)state;
        call_create(&c, "{}");
        engine_state_tell(&l, &c.request);
        assert_false(c.request.facts.daemon.no_new_privileges.head.given);
        assert_false(c.request.facts.daemon.confinement.head.given);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_version_is_told_by_each_answer_s_headers),
                cmocka_unit_test(without_a_header_the_answer_itself_may_tell),
                cmocka_unit_test(folders_of_the_engine_s_own_are_told),
                cmocka_unit_test(an_answer_that_tells_less_takes_nothing_away),
                cmocka_unit_test(what_confines_containers_is_told),
                cmocka_unit_test(what_is_told_anew_counts),
                cmocka_unit_test(a_length_of_zero_is_no_proof_over_http2),
                cmocka_unit_test(who_knows_nothing_tells_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
