#include "call.h"

/* A create at API @minor (0: no version) with @spec, the members of the specification. */
static struct facts *service(struct call *c, unsigned minor, const char *spec) {
        char uri[64] = "/services/create", body[4096];

        if (minor)
                snprintf(uri, sizeof(uri), "/v1.%u/services/create", minor);
        assert_true((size_t)snprintf(body, sizeof(body), "{%s}", spec) < sizeof(body));
        call_read(c, (struct wire){ "POST", uri, body });
        if (flaws_any(&c->request.flaws))
                fail_msg("%s: flaw %s at %" STR_FMT, body, flaw_name(c->request.flaws.notes[0].flaw).p,
                         STR_ARG(c->request.flaws.notes[0].where));
        return &c->request.facts;
}

/* The same with the members of its ContainerSpec. */
static struct facts *container(struct call *c, unsigned minor, const char *members) {
        char spec[4000];

        assert_true((size_t)snprintf(spec, sizeof(spec), "\"TaskTemplate\":{\"ContainerSpec\":{%s}}", members) <
                    sizeof(spec));
        return service(c, minor, spec);
}

static void what_a_service_says_is_said_of_its_containers(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f;
        const struct ulimit_fact *ulimit;
        const struct pair_fact *pairs;
        const struct log_fact *log;

        (void)state;
        f = service(&c, 41,
                    "\"Name\":\"web\",\"Labels\":{\"a\":\"b\"},\"TaskTemplate\":{\"ContainerSpec\":{"
                    "\"Image\":\"app:1\",\"Labels\":{\"c\":\"d\"},\"Command\":[\"/bin/sh\",\"-c\"],\"Args\":[\"sshd\"],"
                    "\"Env\":[\"A=b\"],\"User\":\"10001:0\",\"Groups\":[\"disk\"],\"Init\":true,\"ReadOnly\":true,"
                    "\"Healthcheck\":{\"Test\":[\"CMD\",\"x\"]},\"Hosts\":[\" 192.0.2.1\\tdb  other\",\"alone\"],"
                    "\"Secrets\":[{\"SecretID\":\"1\",\"SecretName\":\"key\"}],\"Configs\":[{\"ConfigName\":\"conf\"}],"
                    "\"Sysctls\":{\"kernel.msgmax\":\"1\"},\"CapabilityAdd\":[\"cap_chown\"],"
                    "\"CapabilityDrop\":[\"all\"],\"Ulimits\":[{\"Name\":\"nofile\",\"Hard\":-1,\"Soft\":5}]},"
                    "\"Resources\":{\"Limits\":{\"NanoCPUs\":1,\"MemoryBytes\":2,\"Pids\":3},"
                    "\"Reservations\":{\"MemoryBytes\":4}},\"LogDriver\":{\"Name\":\"syslog\",\"Options\":{\"tag\":"
                    "\"x\"}}}");
        assert_int_equal(request_yields(&c.request), GROUP_REQUEST | GROUP_DAEMON | GROUP_WORKLOAD | GROUP_SANDBOX |
                                                             GROUP_MOUNTS | GROUP_VARIABLES | GROUP_TEXTS |
                                                             GROUP_IMAGE | GROUP_SERVICE | GROUP_PLUGIN | GROUP_LOGS |
                                                             GROUP_DRIVERS | GROUP_SYSCTLS | GROUP_FETCHES |
                                                             GROUP_NETWORKS | GROUP_HISTORY | GROUP_ATTESTED);
        assert_str(f->container.name.value, "web");
        assert_str(f->image.name.value, "docker.io/library/app");
        assert_str(f->container.user_root.value, "no");
        assert_true(f->container.group_root.value && f->container.init.value && f->container.read_only.value);
        assert_true(f->container.user_given.value && f->container.entrypoint_given.value);
        assert_str(call_joined(&c, &f->container.groups), "disk");
        assert_str(call_joined(&c, &f->container.programs), "sh sshd");
        assert_str(f->container.healthcheck.value, "set");
        assert_str(call_joined(&c, &f->container.extra_hosts), "db:192.0.2.1");
        assert_str(call_joined(&c, &f->container.capabilities_added), "CHOWN");
        assert_str(call_joined(&c, &f->container.capabilities_dropped), "ALL");
        assert_str(call_joined(&c, &f->service.secrets), "key");
        assert_str(call_joined(&c, &f->service.configs), "conf");
        assert_int_equal(f->container.nano_cpus.value, 1);
        assert_int_equal(f->container.memory.value, 2);
        assert_int_equal(f->container.pids_limit.value, 3);
        assert_int_equal(f->container.memory_reservation.value, 4);
        assert_int_equal(f->logs.n, 1);
        log = f->logs.items;
        assert_str(log->driver.value, "syslog");
        assert_str(call_joined(&c, &log->option_names), "tag");

        assert_int_equal(f->container.ulimits.n, 1);
        ulimit = f->container.ulimits.items;
        assert_int_equal(ulimit->hard.value, -1);
        assert_int_equal(f->sysctls.n, 1);
        pairs = f->sysctls.items;
        assert_str(pairs->name.value, "kernel.msgmax");
        assert_int_equal(f->variables.n, 1);
        assert_int_equal(f->texts.n, 9);
        assert_str(call_unknown(&c), "");
}

