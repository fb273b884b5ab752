#include "call.h"
#include "read/host-config.h"

static void plain_members_become_facts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(
                &c,
                "\"Privileged\":true,\"ReadonlyRootfs\":true,\"PublishAllPorts\":true,\"OomKillDisable\":true,\"Init\":"
                "true,"
                "\"Memory\":1,\"MemorySwap\":-1,\"MemoryReservation\":2,\"NanoCpus\":3,\"CpuQuota\":4,\"CpuShares\":5,"
                "\"PidsLimit\":6,\"ShmSize\":7,\"OomScoreAdj\":-8,\"CpusetCpus\":\"0-1\",\"CgroupParent\":\"/x\","
                "\"Runtime\":\"runsc\",\"LogConfig\":{\"Type\":\"none\",\"Config\":{\"a\":\"b\"}}");

        (void)state;
        assert_true(f->container.privileged.value && f->container.read_only.value &&
                    f->container.publish_all_ports.value);
        assert_true(f->container.oom_kill_disabled.value && f->container.init.value && f->container.init.head.given);
        assert_int_equal(f->container.memory.value, 1);
        assert_int_equal(f->container.memory_swap.value, -1);
        assert_int_equal(f->container.memory_reservation.value, 2);
        assert_int_equal(f->container.nano_cpus.value, 3);
        assert_int_equal(f->container.cpu_quota.value, 4);
        assert_int_equal(f->container.cpu_shares.value, 5);
        assert_int_equal(f->container.pids_limit.value, 6);
        assert_int_equal(f->container.shm_size.value, 7);
        assert_int_equal(f->container.oom_score.value, -8);
        assert_str(f->container.cpuset.value, "0-1");
        assert_str(f->container.cgroup_parent.value, "/x");
        assert_str(f->container.runtime.value, "runsc");
        assert_str(((const struct log_fact *)f->logs.items)->driver.value, "none");
        assert_int_equal(f->log_options.n, 1);
}

static void null_and_absent_are_the_same(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                call_host_config(&c, "\"Privileged\":null,\"PidsLimit\":null,\"Binds\":null,\"CapAdd\":null,"
                                     "\"LogConfig\":null,\"RestartPolicy\":null,"
                                     "\"MaskedPaths\":null,\"OomKillDisable\":null,\"NetworkMode\":null");

        (void)state;
        assert_false(f->container.privileged.head.given);
        assert_false(f->container.pids_limit.head.given);
        assert_false(f->container.capabilities_added.head.given);
        assert_false(f->mounts.head.given);
        assert_str(f->container.restart_policy.value, "no");
        assert_str(f->container.network.value, "default");
        assert_false(f->container.unmasked_paths.value);
        assert_str(call_unknown(&c), "");
}

static void maps_and_lists_become_elements(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(
                &c,
                "\"Sysctls\":{\"net.x\":\"1\",\"NET.X\":\"2\"},\"Tmpfs\":{\"/"
                "tmp\":\"rw,,noexec,size=1m\",\"/run\":\"\"},\"Annotations\":{\"a\":\"b\"},"
                "\"Ulimits\":[{\"Name\":\"nofile\",\"Hard\":-1,\"Soft\":1024}],\"GroupAdd\":[\"0\",\"docker\",\"0\"],"
                "\"Links\":[\"a:b\"],\"ExtraHosts\":[\"h:host-gateway\"]");
        const struct pair_fact *p = f->sysctls.items;
        const struct ulimit_fact *u = f->container.ulimits.items;
        const struct tmpfs_fact *t = f->tmpfs.items;

        (void)state;
        assert_int_equal(f->sysctls.n, 2);
        assert_str(p[1].name.value, "NET.X");
        assert_str(p[1].value.value, "2");
        assert_str(p[1].origin.key, "NET.X");
        assert_int_equal(f->tmpfs.n, 2);
        assert_str(t[0].name.value, "/tmp");
        assert_str(t[0].target.spelling[0], "/tmp");
        assert_false(t[0].exec.value);
        assert_true(t[0].limit.value);
        assert_str(call_joined(&c, &t[0].options), "rw noexec size=1m");
        assert_str(t[1].name.value, "/run");
        assert_int_equal(t[1].options.n, 0);
        assert_int_equal(f->container.annotations.n, 1);
        assert_str(u->name.value, "nofile");
        assert_int_equal(u->hard.value, -1);
        assert_int_equal(u->soft.value, 1024);
        assert_str(call_joined(&c, &f->container.groups), "0 docker");
        assert_str(call_joined(&c, &f->container.links), "a:b");
        assert_str(call_joined(&c, &f->container.extra_hosts), "h:host-gateway");
        /* a tmpfs of the host's making is no mount of something else */
        assert_int_equal(f->mounts.n, 0);
}

