#include "call.h"
#include "read/seccomp.h"

/* A profile, and capabilities of the container, as: mode readable default-action allowed. */
static void profiles_say_what_they_let_through(void **state) {
        static const struct {
                const char *profile, *added, *dropped;
                const char *mode, *action, *allowed;
                bool readable;
        } rows[] = {
                { "{\"defaultAction\":\"SCMP_ACT_ERRNO\"}", "", "", "custom", "SCMP_ACT_ERRNO", "", true },
                { "{\"DefaultAction\":\"SCMP_ACT_\\u0041LLOW\"}", "", "", "custom", "SCMP_ACT_ALLOW", "", true },
                { "{ \"defaultAction\" : \"SCMP_ACT_LOG\" }", "", "", "custom", "SCMP_ACT_LOG", "", true },
                /* no action and no calls: dockerd runs without a filter */
                { "{}", "", "", "unconfined", "", "", true },
                { "null", "", "", "unconfined", "", "", true },
                { "{\"syscalls\":[]}", "", "", "unconfined", "", "", true },
                { "{\"defaultAction\":\"\"}", "", "", "unconfined", "", "", true },
                /* what can't be read */
                { "default", "", "", "custom", "", "", false },
                { "[]", "", "", "custom", "", "", false },
                { "{\"defaultAction\":1}", "", "", "custom", "", "", false },
                { "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultaction\":\"SCMP_ACT_ALLOW\"}", "", "", "custom", "",
                  "", false },
                { "{\"defaultAction\":\"SCMP_ACT_ERRNO\"} x", "", "", "custom", "", "", false },
                { "{\"syscalls\":[{\"args\":[{\"value\":18446744073709551615}]}]}", "", "", "custom", "", "", false },
        /* calls */
#define CALLS(text) "{\"defaultAction\":\"E\",\"syscalls\":[" text "]}"
                { CALLS("{\"names\":[\"mount\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"}"), "", "", "custom", "E",
                  "mount bpf", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":[]}"), "", "", "custom", "E",
                  "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_LOG\"}"), "", "", "custom", "E", "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_TRACE\"}"), "", "", "custom", "E", "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_NOTIFY\"}"), "", "", "custom", "E", "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_TRAP\"}"), "", "", "custom", "E", "", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ERRNO\"}"), "", "", "custom", "E", "", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":"
                        "\"SCMP_CMP_EQ\"}]}"),
                  "", "", "custom", "E", "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":0,\"op\":"
                        "\"SCMP_CMP_GE\"}]}"),
                  "", "", "custom", "E", "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"value\":0,\"op\":\"SCMP_CMP_"
                        "MASKED_EQ\"}]}"),
                  "", "", "custom", "E", "mount", true },
        /* the flags of unshare: only a mask of all namespaces keeps it harmless */
#define UNSHARE(args) CALLS("{\"name\":\"unshare\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" args "]}")
                { UNSHARE("{\"value\":2114060288,\"op\":\"SCMP_CMP_MASKED_EQ\"}"), "", "", "custom", "E", "", true },
                { UNSHARE("{\"value\":2114060288,\"valueTwo\":268435456,\"op\":\"SCMP_CMP_MASKED_EQ\"}"), "", "",
                  "custom", "E", "unshare", true },
                { UNSHARE("{\"value\":2114060288,\"index\":1,\"op\":\"SCMP_CMP_MASKED_EQ\"}"), "", "", "custom", "E",
                  "unshare", true },
                { UNSHARE("{\"value\":2114060288,\"op\":\"SCMP_CMP_MASKED_EQ\"},{\"value\":0,\"op\":\"SCMP_CMP_GE\"}"),
                  "", "", "custom", "E", "unshare", true },
                { UNSHARE("{\"value\":2114060288,\"op\":\"SCMP_CMP_EQ\"}"), "", "", "custom", "E", "unshare", true },
                { UNSHARE("{\"value\":1099511627776,\"op\":\"SCMP_CMP_MASKED_EQ\"}"), "", "", "custom", "E", "unshare",
                  true },
                { UNSHARE(""), "", "", "custom", "E", "unshare", true },
                /* ptrace as the default profile has it, and with less of a condition */
                { CALLS("{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"4.8\"}}"),
                  "", "", "custom", "E", "", true },
                { CALLS("{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"3.8\"}}"),
                  "", "", "custom", "E", "ptrace", true },
                { CALLS("{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"minKernel\":\"4.8\"}}"),
                  "", "", "custom", "E", "ptrace", true },
                /* conditions on what the host has, or that take away */
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"4.8\","
                        "\"arches\":[\"x\"]}}"),
                  "", "", "custom", "E", "mount", true },
                { CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"caps\":[\"CAP_KILL\"],"
                        "\"arches\":[\"x\"]}}"),
                  "", "", "custom", "E", "mount", true },
        /* capabilities are known */
