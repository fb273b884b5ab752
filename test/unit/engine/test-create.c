#include "call.h"
#include "read/create.h"

static void the_config_becomes_facts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                call_create(&c, "{\"Image\":\"r.example:5000/"
                                "app:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\","
                                "\"user\":\"7:0\",\"Entrypoint\":[\"/bin/"
                                "sh\",\"-c\",\"sshd\"],"
                                "\"Cmd\":[\"/usr/sbin/sshd\"],\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}}");

        (void)state;
        assert_str(f->container.name.value, "web");
        assert_str(f->container.user.value, "7:0");
        assert_str(f->container.user_root.value, "no");
        assert_true(f->container.group_root.value);
        assert_str(call_joined(&c, &f->container.programs), "sh sshd");
        assert_str(f->container.healthcheck.value, "set");
        assert_str(f->image.reference.value,
                   "r.example:5000/app:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        assert_str(f->image.name.value, "r.example:5000/app");
        assert_str(f->image.registry.value, "r.example:5000");
        assert_str(f->image.tag.value, "1");
        assert_str(f->image.digest.value, "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        assert_true(f->image.pinned.value);
        assert_int_equal(request_yields(&c.request), GROUP_REQUEST | GROUP_DAEMON | GROUP_CONTAINER | GROUP_WORKLOAD |
                                                             GROUP_SANDBOX | GROUP_MOUNTS | GROUP_VARIABLES |
                                                             GROUP_TEXTS | GROUP_IMAGE | GROUP_LOGS | GROUP_DRIVERS |
                                                             GROUP_SYSCTLS | GROUP_LIMITS | GROUP_NETWORKS |
                                                             GROUP_REACHED | GROUP_HISTORY | GROUP_ATTESTED);
}

static void who_it_runs_as(void **state) {
        static const struct {
                const char *body, *root;
                enum fact_state state;
        } rows[] = {
                { "{}", "yes", FACT_KNOWN },
                { "{\"User\":null}", "yes", FACT_KNOWN },
                { "{\"User\":\"\"}", "yes", FACT_KNOWN },
                { "{\"U\\u017fer\":\"0\"}", "yes", FACT_KNOWN },
                { "{\"User\":\":5\"}", "yes", FACT_KNOWN },
                { "{\"User\":\"10001\"}", "no", FACT_KNOWN },
                { "{\"User\":\"app\"}", "unknown", FACT_UNKNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = call_create(&c, rows[i].body);

                assert_str(f->container.user_root.value, rows[i].root);
                assert_int_equal(f->container.user_root.head.state, rows[i].state);
        }
}

static void healthchecks(void **state) {
        static const struct {
                const char *body, *healthcheck;
        } rows[] = {
                { "{}", "unset" },
                { "{\"Healthcheck\":{}}", "unset" },
                { "{\"Healthcheck\":{\"Test\":[]}}", "unset" },
                { "{\"Healthcheck\":{\"Test\":[\"NONE\"]}}", "none" },
                { "{\"Healthcheck\":{\"test\":[\"CMD-SHELL\",\"true\"],\"Interval\":1,\"StartInterval\":2}}", "set" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                assert_str(call_create(&c, rows[i].body)->container.healthcheck.value, rows[i].healthcheck);
        }
}

static void variables_are_split_at_the_first_equals(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_create(&c, "{\"Env\":[\"A=b=c\",\"D\",\"E=\",\"\"]}");
        const struct variable_fact *v = f->variables.items;

        (void)state;
        assert_int_equal(f->variables.n, 4);
        assert_str(v[0].name.value, "A");
        assert_str(v[0].value.value, "b=c");
        assert_str(v[1].name.value, "D");
        assert_false(v[1].value.head.given);
        assert_true(v[2].value.head.given);
        assert_str(v[3].name.value, "");
}

/* What stands alone says nothing: only together they show a password. */
static void an_option_and_its_secret_are_a_text_together(void **state) {
        static const struct {
                const char *where, *text;
        } wanted[] = {
                { "Cmd[0]", "tool" },
                { "Cmd[1]", "--db-password" },
                { "Cmd[2]", "x" },
                { "Cmd[2]", "--db-password x" },
                { "Cmd[3]", "--password-file" },
                { "Cmd[4]", "f" },
                { "Cmd[5]", "password" },
                { "Cmd[6]", "--api-key" },
        };
        cleanup_(call_free) struct call c = { 0 };
        const struct text_fact *t;

        (void)state;
        call_create(&c,
                    "{\"Cmd\":[\"tool\",\"--db-password\",\"x\",\"--password-file\",\"f\",\"password\",\"--api-key\"],"
                    "\"Image\":\"x\"}");
        assert_int_equal(c.request.facts.texts.n, ARRAY_SIZE(wanted));
        t = c.request.facts.texts.items;
        for (size_t i = 0; i < ARRAY_SIZE(wanted); ++i) {
                assert_str(t[i].where.value, wanted[i].where);
                assert_str(t[i].text.value, wanted[i].text);
        }
}

static void texts_name_their_place(void **state) {
        static const char *const wanted[] = { "Env[0] A=1",  "Env[1] B=2", "Entrypoint[0] sh",
                                              "Cmd[0] a",    "Cmd[1] b",   "Healthcheck.Test[0] CMD",
                                              "Labels.x.y l" };
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                call_create(&c, "{\"Env\":[\"A=1\",\"B=2\"],\"Cmd\":[\"a\",\"b\"],\"Entrypoint\":[\"sh\"],"
                                "\"Healthcheck\":{\"Test\":[\"CMD\"]},\"Labels\":{\"x.y\":\"l\"}}");
        const struct text_fact *t = f->texts.items;

        (void)state;
        assert_int_equal(f->texts.n, ARRAY_SIZE(wanted));
        for (size_t i = 0; i < ARRAY_SIZE(wanted); ++i) {
                char is[64];

                snprintf(is, sizeof(is), "%" STR_FMT " %" STR_FMT, STR_ARG(t[i].where.value), STR_ARG(t[i].text.value));
                assert_string_equal(is, wanted[i]);
        }
}

static void programs_are_first_words(void **state) {
        static const struct {
                const char *body, *programs;
        } rows[] = {
                { "{}", "" },
                { "{\"Cmd\":[]}", "" },
                { "{\"Cmd\":[\"\"]}", "" },
                { "{\"Cmd\":[\"/a/\"]}", "" },
                { "{\"Cmd\":[\"sh\",\"-c\",\"dropbear\"]}", "sh" },
                { "{\"Entrypoint\":[\"/x/sh\"],\"Cmd\":[\"sh\"]}", "sh" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_create(&c, rows[i].body);
                assert_str(call_joined(&c, &c.request.facts.container.programs), rows[i].programs);
        }
}

/* Every HostConfig key of engines up to 26, at the top: PROTOCOL 3.4. */
static void hostconfig_keys_at_the_top_are_flaws(void **state) {
        static const char *const keys[] = {
#define KEY(json, member, kind) json,
                HOST_CONFIG_ROWS(KEY)
#undef KEY
                        "Cpuset",
                "privileged",
                "BIND\\u017f",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[128];

                snprintf(body, sizeof(body), "{\"Image\":\"a\",\"%s\":%s,\"HostConfig\":{}}", keys[i],
                         i % 2 ? "\"x\"" : "[{}]");
                call_read(&c, (struct wire){ "POST", "/containers/create", body });
                if (c.request.flaws.set != UINT64_C(1) << FLAW_TOPLEVEL_HOSTCONFIG)
                        fail_msg("%s", body);
        }
}

/* Some clients send every key that they know, with what Go takes for nothing of its type. */
static void nothing_at_the_top_is_no_flaw(void **state) {
        static const struct {
                const char *member;
                bool flawed;
        } rows[] = {
                { "\"VolumesFrom\":[]", false },
                { "\"VolumesFrom\":null", false },
                { "\"volumesfrom\":[]", false },
                { "\"VolumesFrom\":[null]", true },
                { "\"VolumesFrom\":[\"\"]", true },
                { "\"VolumesFrom\":\"\"", true },
                { "\"VolumesFrom\":{}", true },
                { "\"Memory\":0", false },
                { "\"Memory\":-0", true },
                { "\"Memory\":0.0", true },
                { "\"Memory\":1", true },
                { "\"Memory\":\"\"", true },
                { "\"Memory\":false", true },
                { "\"Privileged\":false", false },
                { "\"Privileged\":true", true },
                { "\"Privileged\":0", true },
                { "\"VolumeDriver\":\"\"", false },
                { "\"VolumeDriver\":\" \"", true },
                { "\"Cpuset\":\"\"", false },
                { "\"Cpuset\":\"0\"", true },
                { "\"Cpuset\":0", true },
                { "\"Tmpfs\":{}", false },
                { "\"Tmpfs\":{\"\":\"\"}", true },
                { "\"RestartPolicy\":{}", false },
                { "\"RestartPolicy\":{\"Name\":\"\",\"MaximumRetryCount\":0}", false },
                { "\"RestartPolicy\" : { \"name\" : null } ", false },
                { "\"RestartPolicy\":{\"Name\":\"\",\"MaximumRetryCount\":5}", true },
                { "\"RestartPolicy\":{\"Name\":0}", true },
                { "\"RestartPolicy\":{\"Other\":0}", true },
                { "\"LogConfig\":{\"Type\":\"\",\"Config\":{}}", false },
                { "\"LogConfig\":{\"Type\":\"\",\"Config\":{\"a\":\"b\"}}", true },
                { "\"CapAdd\":[]", false },
                { "\"CapAdd\":\"\"", true }, /* a list of one */
                { "\"MaskedPaths\":null", false },
                { "\"MaskedPaths\":[]", true }, /* unmasks them */
                { "\"ReadonlyPaths\":[]", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[128];

                snprintf(body, sizeof(body), "{\"Image\":\"a\",%s}", rows[i].member);
                call_read(&c, (struct wire){ "POST", "/containers/create", body });
                if (flaws_any(&c.request.flaws) != rows[i].flawed)
                        fail_msg("%s", body);
        }
}

/* All of them are known by what null says. */
static void null_at_the_top_is_no_flaw(void **state) {
        static const char *const keys[] = {
#define KEY(json, member, kind) json,
                HOST_CONFIG_ROWS(KEY)
#undef KEY
                        "Cpuset",
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[128];

                snprintf(body, sizeof(body), "{\"Image\":\"a\",\"%s\":null}", keys[i]);
                call_read(&c, (struct wire){ "POST", "/containers/create", body });
                assert_false(flaws_any(&c.request.flaws));
        }
}

/* As `docker ps --filter label=owner=web` has them, whoever they are put on. */
static void labels_are_told_with_their_values(void **state) {
        static const struct {
                const char *uri, *body;
                size_t at; /* of the fact */
                const char *labels;
        } rows[] = {
                { "/containers/create", "{\"Labels\":{\"owner\":\"web\",\"b\":\"\",\"\":\"x\"}}",
                  offsetof(struct facts, container.labels), "owner=web b= =x" },
                { "/containers/create", "{\"labels\":null}", offsetof(struct facts, container.labels), "" },
                { "/volumes/create", "{\"Labels\":{\"a\":\"b=c\"}}", offsetof(struct facts, volume.labels), "a=b=c" },
                { "/networks/create", "{\"Name\":\"n\",\"Labels\":{\"a\":\"b\"}}",
                  offsetof(struct facts, network.labels), "a=b" },
                { "/services/create",
                  "{\"Labels\":{\"a\":\"b\"},\"TaskTemplate\":{\"ContainerSpec\":{\"Labels\":{\"c\":\"d\"}}}}",
                  offsetof(struct facts, service.labels), "a=b" },
                { "/services/create",
                  "{\"Labels\":{\"a\":\"b\"},\"TaskTemplate\":{\"ContainerSpec\":{\"Labels\":{\"c\":\"d\"}}}}",
                  offsetof(struct facts, container.labels), "c=d" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct fact_set *labels;

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                assert_false(flaws_any(&c.request.flaws));
                labels = (const struct fact_set *)((const char *)&c.request.facts + rows[i].at);
                assert_str(call_joined(&c, labels), rows[i].labels);
        }
}

static void null_is_no_body(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        call_read(&c, (struct wire){ "POST", "/containers/create", "null" });
        assert_true(flaws_have(&c.request.flaws, FLAW_MALFORMED_JSON));
}

static void unknown_keys_are_named(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        call_create(
                &c,
                "{\"Foo\":1,\"HostConfig\":{\"Resources\":{\"Memory\":5},\"Mounts\":[{\"Type\":\"tmpfs\",\"Bar\":{}}]},"
                "\"Labels\":{\"Any\":\"x\"},\"ExposedPorts\":{\"80/tcp\":{}},\"Config\":[],\"None\":null}");
        assert_str(call_unknown(&c), "Foo HostConfig.Resources HostConfig.Mounts[0].Bar Config");
}

static void image_is_unset_without_one(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_create(&c, "{\"Image\":\"\"}");

        (void)state;
        assert_false(f->image.reference.head.given);
        assert_false(f->image.pinned.value);
        assert_str(f->image.name.value, "");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_config_becomes_facts),
                cmocka_unit_test(who_it_runs_as),
                cmocka_unit_test(healthchecks),
                cmocka_unit_test(variables_are_split_at_the_first_equals),
                cmocka_unit_test(texts_name_their_place),
                cmocka_unit_test(an_option_and_its_secret_are_a_text_together),
                cmocka_unit_test(programs_are_first_words),
                cmocka_unit_test(hostconfig_keys_at_the_top_are_flaws),
                cmocka_unit_test(nothing_at_the_top_is_no_flaw),
                cmocka_unit_test(labels_are_told_with_their_values),
                cmocka_unit_test(null_at_the_top_is_no_flaw),
                cmocka_unit_test(null_is_no_body),
                cmocka_unit_test(unknown_keys_are_named),
                cmocka_unit_test(image_is_unset_without_one),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
