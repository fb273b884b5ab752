#include "call.h"

static void update(struct call *c, const char *body) {
        call_read(c, (struct wire){ "POST", "/v1.41/containers/web/update", body });
}

static void everything_said_becomes_facts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;

        (void)state;
        update(&c,
               "{\"CpuShares\":1,\"memory\":2,\"NanoCPUs\":3,\"CpuPeriod\":4,\"CpuQuota\":-1,\"CpusetCpus\":\"0-1\","
               "\"MemoryReservation\":5,\"MemorySwap\":-1,\"PidsLimit\":0,\"RestartPolicy\":{\"Name\":\"on-failure\","
               "\"MaximumRetryCount\":6}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(request_yields(&c.request),
                         GROUP_REQUEST | GROUP_DAEMON | GROUP_UPDATE | GROUP_TARGET | GROUP_LIMITS);
        assert_str(f->update.container.value, "web");
        assert_int_equal(f->update.cpu_shares.value, 1);
        assert_int_equal(f->update.memory.value, 2);
        assert_int_equal(f->update.nano_cpus.value, 3);
        assert_int_equal(f->update.cpu_period.value, 4);
        assert_int_equal(f->update.cpu_quota.value, -1);
        assert_str(f->update.cpuset.value, "0-1");
        assert_int_equal(f->update.memory_reservation.value, 5);
        assert_int_equal(f->update.memory_swap.value, -1);
        assert_true(f->update.pids_limit.head.given);
        assert_str(f->update.restart_policy.value, "on-failure");
        assert_int_equal(f->update.restart_retries.value, 6);
        assert_str(call_unknown(&c), "");
}

/* What the 20.10 client sends for `docker update --memory 64m`. */
static void the_clients_zeros_leave_all_as_it_was(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;

        (void)state;
        update(&c, "{\"CpuShares\":0,\"Memory\":67108864,\"NanoCpus\":0,\"CgroupParent\":\"\",\"BlkioWeight\":0,"
                   "\"BlkioWeightDevice\":null,\"BlkioDeviceReadBps\":null,\"BlkioDeviceWriteBps\":null,"
                   "\"BlkioDeviceReadIOps\":null,\"BlkioDeviceWriteIOps\":null,\"CpuPeriod\":0,\"CpuQuota\":0,"
                   "\"CpuRealtimePeriod\":0,\"CpuRealtimeRuntime\":0,\"CpusetCpus\":\"\",\"CpusetMems\":\"\","
                   "\"Devices\":null,\"DeviceCgroupRules\":null,\"DeviceRequests\":null,\"KernelMemory\":0,"
                   "\"KernelMemoryTCP\":0,\"MemoryReservation\":0,\"MemorySwap\":0,\"MemorySwappiness\":null,"
                   "\"OomKillDisable\":null,\"PidsLimit\":null,\"Ulimits\":null,\"CpuCount\":0,\"CpuPercent\":0,"
                   "\"IOMaximumIOps\":0,\"IOMaximumBandwidth\":0,\"RestartPolicy\":{\"Name\":\"\","
                   "\"MaximumRetryCount\":0}}");
        assert_false(flaws_any(&c.request.flaws));
        assert_str(call_unknown(&c), "");
        assert_int_equal(f->update.memory.value, 67108864);
        assert_int_equal(f->update.memory_swap.value, 0);
        assert_false(f->update.pids_limit.head.given);
        assert_str(f->update.restart_policy.value, "");
}

static void odd_policies_and_keys_are_told(void **state) {
        static const struct {
                const char *body, *unknown;
        } rows[] = {
                { "{\"RestartPolicy\":{\"Name\":\"Always\"}}", "RestartPolicy.Name=Always" },
                { "{\"RestartPolicy\":{\"Name\":\"no\"}}", "" },
                /* dockerd passes over them: they are HostConfig's own, not the embedded resources'. */
                { "{\"Privileged\":true,\"Binds\":[\"/:/h\"]}", "Privileged Binds" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                update(&c, rows[i].body);
                assert_false(flaws_any(&c.request.flaws));
                assert_str(call_unknown(&c), rows[i].unknown);
                assert_false(c.request.facts.container.privileged.value);
        }
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/v1.41/containers/web/update", { "null", FLAW_MALFORMED_JSON },
                          { "{\"PidsLimit\":null,\"pidslimit\":-1}", FLAW_DUPLICATE_KEY },
                          { "{\"RestartPolicy\":{\"Name\":\"\",\"name\":\"always\"}}", FLAW_DUPLICATE_KEY },
                          { "{\"Memory\":\"1g\"}", FLAW_WRONG_TYPE }, { "{\"Memory\":1e9}", FLAW_NUMBER_RANGE },
                          { "{\"BlkioWeight\":65536}", FLAW_NUMBER_RANGE }, { "{\"Memory\":1}}", FLAW_TRAILING_DATA });
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(everything_said_becomes_facts),
                cmocka_unit_test(the_clients_zeros_leave_all_as_it_was),
                cmocka_unit_test(odd_policies_and_keys_are_told),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