static void nothing_said_is_docker_s_default(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = container(&c, 44, "\"Image\":\"a\"");

        (void)state;
        assert_str(f->container.user_root.value, "yes");
        assert_str(f->container.restart_policy.value, "any");
        assert_int_equal(f->container.restart_retries.value, 0);
        assert_str(f->container.network.value, "default");
        assert_str(f->container.no_new_privileges.value, "unset");
        assert_int_equal(f->container.no_new_privileges.head.state, FACT_KNOWN);
        assert_str(f->container.seccomp_mode.value, "default");
        assert_str(f->container.healthcheck.value, "unset");
        assert_int_equal(f->mounts.n + f->container.ports.n, 0);
        assert_str(f->service.runtime.value, "container");
}

/* moby container/container.go: an absolute name is the place, any other is joined to the folder, ".." and all. */
static void a_file_laid_over_the_image_is_not_as_built(void **state) {
        static const struct {
                const char *members;
                bool as_built;
        } rows[] = {
                { "\"Image\":\"a\"", true },
                { "\"Image\":\"a\",\"Secrets\":[{\"File\":{\"Name\":\"key\"},\"SecretName\":\"k\"}]", true },
                { "\"Image\":\"a\",\"Secrets\":[{\"File\":{\"Name\":\"/entry\"},\"SecretName\":\"k\"}]", false },
                { "\"Image\":\"a\",\"Secrets\":[{\"File\":{\"Name\":\"../../entry\"}}]", false },
                { "\"Image\":\"a\",\"Configs\":[{\"File\":{\"Name\":\"entry\"},\"ConfigName\":\"c\"}]", false },
                { "\"Image\":\"a\",\"Args\":[\"x\"]", false },
                { "\"Image\":\"a\",\"Dir\":\"/run/secrets\"", false },
                { "\"Image\":\"a\",\"OpenStdin\":true", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                assert_int_equal(container(&c, 44, rows[i].members)->image.as_built.value, rows[i].as_built);
        }
}

/* moby daemon/cluster/convert: strings.ToUpper, and no type is the first of the enum. */
static void mounts_are_spelt_as_a_swarm_spells_them(void **state) {
        static const struct {
                const char *mount;
                const char *kind, *propagation;
        } rows[] = {
                { "\"Type\":\"bind\",\"Source\":\"/etc\"", "host", "" },
                { "\"Type\":\"BIND\",\"Source\":\"/etc\"", "host", "" },
                { "\"Type\":\"b\xc4\xb1nd\",\"Source\":\"/etc\"", "host", "" },
                { "\"Source\":\"/etc\"", "host", "" },
                { "\"Type\":null,\"Source\":\"/etc\"", "host", "" },
                { "\"Type\":\"Volume\",\"Source\":\"v\"", "volume", "" },
                { "\"Type\":\"volume\",\"Source\":\"v\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"o\":"
                  "\"bind\","
                  "\"device\":\"/etc\"}}}",
                  "host", "" },
                { "\"Type\":\"tmpf\xc5\xbf\"", "tmpfs", "" },
                { "\"Type\":\"cluster\",\"Source\":\"v\"", "cluster", "" },
                { "\"Type\":\"npipe\",\"Source\":\"x\"", "unknown", "" },
                { "\"Type\":\"binds\",\"Source\":\"/etc\"", "unknown", "" },
                { "\"Type\":\"bind\",\"Source\":\"/etc\",\"BindOptions\":{\"Propagation\":\"RShared\"}", "host",
                  "rshared" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct mount_fact *m;
                char members[512];

                snprintf(members, sizeof(members), "\"Mounts\":[{\"Target\":\"/h\",%s}]", rows[i].mount);
                assert_int_equal(container(&c, 41, members)->mounts.n, 1);
                m = c.request.facts.mounts.items;
                assert_str(m->kind.value, rows[i].kind);
                assert_str(m->propagation.value, rows[i].propagation);
                if (str_eqz(m->kind.value, "host"))
                        assert_str(m->source.spelling[0], "/etc");
                assert_int_equal(str_empty(call_unknown(&c)), !str_eqz(m->kind.value, "unknown"));
        }
}

static void privileges_of_newer_engines(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f;
        const struct pair_fact *label;

        (void)state;
        f = container(&c, 44,
                      "\"Privileges\":{\"SELinuxContext\":{\"Disable\":true,\"Type\":\"spc_t\",\"Level\":\"\"},"
                      "\"Seccomp\":{\"Mode\":\"unconfined\"},\"AppArmor\":{\"Mode\":\"disabled\"},"
                      "\"NoNewPrivileges\":true}");
        assert_true(f->container.selinux_disabled.value);
        assert_int_equal(f->container.selinux.n, 1);
        label = f->container.selinux.items;
        assert_str(label->name.value, "type");
        assert_str(label->value.value, "spc_t");
        assert_str(f->container.seccomp_mode.value, "unconfined");
        assert_str(f->container.apparmor.value, "unconfined");
        assert_str(f->container.no_new_privileges.value, "on");
        assert_str(call_unknown(&c), "");
}

static void a_seccomp_profile_is_base64(void **state) {
        static const struct {
                const char *seccomp;
                const char *mode, *action;
                bool readable;
        } rows[] = {
                { "\"Mode\":\"default\",\"Profile\":\"x\"", "default", "", false },
                { "\"Mode\":\"custom\",\"Profile\":\"eyJkZWZhdWx0QWN0aW9uIjoiU0NNUF9BQ1RfQUxMT1cifQ==\"", "custom",
                  "SCMP_ACT_ALLOW", true },
                { "\"Mode\":\"custom\",\"Profile\":\"eyJkZWZhdWx0QWN0aW9uIjoi\\nU0NNUF9BQ1RfQUxMT1cifQ==\\r\"",
                  "custom", "SCMP_ACT_ALLOW", true },
                { "\"Mode\":\"custom\",\"Profile\":\"e30=\"", "unconfined", "", true },
                { "\"Mode\":\"custom\",\"Profile\":\"{}\"", "custom", "", false },
                { "\"Mode\":\"custom\"", "custom", "", false },
                { "\"Mode\":\"custom\",\"Profile\":\"dW5jb25maW5lZA==\"", "unconfined", "", false },
                { "\"Mode\":\"custom\",\"Profile\":\"YnVpbHRpbg==\"", "default", "", false },
                { "\"Mode\":\"Custom\"", "unconfined", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char members[512];

                snprintf(members, sizeof(members), "\"Privileges\":{\"Seccomp\":{%s}}", rows[i].seccomp);
                f = container(&c, 44, members);
                assert_str(f->container.seccomp_mode.value, rows[i].mode);
                assert_str(f->container.seccomp_default_action.value, rows[i].action);
                assert_int_equal(f->container.seccomp_readable.value, rows[i].readable);
        }
}

/* What protects counts only where every engine that takes the version reads it. */
static void the_version_decides_what_protects(void **state) {
        static const char members[] = "\"CapabilityDrop\":[\"ALL\"],\"Privileges\":{\"NoNewPrivileges\":true}";
        static const struct {
                unsigned minor;
                const char *dropped, *no_new_privileges;
                enum fact_state state;
        } rows[] = {
                { 40, "", "unset", FACT_OFF },   { 41, "ALL", "unset", FACT_OFF },  { 43, "ALL", "unset", FACT_OFF },
                { 44, "ALL", "on", FACT_KNOWN }, { 0, "ALL", "unset", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = container(&c, rows[i].minor, members);

                assert_str(call_joined(&c, &f->container.capabilities_dropped), rows[i].dropped);
                assert_str(f->container.no_new_privileges.value, rows[i].no_new_privileges);
                assert_int_equal(f->container.no_new_privileges.head.state, rows[i].state);
        }
}

static void an_old_version_limits_no_processes(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        service(&c, 40, "\"TaskTemplate\":{\"Resources\":{\"Limits\":{\"Pids\":100,\"MemoryBytes\":1}}}");
        assert_int_equal(c.request.facts.container.pids_limit.value, 0);
        assert_int_equal(c.request.facts.container.memory.value, 1);
}

/* A container's limit is memory and swap together; a service says the swap alone, to engines that know of it. */
static void swap_is_counted_with_the_memory(void **state) {
        static const struct {
                unsigned minor;
                const char *resources;
                int64_t limit;
        } rows[] = {
                { 52, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":50", 150 },
                { 52, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":0", 100 },
                { 52, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":null", 0 },
                { 52, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":-1", -1 },
                { 52, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":9223372036854775807", 0 },
                { 52, "\"SwapBytes\":50", 0 }, /* the engine refuses it */
                { 51, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":50", 0 },
                { 0, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":50", 0 },
                { 51, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":-1", -1 },
                { 0, "\"Limits\":{\"MemoryBytes\":100},\"SwapBytes\":-1", -1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char spec[200];

                snprintf(spec, sizeof(spec), "\"TaskTemplate\":{\"Resources\":{%s}}", rows[i].resources);
                assert_int_equal(service(&c, rows[i].minor, spec)->container.memory_swap.value, rows[i].limit);
        }
}

static void how_often_it_restarts(void **state) {
        static const struct {
                const char *policy;
                const char *name;
                int retries;
        } rows[] = {
                { "", "any", 0 },
                { "\"Condition\":\"none\",\"MaxAttempts\":3", "no", 3 },
                { "\"Condition\":\"on-failure\",\"MaxAttempts\":3,\"Window\":0", "on-failure", 3 },
                { "\"Condition\":\"on-failure\",\"MaxAttempts\":3,\"Window\":1", "on-failure", 0 },
                { "\"MaxAttempts\":3", "any", 3 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char spec[256];

                snprintf(spec, sizeof(spec), "\"TaskTemplate\":{\"RestartPolicy\":{%s}}", rows[i].policy);
                f = service(&c, 41, spec);
                assert_str(f->container.restart_policy.value, rows[i].name);
                assert_int_equal(f->container.restart_retries.value, rows[i].retries);
        }
}

static void the_host_s_network_has_a_name_and_an_id(void **state) {
        static const struct {
                const char *task, *service;
                const char *network;
                enum fact_state state;
        } rows[] = {
                { "", "", "default", FACT_KNOWN },
                { "host", "", "host", FACT_KNOWN },
                { "", "host", "host", FACT_KNOWN },
                { "app-net", "host", "host", FACT_KNOWN },
                { "app_net", "", "app_net", FACT_KNOWN },
                { "vacktmzmpnny0xb4d60eg7zp0", "", "vacktmzmpnny0xb4d60eg7zp0", FACT_UNKNOWN },
                { "app-net", "4fa7", "app-net", FACT_UNKNOWN },
                { "host", "4fa7", "host", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char spec[256];
                int n = snprintf(spec, sizeof(spec), "\"Name\":\"a\"");

                if (*rows[i].task)
                        n += snprintf(spec + n, sizeof(spec) - (size_t)n,
                                      ",\"TaskTemplate\":{\"Networks\":[{\"Target\":\"%s\"}]}", rows[i].task);
                if (*rows[i].service)
                        snprintf(spec + n, sizeof(spec) - (size_t)n, ",\"Networks\":[{\"Target\":\"%s\"}]",
                                 rows[i].service);
                f = service(&c, 41, spec);
                assert_str(f->container.network.value, rows[i].network);
                assert_int_equal(f->container.network.head.state, rows[i].state);
        }
}

static void ports_are_open_everywhere(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct port_fact *ports;
        const struct facts *f;

        (void)state;
        f = service(&c, 41,
                    "\"EndpointSpec\":{\"Mode\":\"vip\",\"Ports\":[{\"TargetPort\":80,\"PublishedPort\":8080},"
                    "{\"Protocol\":\"UDP\",\"TargetPort\":53,\"PublishMode\":\"host\"},{\"TargetPort\":65536}]}");
        assert_int_equal(f->container.port_count.value, 3);
        assert_int_equal(f->container.ports.n, 3);
        ports = f->container.ports.items;
        assert_str(ports[0].reach.value, "everywhere");
        assert_str(ports[0].protocol.value, "tcp");
        assert_int_equal(ports[0].container.lo, 80);
        assert_int_equal(ports[0].host.hi, 8080);
        assert_str(ports[1].reach.value, "everywhere");
        assert_str(ports[1].protocol.value, "udp");
        assert_int_equal(ports[1].host.lo, 0);
        assert_str(call_unknown(&c), "EndpointSpec.Ports[2]=beyond 65535");
}

static void a_plugin_is_no_container(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct privilege_fact *privilege;
        const struct facts *f;

        (void)state;
        f = service(
                &c, 41,
                "\"TaskTemplate\":{\"Runtime\":\"plugin\",\"PluginSpec\":{\"Name\":\"ev\",\"Remote\":\"r.example/x\","
                "\"Privileges\":[{\"Name\":\"mount\",\"Value\":[\"/\"]}],\"Env\":[\"A=b\"]}}");
        assert_true(f->plugin.service.value);
        assert_str(f->plugin.name.value, "ev");
        assert_false(f->plugin.own.value);
        assert_str(f->image.name.value, "r.example/x");
        assert_int_equal(f->plugin.privileges.n, 1);
        privilege = f->plugin.privileges.items;
        assert_str(privilege->name.value, "mount");
        assert_int_equal(f->mounts.n, 1);
        assert_int_equal(f->variables.n, 1);
        assert_int_equal(f->container.memory.head.state, FACT_OFF);
        assert_int_equal(f->container.user_root.head.state, FACT_OFF);
        assert_int_equal(f->image.pinned.head.state, FACT_KNOWN);
}

static void what_no_engine_runs_is_unknown(void **state) {
        static const struct {
                const char *spec, *unknown;
        } rows[] = {
                { "\"TaskTemplate\":{\"Runtime\":\"attachment\"}", "TaskTemplate.Runtime=attachment" },
                { "\"TaskTemplate\":{\"Runtime\":\"Plugin\"}", "TaskTemplate.Runtime=Plugin" },
                { "\"TaskTemplate\":{\"NetworkAttachmentSpec\":{\"ContainerID\":\"x\"}}",
                  "TaskTemplate.NetworkAttachmentSpec=x" },
                { "\"TaskTemplate\":{\"RestartPolicy\":{\"Condition\":\"always\"}}",
                  "TaskTemplate.RestartPolicy.Condition=always" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"Privileges\":{\"CredentialSpec\":{\"File\":\"f\"}}}}",
                  "TaskTemplate.ContainerSpec.Privileges.CredentialSpec=f" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"Privileged\":true}}",
                  "TaskTemplate.ContainerSpec.Privileged" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                service(&c, 41, rows[i].spec);
                assert_str(call_unknown(&c), rows[i].unknown);
        }
}

static void an_update_may_bring_the_past_back(void **state) {
        static const struct {
                const char *query, *rollback;
        } rows[] = {
                { "version=9", "" },     { "version=9&rollback=previous", "previous" },
                { "rollback=none", "" }, { "rollback=", "" },
                { "rollback=x", "x" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char uri[128];

                snprintf(uri, sizeof(uri), "/v1.41/services/web/update?%s", rows[i].query);
                call_read(&c, (struct wire){ "POST", uri, "{\"TaskTemplate\":{\"ContainerSpec\":{\"User\":\"0\"}}}" });
                assert_false(flaws_any(&c.request.flaws));
                assert_str(c.request.facts.service.id.value, "web");
                assert_str(c.request.facts.service.rollback.value, rows[i].rollback);
                assert_str(c.request.facts.container.user_root.value, "yes");
        }
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws(
                "/v1.41/services/create", { "null", FLAW_MALFORMED_JSON }, { "[]", FLAW_WRONG_TYPE },
                { "{\"TaskTemplate\":{\"ContainerSpec\":{\"Command\":\"sh\"}}}", FLAW_WRONG_TYPE },
                { "{\"TaskTemplate\":{},\"tasktemplate\":{}}", FLAW_DUPLICATE_KEY },
                { "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"volume\",\"type\":\"bind\"}]}}}",
                  FLAW_DUPLICATE_KEY },
                { "{\"TaskTemplate\":{\"Resources\":{\"Limits\":{\"Pids\":1e3}}}}", FLAW_NUMBER_RANGE },
                { "{\"EndpointSpec\":{\"Ports\":[{\"TargetPort\":-1}]}}", FLAW_NUMBER_RANGE },
                { "{\"Name\":\"a\"}{}", FLAW_TRAILING_DATA });
}

/* Up to engine 20.10 the handler looks at no content type, and dockerd then hides the body. */
static void a_hidden_body_is_missed(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        call_read(&c, (struct wire){ "POST", "/v1.41/services/create", NULL,
                                     "\"Content-Type\":\"text/plain\",\"Content-Length\":\"547\"" });
        assert_true(flaws_have(&c.request.flaws, FLAW_BODY_MISSING));
}

/* -- templates -- */

#define T "{{print \\\"x\\\"}}"

/* swarmkit expands them on a node, once they were judged: "/{{print \"etc\"}}" is /etc by then. */
static void a_template_in_a_mount_is_a_flaw(void **state) {
        static const struct {
                const char *mount;
                bool flawed;
        } rows[] = {
                { "\"Type\":\"bind\",\"Source\":\"/" T "\",\"Target\":\"/t\"", true },
                { "\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/" T "\"", true },
                { "\"Type\":\"volume\",\"Source\":\"v" T "\",\"Target\":\"/t\"", true },
                { "\"Type\":\"VOLUME\",\"Source\":\"" T "\",\"Target\":\"/t\"", true },
                { "\"Type\":\"tmpfs\",\"Target\":\"/" T "\"", true },
                { "\"Type\":\"cluster\",\"Source\":\"" T "\",\"Target\":\"/t\"", true },
                { "\"Type\":\"npipe\",\"Source\":\"" T "\",\"Target\":\"/t\"", true },
                { "\"Source\":\"/" T "\",\"Target\":\"/t\"", true },
                { "\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"Labels\":{\"a\":\"" T "\"}}", true },
                { "\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"Labels\":{\"a\":\"b\",\"c\":\"" T "\"}}",
                  true },
                { "\"Type\":\"volume\",\"Target\":\"/"
                  "t\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"device\":\"/" T "\"}}}",
                  true },
                /* of a bind they are expanded as well */
                { "\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/t\",\"VolumeOptions\":{\"Labels\":{\"a\":\"" T
                  "\"}}",
                  true },
                /* however the brackets come, and whatever is within */
                { "\"Type\":\"bind\",\"Source\":\"/{{\",\"Target\":\"/t\"", true },
                { "\"Type\":\"bind\",\"Source\":\"/{{/* x */}}\",\"Target\":\"/t\"", true },
                { "\"Type\":\"bind\",\"Source\":\"/{{- 1 -}}\",\"Target\":\"/t\"", true },
                { "\"Type\":\"bind\",\"Source\":\"/a{{{\",\"Target\":\"/t\"", true },
                { "\"Type\":\"bind\",\"Source\":\"/\\u007b{.Node.ID}}\",\"Target\":\"/t\"", true },
                { "\"type\":\"bind\",\"source\":\"/" T "\",\"target\":\"/t\"", true },
                /* no template */
                { "\"Type\":\"bind\",\"Source\":\"/a}}b\",\"Target\":\"/t\"", false },
                { "\"Type\":\"bind\",\"Source\":\"/{ {a\",\"Target\":\"/t\"", false },
                { "\"Type\":\"bind\",\"Source\":\"/{a}\",\"Target\":\"/t\"", false },
                /* not expanded: names of labels and options, of the driver, a folder within */
                { "\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"Labels\":{\"" T "\":\"a\"}}", false },
                { "\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"" T
                  "\",\"Options\":{\"" T "\":\"a\"}}}",
                  false },
                { "\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"Subpath\":\"" T "\"}", false },
                { "\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"Options\":[[\"" T "\"]]}", false },
        };
        static const char *const uris[] = { "/v1.44/services/create", "/services/create",
                                            "/v1.44/services/web/update?version=1" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(uris); ++k) {
                        cleanup_(call_free) struct call c = { 0 };
                        char body[1024];

                        snprintf(body, sizeof(body),
                                 "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/"
                                 "a\"},{%s}]}}}",
                                 rows[i].mount);
                        call_read(&c, (struct wire){ "POST", uris[k], body });
                        if (flaws_have(&c.request.flaws, FLAW_TEMPLATE) != rows[i].flawed ||
                            flaws_any(&c.request.flaws) != rows[i].flawed)
                                fail_msg("%s", rows[i].mount);
                        if (rows[i].flawed)
                                assert_str(c.request.flaws.notes[0].where, "TaskTemplate.ContainerSpec.Mounts");
                }
}

/* Of a container nothing is expanded. */
static void a_container_s_mounts_have_no_templates(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        call_create(&c,
                    "{\"Image\":\"a\",\"Hostname\":\"" T "\",\"Env\":[\"A=" T
                    "\"],\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/" T "\",\"Target\":\"/t\"}]}}");
        assert_int_equal(c.request.facts.service.templates.n, 0);
        assert_int_equal(((const struct variable_fact *)c.request.facts.variables.items)->value.head.state, FACT_KNOWN);
}

/* What a variable will hold nobody can tell; its name stays as it is. */
static void a_template_in_a_variable_makes_its_value_unknown(void **state) {
        static const struct {
                const char *env, *name;
                enum fact_state state;
        } rows[] = {
                { "A={{.Node.Hostname}}", "A", FACT_UNKNOWN },
                { "A=b{{", "A", FACT_UNKNOWN },
                { "A=b=c{{.Task.ID}}", "A", FACT_UNKNOWN },
                { "A=}}", "A", FACT_KNOWN },
                { "A=b", "A", FACT_KNOWN },
                { "A=", "A", FACT_KNOWN },
                /* a name is not expanded, nor what has no value */
                { "{{A=b", "{{A", FACT_KNOWN },
                { "{{A", "{{A", FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                bool unknown = rows[i].state == FACT_UNKNOWN;
                const struct variable_fact *v;
                const struct text_fact *t;
                const struct facts *f;
                char members[128];

                snprintf(members, sizeof(members), "\"Env\":[\"Z=z\",\"%s\"]", rows[i].env);
                f = container(&c, 44, members);
                assert_int_equal(f->variables.n, 2);
                v = f->variables.items;
                assert_int_equal(v[0].value.head.state, FACT_KNOWN);
                assert_str(v[1].name.value, rows[i].name);
                assert_int_equal(v[1].name.head.state, FACT_KNOWN);
                assert_int_equal(v[1].value.head.state, rows[i].state);
                assert_str(call_joined(&c, &f->service.templates), unknown ? "A" : "");
                assert_int_equal(f->service.templates.head.given, unknown);
                t = f->texts.items;
                assert_int_equal(f->texts.n, 2);
                assert_int_equal(t[0].text.head.state, FACT_KNOWN);
                if (unknown)
                        assert_int_equal(t[1].text.head.state, FACT_UNKNOWN);
        }
}

static void the_hostname_is_expanded_and_little_else(void **state) {
        static const struct {
                const char *spec, *templates;
        } rows[] = {
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"Hostname\":\"{{.Node.Hostname}}\"}}", "Hostname" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"hostname\":\"a{{\",\"Env\":[\"B={{\",\"A={{\",\"B={{.X}}\"]}"
                  "}",
                  "B A Hostname" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"Hostname\":\"a}}\"}}", "" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"{{a\",\"Command\":[\"{{a\"],\"Args\":[\"{{a\"],"
                  "\"Dir\":\"/{{a\","
                  "\"User\":\"{{a\",\"Labels\":{\"a\":\"{{a\"},\"Hosts\":[\"192.0.2.1 {{a\"],\"Groups\":[\"{{a\"]}}",
                  "" },
                { "\"Name\":\"{{a\",\"Labels\":{\"a\":\"{{a\"},\"TaskTemplate\":{\"LogDriver\":{\"Name\":\"syslog\","
                  "\"Options\":{\"tag\":\"{{.ID}}\"}},"
                  "\"Networks\":[{\"Target\":\"{{a\"}]}",
                  "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = service(&c, 44, rows[i].spec);

                assert_str(call_joined(&c, &f->service.templates), rows[i].templates);
        }
}

/* An older specification's credentials, which nobody has judged with this one. */
static void whose_credentials_an_update_takes_is_told(void **state) {
        static const struct {
                const char *query, *rollback, *auth;
        } rows[] = {
                { "", "", "" },
                { "&registryAuthFrom=", "", "" },
                { "&registryAuthFrom=spec", "", "" },
                { "&registryAuthFrom=previous-spec", "", "previous-spec" },
                { "&registryAuthFrom=Spec", "", "Spec" }, /* is refused: never harmless */
                { "&registryAuthFrom=%70revious-spec", "", "previous-spec" },
                { "&registryAuthFrom=spec&registryAuthFrom=previous-spec", "", "" },
                { "&registryAuthFrom=previous-spec&registryAuthFrom=spec", "", "previous-spec" },
                { "&RegistryAuthFrom=previous-spec", "", "" },
                { "&rollback=", "", "" },
                { "&rollback=none", "", "" },
                { "&rollback=previous", "previous", "" },
                { "&rollback=x", "x", "" },
                { "&rollback=previous&registryAuthFrom=previous-spec", "previous", "previous-spec" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                char uri[160];

                snprintf(uri, sizeof(uri), "/v1.44/services/web/update?version=1%s", rows[i].query);
                call_read(&c, (struct wire){ "POST", uri, "{\"TaskTemplate\":{\"ContainerSpec\":{}}}" });
                assert_false(flaws_any(&c.request.flaws));
                assert_str(f->service.id.value, "web");
                assert_str(f->service.rollback.value, rows[i].rollback);
                assert_str(f->service.registry_auth_from.value, rows[i].auth);
                assert_int_equal(f->service.registry_auth_from.head.given, *rows[i].auth != 0);
        }
}

/* Played on 20.10: 8389101, Go's setuid bit and 0555, laid a -r-sr-xr-x file of root's into the container. */
static void files_may_carry_set_id_bits(void **state) {
        static const struct {
                const char *members, *is;
        } rows[] = {
                { "", "" },
                { "\"Secrets\":[{\"SecretName\":\"s\",\"File\":{\"Name\":\"n\",\"Mode\":292}}]", "secret s n" },
                { "\"Secrets\":[{\"SecretName\":\"s\",\"File\":{\"Mode\":8389101}}]", "secret s  set" },
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"/bin/x\",\"Mode\":8389101}}]",
                  "config c /bin/x set" },
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"/x\",\"Mode\":4194304}}]",
                  "config c /x set" },
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"/x\",\"Mode\":2541}}]", "config c /x set" },
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"/x\",\"Mode\":1536}}]", "config c /x set" },
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"/x\",\"Mode\":511}}]", "config c /x" },
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":{\"Name\":\"/x\",\"Mode\":1048576}}]",
                  "config c /x" }, /* sticky */
                { "\"Configs\":[{\"ConfigName\":\"c\",\"File\":null}]", "config c " },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = container(&c, 44, rows[i].members);
                struct text t;

                text_init_arena(&t, &c.arena);
                text_addz(&t, "");
                for (size_t k = 0; k < f->service.files.n; ++k) {
                        const struct service_file_fact *file =
                                (const struct service_file_fact *)f->service.files.items + k;

                        text_addf(&t, "%s%" STR_FMT " %" STR_FMT " %" STR_FMT "%s", k ? "; " : "",
                                  STR_ARG(file->kind.value), STR_ARG(file->name.value), STR_ARG(file->target.value),
                                  file->set_id.value ? " set" : "");
                }
                assert_str(text_str(&t), rows[i].is);
        }
}

static void devices_of_nodes_are_devices(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = service(
                &c, 44,
                "\"TaskTemplate\":{\"Resources\":{\"Reservations\":{\"GenericResources\":[{\"NamedResourceSpec\":{"
                "\"Kind\":\"GPU\",\"Value\":\"UUID-1\"}},{\"discreteresourcespec\":{\"Kind\":\"SSD\",\"Value\":3}},{}]}"
                "}}");
        const struct device_request_fact *d = f->container.device_requests.items;

        (void)state;
        assert_int_equal(f->container.device_requests.n, 2);
        assert_str(d[0].device.value, "GPU:UUID-1");
        assert_str(d[1].device.value, "SSD:3");
        assert_false(d[0].all.value || d[1].all.value);
        assert_int_equal(d[1].origin.index, 1);
}

static void how_many_tasks_and_where(void **state) {
        static const struct {
                const char *spec;
                int64_t replicas, stop_timeout;
                const char *constraints;
        } rows[] = {
                { "", 1, 10, "" },
                { "\"Mode\":{\"Global\":{}}", 1, 10, "" },
                { "\"Mode\":{\"Replicated\":{\"Replicas\":7}}", 7, 10, "" },
                { "\"Mode\":{\"Replicated\":{\"Replicas\":0}}", 0, 10, "" },
                { "\"Mode\":{\"Replicated\":{}}", 1, 10, "" },
                { "\"Mode\":{\"ReplicatedJob\":{\"MaxConcurrent\":3,\"TotalCompletions\":9}}", 9, 10, "" },
                { "\"Mode\":{\"ReplicatedJob\":{\"MaxConcurrent\":3}}", 3, 10, "" },
                { "\"TaskTemplate\":{\"Placement\":{\"Constraints\":[\"node.role==manager\"]}}", 1, 10,
                  "node.role==manager" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"StopGracePeriod\":90000000000}}", 1, 90, "" },
                { "\"TaskTemplate\":{\"ContainerSpec\":{\"StopGracePeriod\":-1}}", 1, -1, "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = service(&c, 44, rows[i].spec);

                assert_int_equal(f->service.replicas.value, rows[i].replicas);
                assert_int_equal(f->container.stop_timeout.value, rows[i].stop_timeout);
                assert_str(call_joined(&c, &f->service.constraints), rows[i].constraints);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(files_may_carry_set_id_bits),
                cmocka_unit_test(devices_of_nodes_are_devices),
                cmocka_unit_test(how_many_tasks_and_where),
                cmocka_unit_test(what_a_service_says_is_said_of_its_containers),
                cmocka_unit_test(nothing_said_is_docker_s_default),
                cmocka_unit_test(a_file_laid_over_the_image_is_not_as_built),
                cmocka_unit_test(mounts_are_spelt_as_a_swarm_spells_them),
                cmocka_unit_test(privileges_of_newer_engines),
                cmocka_unit_test(a_seccomp_profile_is_base64),
                cmocka_unit_test(the_version_decides_what_protects),
                cmocka_unit_test(an_old_version_limits_no_processes),
                cmocka_unit_test(swap_is_counted_with_the_memory),
                cmocka_unit_test(how_often_it_restarts),
                cmocka_unit_test(the_host_s_network_has_a_name_and_an_id),
                cmocka_unit_test(ports_are_open_everywhere),
                cmocka_unit_test(a_plugin_is_no_container),
                cmocka_unit_test(what_no_engine_runs_is_unknown),
                cmocka_unit_test(an_update_may_bring_the_past_back),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
                cmocka_unit_test(a_hidden_body_is_missed),
                cmocka_unit_test(a_template_in_a_mount_is_a_flaw),
                cmocka_unit_test(a_container_s_mounts_have_no_templates),
                cmocka_unit_test(a_template_in_a_variable_makes_its_value_unknown),
                cmocka_unit_test(the_hostname_is_expanded_and_little_else),
                cmocka_unit_test(whose_credentials_an_update_takes_is_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