static void restart_policies(void **state) {
        static const struct {
                const char *policy, *name, *unknown;
                int retries;
        } rows[] = {
                { "{}", "no", "", 0 },
                { "{\"Name\":\"\"}", "no", "", 0 },
                { "{\"Name\":\"no\"}", "no", "", 0 },
                { "{\"name\":\"always\"}", "always", "", 0 },
                { "{\"Name\":\"unless-stopped\"}", "unless-stopped", "", 0 },
                { "{\"Name\":\"on-failure\",\"MaximumRetryCount\":5}", "on-failure", "", 5 },
                { "{\"Name\":\"Always\"}", "Always", "HostConfig.RestartPolicy.Name=Always", 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char json[128];

                snprintf(json, sizeof(json), "\"RestartPolicy\":%s", rows[i].policy);
                f = call_host_config(&c, json);
                assert_str(f->container.restart_policy.value, rows[i].name);
                assert_int_equal(f->container.restart_retries.value, rows[i].retries);
                assert_str(call_unknown(&c), rows[i].unknown);
        }
}

#define MASKED                                                                                                         \
        "\"/proc/asound\",\"/proc/acpi\",\"/proc/kcore\",\"/proc/keys\",\"/proc/latency_stats\",\"/proc/timer_list\"," \
        "\"/proc/timer_stats\",\"/proc/sched_debug\",\"/proc/scsi\""
#define READ_ONLY "\"/proc/bus\",\"/proc/fs\",\"/proc/irq\",\"/proc/sys\""

static void an_empty_list_unmasks_and_null_does_not(void **state) {
        static const struct {
                const char *json;
                bool unmasked;
        } rows[] = {
                { "", false },
                { "\"MaskedPaths\":null,\"ReadonlyPaths\":null", false },
                { "\"MaskedPaths\":[]", true },
                { "\"ReadonlyPaths\":[]", true },
                { "\"Mas\\u212aedPaths\":[]", true },
                { "\"MaskedPaths\":[" MASKED ",\"/sys/firmware\"]", false },
                { "\"MaskedPaths\":[\"/more\"," MASKED ",\"/sys/firmware\"]", false },
                { "\"MaskedPaths\":[" MASKED "]", true },
                { "\"ReadonlyPaths\":[" READ_ONLY ",\"/proc/sysrq-trigger\"]", false },
                { "\"ReadonlyPaths\":[" READ_ONLY "]", true },
                { "\"MaskedPaths\":[" MASKED ",\"/sys/firmware/\"]", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                if (call_host_config(&c, rows[i].json)->container.unmasked_paths.value != rows[i].unmasked)
                        fail_msg("%s", rows[i].json);
        }
}

/* What engines mask since 25 and 28.0.2. */
static void sensors_are_told_apart(void **state) {
        static const struct {
                const char *json;
                bool unmasked;
        } rows[] = {
                { "", false },
                { "\"MaskedPaths\":null", false },
                { "\"ReadonlyPaths\":[]", false },
                { "\"MaskedPaths\":[]", true },
                { "\"MaskedPaths\":[" MASKED ",\"/sys/firmware\"]", true },
                { "\"MaskedPaths\":[" MASKED ",\"/sys/firmware\",\"/sys/devices/virtual/powercap\"]", true },
                { "\"MaskedPaths\":[" MASKED ",\"/sys/firmware\",\"/proc/interrupts\"]", true },
                { "\"MaskedPaths\":[" MASKED
                  ",\"/proc/interrupts\",\"/sys/firmware\",\"/sys/devices/virtual/powercap\"]",
                  false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                if (call_host_config(&c, rows[i].json)->container.unmasked_sensors.value != rows[i].unmasked)
                        fail_msg("%s", rows[i].json);
        }
}

/* From 27 on, of an interface's parameter: what stands behind a comma is a parameter more. */
static void values_of_interfaces_parameters_are_read(void **state) {
        static const struct {
                const char *sysctls, *names;
        } rows[] = {
                { "\"net.ipv4.conf.eth0.log_martians\":\"1\"", "net.ipv4.conf.eth0.log_martians " },
                { "\"net.ipv4.conf.eth0.log_martians\":\"1,net.ipv4.conf.IFNAME.route_localnet=1,a.b=\"",
                  "net.ipv4.conf.eth0.log_martians net.ipv4.conf.IFNAME.route_localnet a.b " },
                { "\"net.ipv6.neigh.eth7.a.b\":\",x=1\"", "net.ipv6.neigh.eth7.a.b x " },
                { "\"net.ipv4.ip_local_port_range\":\"1,x=2\"", "net.ipv4.ip_local_port_range " },
                { "\"net.ipv4.conf.all.log_martians\":\"1,x=2\"", "net.ipv4.conf.all.log_martians " },
                { "\"kernel.a.b.eth0.c\":\"1,x=2\"", "kernel.a.b.eth0.c " },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char json[256], names[256] = "";
                const struct facts *f;

                snprintf(json, sizeof(json), "\"Sysctls\":{%s}", rows[i].sysctls);
                f = call_host_config(&c, json);
                for (size_t k = 0; k < f->sysctls.n; ++k) {
                        struct str name = ((const struct pair_fact *)f->sysctls.items)[k].name.value;

                        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%.*s ", (int)name.n, name.p);
                }
                assert_string_equal(names, rows[i].names);
        }
}

/* Types are Go's: what Go's decoder refuses must be a flaw, what it takes must not. */
static void values_have_go_s_types(void **state) {
        static const struct {
                const char *json;
                enum flaw flaw;
        } rows[] = {
                { "\"BlkioWeight\":65535", FLAWS },
                { "\"BlkioWeight\":65536", FLAW_NUMBER_RANGE },
                { "\"BlkioWeight\":-1", FLAW_NUMBER_RANGE },
                { "\"Memory\":9223372036854775807", FLAWS },
                { "\"Memory\":1e9", FLAW_NUMBER_RANGE },
                { "\"Memory\":\"1\"", FLAW_WRONG_TYPE },
                { "\"IOMaximumIOps\":-1", FLAW_NUMBER_RANGE },
                { "\"ConsoleSize\":[0,0]", FLAWS },
                { "\"ConsoleSize\":[1]", FLAWS },
                { "\"ConsoleSize\":\"80x25\"", FLAW_WRONG_TYPE },
                { "\"CapAdd\":\"ALL\"", FLAW_BARE_STRING },
                { "\"SecurityOpt\":\"seccomp=unconfined\"", FLAW_WRONG_TYPE },
                { "\"Binds\":\"/:/h\"", FLAW_WRONG_TYPE },
                { "\"Devices\":{}", FLAW_WRONG_TYPE },
                { "\"DeviceRequests\":[{\"Capabilities\":[\"gpu\"]}]", FLAW_WRONG_TYPE },
                { "\"DeviceRequests\":[{\"Capabilities\":[[\"gpu\"]]}]", FLAWS },
                { "\"BlkioDeviceReadBps\":[{\"Path\":\"/dev/sda\",\"Rate\":1}]", FLAWS },
                { "\"BlkioWeightDevice\":[{\"Path\":\"/dev/sda\",\"Weight\":70000}]", FLAW_NUMBER_RANGE },
                { "\"Mounts\":[{\"TmpfsOptions\":{\"Mode\":4294967296}}]", FLAW_NUMBER_RANGE },
                { "\"Mounts\":[{\"TmpfsOptions\":{\"Mode\":511,\"Options\":[[\"a\",\"b\"],[\"c\"]]}}]", FLAWS },
                { "\"LogConfig\":{\"Config\":{\"a\":1}}", FLAW_WRONG_TYPE },
                { "\"PortBindings\":{\"80/tcp\":{\"HostPort\":\"1\"}}", FLAW_WRONG_TYPE },
                { "\"OomKillDisable\":\"true\"", FLAW_WRONG_TYPE },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                char body[256];

                snprintf(body, sizeof(body), "{\"HostConfig\":{%s}}", rows[i].json);
                call_read(&c, (struct wire){ "POST", "/containers/create", body });
                if (rows[i].flaw == FLAWS ? flaws_any(&c.request.flaws) : !flaws_have(&c.request.flaws, rows[i].flaw))
                        fail_msg("%s", rows[i].json);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(plain_members_become_facts),
                cmocka_unit_test(null_and_absent_are_the_same),
                cmocka_unit_test(maps_and_lists_become_elements),
                cmocka_unit_test(restart_policies),
                cmocka_unit_test(an_empty_list_unmasks_and_null_does_not),
                cmocka_unit_test(sensors_are_told_apart),
                cmocka_unit_test(values_of_interfaces_parameters_are_read),
                cmocka_unit_test(values_have_go_s_types),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
