#include "call.h"
#include "read/security-opt.h"

static void options_in_every_spelling(void **state) {
        static const struct {
                const char *options;
                const char *no_new_privileges, *seccomp, *apparmor;
                bool selinux_disabled, writable_cgroups;
                const char *unknown;
        } rows[] = {
                { "", "unset", "default", "" },
                { "\"no-new-privileges\"", "on", "default", "" },
                { "\"no-new-privileges:true\"", "on", "default", "" },
                { "\"no-new-privileges=1\"", "on", "default", "" },
                { "\"no-new-privileges=T\"", "on", "default", "" },
                { "\"no-new-privileges:false\"", "off", "default", "" },
                { "\"no-new-privileges=F\"", "off", "default", "" },
                { "\"no-new-privileges\",\"no-new-privileges=0\"", "off", "default", "" },
                { "\"no-new-privileges=f\",\"no-new-privileges\"", "on", "default", "" },
                { "\"no-new-privileges=yes\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=no-new-privileges=yes" },
                { "\"no-new-privileges=\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=no-new-privileges=" },
                { "\"no-new-privileges=tRUE\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=no-new-privileges=tRUE" },
                { "\"No-New-Privileges\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=No-New-Privileges" },
                { "\"seccomp=unconfined\"", "unset", "unconfined", "" },
                { "\"seccomp:unconfined\"", "unset", "unconfined", "" },
                { "\"seccomp=builtin\"", "unset", "default", "" },
                { "\"seccomp=\"", "unset", "default", "" },
                { "\"seccomp=unconfined\",\"seccomp=builtin\"", "unset", "default", "" },
                { "\"seccomp=Unconfined\"", "unset", "custom", "" },
                { "\"seccomp={}\"", "unset", "unconfined", "" },
                { "\"seccomp\"", "unset", "default", "", .unknown = "HostConfig.SecurityOpt[0]=seccomp" },
                { "\"apparmor=unconfined\"", "unset", "default", "unconfined" },
                { "\"apparmor:unconfined\"", "unset", "default", "unconfined" },
                { "\"apparmor=a\",\"apparmor=b:c\"", "unset", "default", "b:c" },
                { "\"label=disable\"", "unset", "default", "", true },
                { "\"label:disable\"", "unset", "default", "", true },
                { "\"disable\"", "unset", "default", "", true },
                { "\"disable=x\"", "unset", "default", "", .unknown = "HostConfig.SecurityOpt[0]=disable=x" },
                { "\"label=disabled\"", "unset", "default", "", .unknown = "HostConfig.SecurityOpt[0]=label=disabled" },
                { "\"label=type=spc_t\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=label=type=spc_t" },
                { "\"writable-cgroups\"", "unset", "default", "", false, true },
                { "\"writable-cgroups=true\"", "unset", "default", "", false, true },
                { "\"writable-cgroups=true\",\"writable-cgroups:false\"", "unset", "default", "" },
                { "\"credentialspec=file://x\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=credentialspec=file://x" },
                { "\"systempaths=unconfined\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=systempaths=unconfined" },
                { "null", "unset", "default", "", .unknown = "HostConfig.SecurityOpt[0]=" },
                /* the first '=' separates, even behind a ':' */
                { "\"seccomp:x=unconfined\"", "unset", "default", "",
                  .unknown = "HostConfig.SecurityOpt[0]=seccomp:x=unconfined" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f;
                char json[512];

                assert_true(snprintf(json, sizeof(json), "\"SecurityOpt\":[%s]", rows[i].options) < (int)sizeof(json));
                f = call_host_config(&c, json);
                if (!str_eqz(f->container.no_new_privileges.value, rows[i].no_new_privileges) ||
                    !str_eqz(f->container.seccomp_mode.value, rows[i].seccomp) ||
                    !str_eqz(f->container.apparmor.value, rows[i].apparmor) ||
                    f->container.selinux_disabled.value != rows[i].selinux_disabled ||
                    f->container.writable_cgroups.value != rows[i].writable_cgroups)
                        fail_msg("%s", rows[i].options);
                assert_str(call_unknown(&c), rows[i].unknown ? rows[i].unknown : "");
        }
}

static void label_parts_are_pairs(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f =
                call_host_config(&c, "\"SecurityOpt\":[\"label=type:spc_t\",\"label:level:s0:c1\",\"label=user:\"]");
        const struct pair_fact *p = f->container.selinux.items;

        (void)state;
        assert_int_equal(f->container.selinux.n, 3);
        assert_str(p[0].name.value, "type");
        assert_str(p[0].value.value, "spc_t");
        assert_str(p[1].name.value, "level");
        assert_str(p[1].value.value, "s0:c1");
        assert_str(p[2].value.value, "");
        assert_false(f->container.selinux_disabled.value);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(options_in_every_spelling),
                cmocka_unit_test(label_parts_are_pairs),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
