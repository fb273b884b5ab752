#include "asked.h"
#include "docksill/base/date.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void an_image_fills_its_facts(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"a\"}");
        assert_int_equal(f->image.user_root.head.state, FACT_OFF);
        assert_int_equal(date_parse(STR_C("2026-04-02"), &a.call.request.now), 0);
        answer(&a, 0,
               "{\"Id\":\"sha256:11\",\"RepoTags\":[\"a:latest\"],\"RepoDigests\":[\"a@sha256:22\",\"r.example/"
               "a@sha256:22\","
               "\"b@sha256:33\"],\"Created\":\"2026-04-01T12:00:00.5+02:00\",\"Size\":123,\"Config\":{\"User\":\"1000:"
               "0\","
               "\"Volumes\":{\"/v\":{}},\"ExposedPorts\":{\"22/tcp\":{},\"80/tcp\":{}},"
               "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]},\"Env\":[\"A=1\",\"B\"]},\"GraphDriver\":{\"Data\":null}}");
        assert_str(f->image.found_id.value, "sha256:11");
        assert_str(call_joined(&a.call, &f->image.found_digests), "sha256:22 sha256:33");
        assert_int_equal(f->image.age.value, INT64_C(14 * 3600) * 1000000 - 500000);
        assert_int_equal(f->image.size.value, 123);
        assert_str(f->image.user.value, "1000:0");
        assert_str(f->image.user_root.value, "no");
        assert_str(f->image.healthcheck.value, "set");
        assert_str(call_joined(&a.call, &f->image.volumes), "/v");
        assert_str(call_joined(&a.call, &f->image.exposed_ports), "22/tcp 80/tcp");
        assert_int_equal(f->image.exposed_ports.head.state, FACT_KNOWN);
        assert_int_equal(f->variables.n, 2);
        assert_str(((const struct variable_fact *)f->variables.items)->from.value, "image");
        done(&a);
}

