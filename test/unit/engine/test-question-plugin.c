#include "asked.h"

#define NFS "{\"PluginReference\":\"docker.io/example/nfs:1\"}"

static const struct driver_fact *driver_of(const struct facts *f, size_t i) {
        assert_true(i < f->drivers.n);
        return (const struct driver_fact *)f->drivers.items + i;
}

/* However many drivers bear its name, and whatever they are for. */
static void a_plugin_is_asked_once_for_all_that_bear_its_name(void **state) {
        static const struct {
                const char *json; /* as for answer() */
                enum fact_state state;
                const char *plugin;
        } rows[] = {
                { NFS, FACT_KNOWN, "docker.io/example/nfs:1" },
                { "{}", FACT_KNOWN, "" },
                { "", FACT_KNOWN, "" }, /* there is none that the engine manages */
                { NULL, FACT_UNKNOWN, "" },
                { "{\"PluginReference\":5}", FACT_UNKNOWN, "" },
                { "[]", FACT_UNKNOWN, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f = ask_create(
                        &a, "{\"HostConfig\":{\"VolumeDriver\":\"nfs:latest\",\"Binds\":[\"a:/a\",\"b:/b\",\"/c:/c\"],"
                            "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"d\",\"Target\":\"/d\",\"VolumeOptions\":{"
                            "\"DriverConfig\":{\"Name\":\"nfs\"}}}],\"LogConfig\":{\"Type\":\"nfs\"}}}");

                assert_str(listed(&a), "plugin nfs");
                for (size_t k = 0; k < 4; ++k)
                        assert_int_equal(mount_of(f, k)->plugin.head.state, FACT_OFF);
                answer(&a, 0, rows[i].json);
                for (size_t k = 0; k < 4; ++k) {
                        bool host = k == 2;

                        assert_int_equal(mount_of(f, k)->plugin.head.state, host ? FACT_OFF : rows[i].state);
                        assert_str(mount_of(f, k)->plugin.value, host ? "" : rows[i].plugin);
                }
                assert_int_equal(driver_of(f, 0)->plugin.head.state, rows[i].state);
                assert_str(driver_of(f, 0)->plugin.value, rows[i].plugin);
                assert_int_equal(a.questions.n, 1);
                done(&a);
        }
}

/* An answer about a container may bring one more volume of the plugin that was told of already. */
static void whoever_comes_in_later_is_told_the_same(void **state) {
        static const struct {
                const char *plugin; /* as for answer() */
                enum fact_state state;
                const char *reference;
        } rows[] = {
                { NFS, FACT_KNOWN, "docker.io/example/nfs:1" },
                { "", FACT_KNOWN, "" },
                { NULL, FACT_UNKNOWN, "" },
        };
        static const char peer[] =
                "{\"HostConfig\":{},\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"n\",\"Source\":\"/x\","
                "\"Destination\":\"/n\",\"Driver\":\"nfs:latest\",\"RW\":true}]}";

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (int late = 0; late < 2; ++late) {
                        struct asked a;
                        struct facts *f = ask_create(
                                &a, "{\"HostConfig\":{\"LogConfig\":{\"Type\":\"nfs\"},\"VolumesFrom\":[\"p\"]}}");

                        assert_str(listed(&a), "container p, plugin nfs");
                        answer(&a, late ? 1 : 0, late ? rows[i].plugin : peer);
                        answer(&a, late ? 0 : 1, late ? peer : rows[i].plugin);
                        assert_int_equal(a.questions.n, 2);
                        assert_int_equal(f->mounts.n, 1);
                        assert_str(mount_of(f, 0)->driver.value, "nfs");
                        assert_int_equal(mount_of(f, 0)->plugin.head.state, rows[i].state);
                        assert_str(mount_of(f, 0)->plugin.value, rows[i].reference);
                        done(&a);
                }
}

static void a_volume_s_driver_that_an_answer_names_is_asked_in_turn(void **state) {
        struct asked a;
        struct facts *f;

        (void)state;
        f = ask_create(&a, "{\"HostConfig\":{\"Binds\":[\"a:/a\",\"b:/b\",\"c:/c\"]}}");
        assert_str(listed(&a), "volume a, volume b, volume c");
        answer(&a, 0, "{\"Driver\":\"local\"}");
        assert_str(listed(&a), "volume a, volume b, volume c");
        answer(&a, 1, "{\"Driver\":\"nfs:latest\"}");
        assert_str(listed(&a), "volume a, volume b, volume c, plugin nfs");
        answer(&a, 3, NFS);
        answer(&a, 2, "{\"Driver\":\"nfs\"}");
        assert_int_equal(a.questions.n, 4);
        assert_int_equal(mount_of(f, 0)->plugin.head.state, FACT_OFF);
        assert_str(mount_of(f, 1)->plugin.value, "docker.io/example/nfs:1");
        assert_str(mount_of(f, 2)->plugin.value, "docker.io/example/nfs:1");
        done(&a);
}

static void a_plugin_that_is_enabled_tells_where_it_came_from(void **state) {
        static const struct {
                const char *uri, *json, *installed;
                enum fact_state state;
        } rows[] = {
                { "/v1.41/plugins/p/enable?timeout=0", NFS, "docker.io/example/nfs:1", FACT_KNOWN },
                { "/v1.41/plugins/p/enable?timeout=0", "", "", FACT_KNOWN },
                { "/v1.41/plugins/p/enable?timeout=0", NULL, "", FACT_UNKNOWN },
                { "/v1.41/plugins/p/set", NFS, "docker.io/example/nfs:1", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct asked a;
                struct facts *f =
                        ask(&a, (struct wire){ "POST", rows[i].uri, strstr(rows[i].uri, "set") ? "[]" : NULL });

                assert_str(listed(&a), "plugin p");
                assert_int_equal(f->plugin.installed.head.state, FACT_OFF);
                answer(&a, 0, rows[i].json);
                assert_int_equal(f->plugin.installed.head.state, rows[i].state);
                assert_str(f->plugin.installed.value, rows[i].installed);
                done(&a);
        }
}

static void odd_names_of_plugins_are_not_asked_for(void **state) {
        static const char *const names[] = { "..", "../x", "a/../b", "a//b", "/a", "a/", "./a", "a\\nb", "a\\\\b" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(names); ++i) {
                char body[128];
                struct asked a;
                struct facts *f;

                snprintf(body, sizeof(body), "{\"Name\":\"n\",\"Driver\":\"%s\"}", names[i]);
                f = ask(&a, (struct wire){ "POST", "/v1.41/networks/create", body });
                assert_int_equal(a.questions.n, 0);
                assert_int_equal(driver_of(f, 0)->plugin.head.state, FACT_UNKNOWN);
                done(&a);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_plugin_is_asked_once_for_all_that_bear_its_name),
                cmocka_unit_test(whoever_comes_in_later_is_told_the_same),
                cmocka_unit_test(a_volume_s_driver_that_an_answer_names_is_asked_in_turn),
                cmocka_unit_test(a_plugin_that_is_enabled_tells_where_it_came_from),
                cmocka_unit_test(odd_names_of_plugins_are_not_asked_for),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