#define NEEDS(cap) CALLS("{\"name\":\"mount\",\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"" cap "\"]}}")
                { NEEDS("CAP_SYS_ADMIN"), "", "", "custom", "E", "", true },
                { NEEDS("CAP_SYS_ADMIN"), "sys_admin", "", "custom", "E", "mount", true },
                { NEEDS("CAP_SYS_ADMIN"), "ALL", "", "custom", "E", "mount", true },
                { NEEDS("CAP_SYS_ADMIN"), "ALL", "SYS_ADMIN", "custom", "E", "", true },
                { NEEDS("CAP_SYS_ADMIN"), "SYS_ADMIN", "ALL", "custom", "E", "mount", true },
                { NEEDS("CAP_CHOWN"), "", "", "custom", "E", "mount", true },
                { NEEDS("CAP_CHOWN"), "", "chown", "custom", "E", "", true },
                { NEEDS("CAP_CHOWN"), "", "ALL", "custom", "E", "", true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct facts f;
                struct str cap;

                arena_init(&c.arena, 1 << 20);
                facts_init(&f);
                for (int dropped = 0; dropped < 2; ++dropped) {
                        const char *name = dropped ? rows[i].dropped : rows[i].added;
                        struct text t;

                        text_init_arena(&t, &c.arena);
                        for (const char *p = name; *p; ++p)
                                text_add_char(&t, ascii_upper(*p));
                        cap = text_str(&t);
                        if (cap.n > 0)
                                assert_fits(&c.arena, fact_set_add(&c.arena,
                                                                   dropped ? &f.container.capabilities_dropped
                                                                           : &f.container.capabilities_added,
                                                                   cap));
                }
                assert_fits(&c.arena, seccomp_read(READING(&f, &c.arena), str_from(rows[i].profile)));
                if (!str_eqz(f.container.seccomp_mode.value, rows[i].mode) ||
                    !str_eqz(f.container.seccomp_default_action.value, rows[i].action) ||
                    !str_eqz(call_joined(&c, &f.container.seccomp_allowed), rows[i].allowed) ||
                    f.container.seccomp_readable.value != rows[i].readable)
                        fail_msg("%s", rows[i].profile);
        }
}

static void a_privileged_container_has_every_capability(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(
                &c,
                "\"SecurityOpt\":[\"seccomp={\\\"defaultAction\\\":\\\"E\\\",\\\"syscalls\\\":[{\\\"name\\\":"
                "\\\"mount\\\","
                "\\\"action\\\":\\\"SCMP_ACT_ALLOW\\\",\\\"includes\\\":{\\\"caps\\\":[\\\"CAP_SYS_ADMIN\\\"]}}]}\"],"
                "\"Privileged\":true");

        (void)state;
        assert_str(call_joined(&c, &f->container.seccomp_allowed), "mount");
}

/* A profile that can't be read is a fact, not a flaw of the request. */
static void an_odd_profile_is_no_flaw(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(&c, "\"SecurityOpt\":[\"seccomp={\"]");

        (void)state;
        assert_false(f->container.seccomp_readable.value);
        assert_true(f->container.seccomp_readable.head.given);
        assert_str(f->container.seccomp_mode.value, "custom");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(profiles_say_what_they_let_through),
                cmocka_unit_test(a_privileged_container_has_every_capability),
                cmocka_unit_test(an_odd_profile_is_no_flaw),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