static void an_image_without_a_day_has_no_age(void **state) {
        static const struct {
                const char *created;
                enum fact_state state;
        } rows[] = {
                { "2026-03-31T23:59:59Z", FACT_KNOWN },
                { "1980-01-03T00:00:00Z", FACT_KNOWN },
                { "1980-01-02T23:59:59.9Z", FACT_UNKNOWN },
                { "1980-01-01T00:00:00Z", FACT_UNKNOWN },
                { "1970-01-01T00:00:00Z", FACT_UNKNOWN },
                { "0001-01-01T00:00:00Z", FACT_UNKNOWN },
                { "2026-04-01T00:00:01Z", FACT_UNKNOWN },
                { "2026-04-01T00:00:00Z", FACT_KNOWN },
                { "", FACT_UNKNOWN },
                { "yesterday", FACT_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char json[128];
                struct asked a;
                struct facts *f = ask_create(&a, "{\"Image\":\"a\"}");

                assert_int_equal(date_parse(STR_C("2026-04-01"), &a.call.request.now), 0);
                snprintf(json, sizeof(json), "{\"Created\":\"%s\"}", rows[i].created);
                answer(&a, 0, json);
                if (f->image.age.head.state != rows[i].state)
                        fail_msg("%s: %d", rows[i].created, f->image.age.head.state);
                done(&a);
        }
}

/* moby daemon/commit.go, merge; the user measured with 20.10: of ":5" the runtime makes user 0, whatever the image
 * says. */
static void what_a_create_leaves_out_is_the_image_s(void **state) {
        static const struct {
                const char *create, *config, *user, *health, *programs;
                enum fact_state state; /* of user_root */
                bool group;
        } rows[] = {
                { "", "", "yes", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\"7\"", "no", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\"7:0\"", "no", "unset", "", FACT_KNOWN, true },
                { "", "\"User\":\"0:0\"", "yes", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\":7\"", "yes", "unset", "", FACT_KNOWN, false },
                { "", "\"User\":\"app\"", "unknown", "unset", "", FACT_UNKNOWN, false },
                { ",\"User\":\"\"", "\"User\":\"7\"", "no", "unset", "", FACT_KNOWN, false },
                { ",\"User\":\"8\"", "\"User\":\"0\"", "no", "unset", "", FACT_KNOWN, false },
                { ",\"User\":\":5\"", "\"User\":\"7\"", "yes", "unset", "", FACT_KNOWN, false },
                { ",\"User\":\" \"", "\"User\":\"7\"", "yes", "unset", "", FACT_KNOWN, false },

                { "", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", "yes", "set", "", FACT_KNOWN, false },
                { "", "\"Healthcheck\":{\"Test\":[\"NONE\"]}", "yes", "none", "", FACT_KNOWN, false },
                { "", "\"Healthcheck\":{\"Test\":[]}", "yes", "unset", "", FACT_KNOWN, false },
                { ",\"Healthcheck\":{\"Interval\":1}", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", "yes", "set", "",
                  FACT_KNOWN, false },
                { ",\"Healthcheck\":{\"Test\":[\"NONE\"]}", "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]}", "yes", "none",
                  "", FACT_KNOWN, false },

                { "", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "e c", FACT_KNOWN, false },
                { ",\"Cmd\":[]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "e c", FACT_KNOWN, false },
                { ",\"Cmd\":[\"x\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "x e", FACT_KNOWN,
                  false },
                { ",\"Entrypoint\":[\"x\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "x", FACT_KNOWN,
                  false },
                { ",\"Entrypoint\":[\"\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "", FACT_KNOWN,
                  false },
                { ",\"Entrypoint\":[]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "c", FACT_KNOWN,
                  false },
                { ",\"Shell\":[\"/s\"]", "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"]", "yes", "unset", "e c", FACT_KNOWN,
                  false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char create[256], json[256];
                struct asked a;
                struct facts *f;

                snprintf(create, sizeof(create), "{\"Image\":\"a\"%s}", rows[i].create);
                snprintf(json, sizeof(json), "{\"Config\":{%s}}", rows[i].config);
                f = ask_create(&a, create);
                answer(&a, 0, json);
                if (!str_eqz(f->container.user_root.value, rows[i].user) ||
                    f->container.user_root.head.state != rows[i].state ||
                    !str_eqz(f->container.healthcheck.value, rows[i].health) ||
                    !str_eqz(call_joined(&a.call, &f->container.programs), rows[i].programs) ||
                    f->container.group_root.value != rows[i].group)
                        fail_msg("row %zu: %" STR_FMT " %" STR_FMT " %" STR_FMT, i,
                                 STR_ARG(f->container.user_root.value), STR_ARG(f->container.healthcheck.value),
                                 STR_ARG(call_joined(&a.call, &f->container.programs)));
                done(&a);
        }
}

static void variables_of_the_request_replace_the_image_s(void **state) {
        struct asked a;
        struct facts *f;
        const struct variable_fact *v;
        struct text t;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"a\",\"Env\":[\"A=1\",\"B\"]}");
        answer(&a, 0, "{\"Config\":{\"Env\":[\"A=2\",\"B=2\",\"AB=3\",\"C\"]}}");
        assert_int_equal(f->variables.n, 4);
        v = f->variables.items;
        assert_str(v[2].name.value, "AB");
        assert_str(v[2].value.value, "3");
        assert_str(v[2].from.value, "image");
        text_init(&t);
        origin_add(&t, &v[2].origin);
        assert_string_equal(t.p, "image Config.Env[2]");
        assert_str(v[3].name.value, "C");
        done(&a);
        text_deinit(&t);
}

/* dockerd answers 404, the client pulls and asks again: until then nothing is charged for what the image would say. */
static void of_an_image_that_is_not_there_nothing_counts(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"Image\":\"a\"}");
        answer(&a, 0, "");
        assert_int_equal(f->image.age.head.state, FACT_OFF);
        assert_int_equal(f->container.user_root.head.state, FACT_OFF);
        assert_int_equal(f->container.healthcheck.head.state, FACT_OFF);
        assert_int_equal(f->variables.head.state, FACT_KNOWN);
        done(&a);

        f = ask_create(&a, "{\"Image\":\"a\",\"User\":\"0\",\"Healthcheck\":{\"Test\":[\"NONE\"]}}");
        answer(&a, 0, "");
        assert_int_equal(f->container.user_root.head.state, FACT_KNOWN);
        assert_int_equal(f->container.healthcheck.head.state, FACT_KNOWN);
        done(&a);

        /* A service's is pulled by the node that runs it. */
        f = ask(&a, (struct wire){ "POST", "/v1.41/services/create",
                                   "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"a@" DIGEST "\"}}}" });
        answer(&a, 0, "");
        assert_str(f->container.user_root.value, "yes");
        assert_int_equal(f->container.user_root.head.state, FACT_KNOWN);
        done(&a);
}

static void an_image_that_nobody_tells_of_is_unknown(void **state) {
        static const char *const rows[] = { NULL,
                                            "null",
                                            "[]",
                                            "{",
                                            "{\"Config\":1}",
                                            "{\"Config\":{\"User\":\"1\",\"User\":\"0\"}}",
                                            "{\"Config\":{\"User\":\"1\",\"user\":\"0\"}}",
                                            "{\"Size\":1e99}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(&a, "{\"Image\":\"a\"}");

                answer(&a, 0, rows[i]);
                assert_int_equal(f->image.age.head.state, FACT_UNKNOWN);
                assert_int_equal(f->image.user_root.head.state, FACT_UNKNOWN);
                assert_int_equal(f->image.found_digests.head.state, FACT_UNKNOWN);
                assert_int_equal(f->container.user_root.head.state, FACT_UNKNOWN);
                assert_int_equal(f->container.healthcheck.head.state, FACT_UNKNOWN);
                assert_int_equal(f->variables.head.state, FACT_UNKNOWN);
                assert_int_equal(f->variables.n, 0);
                done(&a);
        }
}

/* An engine that keeps several platforms under one name tells of its own. */
static void another_platform_of_the_image_is_unknown(void **state) {
        static const struct {
                const char *platform, *image;
                enum fact_state state;
        } rows[] = {
                { "linux/amd64", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_KNOWN },
                { "linux/arm64", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_UNKNOWN },
                { "linux/arm64", "\"Os\":\"linux\",\"Architecture\":\"arm64\",\"Variant\":\"v8\"", FACT_KNOWN },
                { "linux/arm/v6", "\"Os\":\"linux\",\"Architecture\":\"arm\",\"Variant\":\"v7\"", FACT_UNKNOWN },
                { "linux/arm/v7", "\"Os\":\"linux\",\"Architecture\":\"arm\",\"Variant\":\"v7\"", FACT_KNOWN },
                { "windows/amd64", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_UNKNOWN },
                { "", "\"Os\":\"linux\",\"Architecture\":\"amd64\"", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char uri[128], json[256];
                struct asked a;
                struct facts *f;

                snprintf(uri, sizeof(uri), "/v1.41/containers/create?platform=%s", rows[i].platform);
                snprintf(json, sizeof(json), "{%s,\"Config\":{\"User\":\"1\"}}", rows[i].image);
                f = ask(&a, (struct wire){ "POST", uri, "{\"Image\":\"a\"}" });
                answer(&a, 0, json);
                if (f->container.user_root.head.state != rows[i].state)
                        fail_msg("row %zu", i);
                done(&a);
        }
}

/* Which image a name leads to is for each node to say, unless it is pinned. */
static void a_service_inherits_of_a_pinned_image_alone(void **state) {
        static const struct {
                const char *image, *root;
        } rows[] = { { "a", "yes" }, { "a:1", "yes" }, { "a@" DIGEST, "no" }, { "a:1@" DIGEST, "no" } };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char body[256];
                struct asked a;
                struct facts *f;

                snprintf(body, sizeof(body), "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"%s\"}}}",
                         rows[i].image);
                f = ask(&a, (struct wire){ "POST", "/v1.41/services/create", body });
                answer(&a, 0, "{\"Config\":{\"User\":\"1\"}}");
                assert_str(f->image.user_root.value, "no");
                assert_str(f->container.user_root.value, rows[i].root);
                done(&a);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_image_fills_its_facts),
                cmocka_unit_test(an_image_without_a_day_has_no_age),
                cmocka_unit_test(what_a_create_leaves_out_is_the_image_s),
                cmocka_unit_test(variables_of_the_request_replace_the_image_s),
                cmocka_unit_test(of_an_image_that_is_not_there_nothing_counts),
                cmocka_unit_test(an_image_that_nobody_tells_of_is_unknown),
                cmocka_unit_test(another_platform_of_the_image_is_unknown),
                cmocka_unit_test(a_service_inherits_of_a_pinned_image_alone),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
