#include "call.h"
#include "read/namespace.h"

static void modes_in_effect(void **state) {
        static const struct {
                const char *api, *host_config;
                const char *network, *pid, *ipc, *uts, *userns, *cgroupns, *unknown;
        } rows[] = {
                { "/v1.41", "", "default", "", "private", "", "", "default", "" },
                { "", "", "default", "", "private", "", "", "default", "" },
                { "/v1.40", "", "default", "", "private", "", "", "host", "" },
                { "/v1.39", "", "default", "", "shareable", "", "", "host", "" },
                { "/v1.39", "\"IpcMode\":\"private\",\"CgroupnsMode\":\"private\"", "default", "", "private", "", "",
                  "private", "" },
                { "/v1.41", "\"Privileged\":true", "default", "", "private", "", "", "host", "" },
                { "/v1.41", "\"Privileged\":true,\"CgroupnsMode\":\"private\"", "default", "", "private", "", "",
                  "private", "" },
                { "/v1.41", "\"NetworkMode\":\"\"", "default", "", "private", "", "", "default", "" },
                { "/v1.41",
                  "\"NetworkMode\":\"host\",\"PidMode\":\"host\",\"IpcMode\":\"host\",\"UTSMode\":\"host\","
                  "\"UsernsMode\":\"host\","
                  "\"CgroupnsMode\":\"host\"",
                  "host", "host", "host", "host", "host", "host", "" },
                { "/v1.41", "\"NetworkMode\":\"anything at all\"", "anything at all", "", "private", "", "", "default",
                  "" },
                { "/v1.41", "\"IpcMode\":\"none\"", "default", "", "none", "", "", "default", "" },
                { "/v1.41", "\"IpcMode\":\"bogus\"", "default", "", "bogus", "", "", "default",
                  "HostConfig.IpcMode=bogus" },
                { "/v1.41", "\"IpcMode\":\"Host\"", "default", "", "Host", "", "", "default",
                  "HostConfig.IpcMode=Host" },
                { "/v1.41", "\"PidMode\":\"private\"", "default", "private", "private", "", "", "default",
                  "HostConfig.PidMode=private" },
                { "/v1.41", "\"UTSMode\":\"host:x\"", "default", "", "private", "host:x", "", "default",
                  "HostConfig.UTSMode=host:x" },
                { "/v1.41", "\"UTSMode\":\"container:x\"", "default", "", "private", "container:x", "", "default",
                  "HostConfig.UTSMode=container:x" },
                { "/v1.41", "\"UsernsMode\":\"private\"", "default", "", "private", "", "private", "default",
                  "HostConfig.UsernsMode=private" },
                { "/v1.41", "\"CgroupnsMode\":\"none\"", "default", "", "private", "", "", "none",
                  "HostConfig.CgroupnsMode=none" },
                { "/v1.41", "\"Cgroup\":\"container:x\"", "default", "", "private", "", "", "default",
                  "HostConfig.Cgroup=container:x" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                char uri[64], body[512];

                snprintf(uri, sizeof(uri), "%s/containers/create", rows[i].api);
                snprintf(body, sizeof(body), "{\"HostConfig\":{%s}}", rows[i].host_config);
                call_read(&c, (struct wire){ "POST", uri, body });
                assert_false(flaws_any(&c.request.flaws));
                assert_str(f->container.network.value, rows[i].network);
                assert_str(f->container.pid.value, rows[i].pid);
                assert_str(f->container.ipc.value, rows[i].ipc);
                assert_str(f->container.uts.value, rows[i].uts);
                assert_str(f->container.userns.value, rows[i].userns);
                assert_str(f->container.cgroupns.value, rows[i].cgroupns);
                assert_str(call_unknown(&c), rows[i].unknown);
        }
}

static void joined_namespaces_are_listed(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(
                &c, "\"NetworkMode\":\"container:a\",\"PidMode\":\"container:b\",\"ipcmode\":\"container:c:d\"");
        const struct join_fact *j = f->container.joins.items;

        (void)state;
        assert_int_equal(f->container.joins.n, 3);
        assert_str(j[0].namespace.value, "network");
        assert_str(j[0].peer.value, "a");
        assert_str(j[1].namespace.value, "pid");
        assert_str(j[1].peer.value, "b");
        assert_str(j[2].namespace.value, "ipc");
        assert_str(j[2].peer.value, "c:d");
        assert_str(call_unknown(&c), "");
}

static void a_network_called_container_joins_nothing(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        assert_int_equal(call_host_config(&c, "\"NetworkMode\":\"container\",\"PidMode\":\"\"")->container.joins.n, 0);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(modes_in_effect),
                cmocka_unit_test(joined_namespaces_are_listed),
                cmocka_unit_test(a_network_called_container_joins_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
