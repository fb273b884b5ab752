#include "docksill/engine/host-size.h"

#include "call.h"

static const struct host_size host = { .memory = INT64_C(8) << 30, .processors = 4, .processes = 32768 };

/* "memory cpu pids": the limits that limit nothing. */
static void check(const struct host_size *size, const char *config, const char *is) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;
        char said[32];

        call_host_config(&c, config);
        host_size_tell(size, &c.request);
        snprintf(said, sizeof(said), "%s%s%s", f->container.memory_idle.value ? "memory " : "",
                 f->container.cpu_idle.value ? "cpu " : "", f->container.pids_idle.value ? "pids " : "");
        if (strcmp(said, is) != 0)
                fail_msg("%s: \"%s\", not \"%s\"", config, said, is);
}

static void a_limit_that_the_host_does_not_reach_is_none(void **state) {
        static const struct {
                const char *config, *is;
        } rows[] = {
                { "", "" },
                { "\"Memory\":8589934591", "" },
                { "\"Memory\":8589934592", "memory " },
                { "\"Memory\":9223372036854775807", "memory " },
                { "\"Memory\":-1", "" },
                { "\"PidsLimit\":8191", "" },
                { "\"PidsLimit\":8192", "pids " },
                { "\"PidsLimit\":-1", "" }, /* that is none in any case */
                { "\"NanoCpus\":3999999999", "" },
                { "\"NanoCpus\":4000000000", "cpu " },
                { "\"CpuQuota\":399999", "" },
                { "\"CpuQuota\":400000", "cpu " },
                { "\"CpuQuota\":400000,\"CpuPeriod\":200000", "" },
                { "\"CpuQuota\":9223372036854775807,\"CpuPeriod\":1", "cpu " },
                { "\"CpusetCpus\":\"0-3\"", "cpu " },
                { "\"CpusetCpus\":\"0,1,2,3\"", "cpu " },
                { "\"CpusetCpus\":\"0-2\"", "" },
                { "\"CpusetCpus\":\"0-2,x\"", "" },
                { "\"CpusetCpus\":\"0-9223372036854775807\"", "cpu " },
                { "\"CpusetCpus\":\"9223372036854775807-0\"", "" },
                { "\"CpusetCpus\":\"0-2\",\"NanoCpus\":9000000000", "" }, /* the tightest counts */
                { "\"NanoCpus\":9000000000,\"CpuShares\":512", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&host, rows[i].config, rows[i].is);
}

static void of_a_host_that_nobody_knows_nothing_is_made(void **state) {
        static const char all[] = "\"Memory\":9223372036854775807,\"NanoCpus\":900000000000,\"PidsLimit\":4000000";

        (void)state;
        check(&(struct host_size){ 0 }, all, "");
        check(&(struct host_size){ .memory = 1 }, all, "memory ");
        check(&(struct host_size){ .processors = 1 }, all, "cpu ");
        check(&(struct host_size){ .processes = 4 }, all, "pids ");
}

static void what_one_does_not_know_the_other_may(void **state) {
        struct host_size size = { .memory = 1 };

        (void)state;
        host_size_join(&size, &(struct host_size){ 2, 3, 4 });
        assert_int_equal(size.memory, 1);
        assert_int_equal(size.processors, 3);
        assert_int_equal(size.processes, 4);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_limit_that_the_host_does_not_reach_is_none),
                cmocka_unit_test(of_a_host_that_nobody_knows_nothing_is_made),
                cmocka_unit_test(what_one_does_not_know_the_other_may),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
