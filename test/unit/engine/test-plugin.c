#include "call.h"

#define ALWAYS (GROUP_REQUEST | GROUP_DAEMON)

static void finds_docksills_own_name(void **state) {
        static const struct {
                const char *method, *uri;
                bool own;
                unsigned known;
        } rows[] = {
                { "POST", "/plugins/docksill/disable", true, FACT_KNOWN },
                { "POST", "/plugins/dock%73ill/disable", true, FACT_KNOWN },
                { "POST", "/v1.41/plugins/docksill:latest/enable", true, FACT_KNOWN },
                { "DELETE", "/plugins/registry.example:5000/x/docksill", true, FACT_KNOWN },
                { "DELETE", "/plugins/x/docksill@sha256:00", true, FACT_KNOWN },
                { "DELETE", "/plugins/Docksill", true, FACT_KNOWN },
                { "DELETE", "/plugins/docksill/x", false, FACT_KNOWN },
                { "DELETE", "/plugins/x:docksill", false, FACT_KNOWN },
                { "DELETE", "/plugins/docksills", false, FACT_KNOWN },
                /* An id, or the beginning of one, may be anybody's. */
                { "DELETE", "/plugins/4fa7", false, FACT_UNKNOWN },
                { "POST", "/plugins/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/disable", false,
                  FACT_UNKNOWN },
                { "DELETE", "/plugins/4fa7:latest", false, FACT_KNOWN },
                { "DELETE", "/plugins/sshfs", false, FACT_KNOWN },
                { "POST", "/plugins/create?name=docksill", true, FACT_KNOWN },
                { "POST", "/plugins/create?name=4fa7", false, FACT_KNOWN },
                { "GET", "/plugins/privileges?remote=x/docksill:1", true, FACT_KNOWN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ rows[i].method, rows[i].uri });
                if (flaws_any(&c.request.flaws) || !(request_yields(&c.request) & GROUP_PLUGIN))
                        fail_msg("%s", rows[i].uri);
                if (c.request.facts.plugin.own.value != rows[i].own ||
                    c.request.facts.plugin.own.head.state != rows[i].known)
                        fail_msg("%s", rows[i].uri);
        }
}

static void an_install_names_the_plugin_or_what_it_comes_from(void **state) {
        static const struct {
                const char *uri, *name, *remote;
                bool own;
        } rows[] = {
                { "/plugins/pull?name=&remote=127.0.0.1%3A1%2Fx%2Fy", "127.0.0.1:1/x/y", "127.0.0.1:1/x/y", false },
                { "/plugins/pull?remote=evil/x&name=docksill", "docksill", "evil/x", true },
                { "/plugins/pull?remote=evil/docksill&name=x", "x", "evil/docksill", false },
                { "/plugins/pull?remote=evil/docksill", "evil/docksill", "evil/docksill", true },
                { "/plugins/p/upgrade?remote=x/y&name=z", "p", "x/y", false },
                { "/plugins/pull?remote=user:hunter2@r.example/x/y", "r.example/x/y", "r.example/x/y", false },
                { "/plugins/pull", "", "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;

                call_read(&c, (struct wire){ "POST", rows[i].uri, "[]" });
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(request_yields(&c.request),
                                 ALWAYS | GROUP_PLUGIN | GROUP_IMAGE | GROUP_FETCHES | GROUP_MOUNTS);
                assert_str(f->plugin.name.value, rows[i].name);
                assert_str(f->plugin.remote.value, rows[i].remote);
                assert_str(f->image.reference.value, rows[i].remote);
                assert_int_equal(f->plugin.own.value, rows[i].own);
        }
}

static void privileges_are_listed_and_mounts_are_mounts(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = &c.request.facts;
        const struct privilege_fact *p;
        const struct mount_fact *m;

        (void)state;
        call_read(&c, (struct wire){ "POST", "/plugins/pull?remote=x/y",
                                     "[{\"Name\":\"network\",\"Description\":\"d\",\"Value\":[\"host\"]},{\"name\":"
                                     "\"mount\",\"value\":[\"/var/run/docker.sock\",\"data\"]},null,"
                                     "{\"Name\":\"capabilities\",\"Value\":[\"CAP_SYS_ADMIN\",\"CAP_BPF\"]}]" });
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(f->plugin.privileges.n, 4);
        p = f->plugin.privileges.items;
        assert_str(p[0].name.value, "network");
        assert_str(call_joined(&c, &p[0].values), "host");
        assert_int_equal(p[2].values.n, 0);
        assert_str(call_joined(&c, &p[3].values), "CAP_SYS_ADMIN CAP_BPF");
        assert_int_equal(f->mounts.n, 2);
        m = f->mounts.items;
        assert_str(m[0].kind.value, "host");
        assert_str(m[0].via.value, "plugin");
        assert_str(m[0].source.spelling[0], "/run/docker.sock");
        assert_str(m[1].source.spelling[0], "/data");
}

/* Which kind a name is of, only the plugin's own settings say. */
static void a_setting_may_be_a_mount_a_device_or_a_variable(void **state) {
        static const struct {
                const char *setting;
                const char *name, *privilege, *mount, *variable;
        } rows[] = {
                { "DEBUG=1", "DEBUG", NULL, NULL, "DEBUG" },
                { "DEBUG.value=1", "DEBUG.value", NULL, NULL, "DEBUG" },
                { "data.source=/etc", "data.source", "mount", "/etc", NULL },
                { "a.b.source=/etc", "a.b.source", "mount", "/etc", NULL },
                { "disk.path=/dev/sda", "disk.path", "device", NULL, NULL },
                { "data=/var/run", "data", NULL, "/run", "data" },
                { "data=", "data", NULL, NULL, "data" },
                { "data", "data", NULL, NULL, "data" },
                { ".source=/etc", ".source", NULL, "/etc", ".source" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct facts *f = &c.request.facts;
                char body[64];

                snprintf(body, sizeof(body), "[\"%s\"]", rows[i].setting);
                call_read(&c, (struct wire){ "POST", "/plugins/p/set", body });
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(request_yields(&c.request),
                                 ALWAYS | GROUP_PLUGIN | GROUP_MOUNTS | GROUP_VARIABLES | GROUP_TEXTS);
                assert_str(f->plugin.name.value, "p");
                assert_str(call_joined(&c, &f->plugin.settings), rows[i].name);
                assert_int_equal(f->plugin.privileges.n, rows[i].privilege != NULL);
                if (rows[i].privilege)
                        assert_str(((const struct privilege_fact *)f->plugin.privileges.items)->name.value,
                                   rows[i].privilege);
                assert_int_equal(f->mounts.n, rows[i].mount != NULL);
                if (rows[i].mount)
                        assert_str(((const struct mount_fact *)f->mounts.items)->source.spelling[0], rows[i].mount);
                assert_int_equal(f->variables.n, rows[i].variable != NULL);
                if (rows[i].variable)
                        assert_str(((const struct variable_fact *)f->variables.items)->name.value, rows[i].variable);
                assert_int_equal(f->texts.n, 1);
        }
}

/* A bare name may mean a mount's source or a variable: judged as the one, shown as little as the other. */
static void the_value_of_a_bare_setting_is_not_for_showing(void **state) {
        cleanup_(call_free) struct call c = { 0 };
        const struct mount_fact *m;

        (void)state;
        call_read(&c, (struct wire){ "POST", "/plugins/p/set", "[\"PASSWORD=/hunter2\"]" });
        assert_int_equal(c.request.facts.mounts.n, 1);
        m = c.request.facts.mounts.items;
        assert_str(m->requested.value, "PASSWORD");
        assert_str(m->source.spelling[0], "/hunter2");
}

static void what_go_refuses_or_merges_is_a_flaw(void **state) {
        (void)state;
        call_expect_flaws("/plugins/pull?remote=x", { "{}", FLAW_WRONG_TYPE },
                          { "[{\"Name\":\"a\",\"name\":\"mount\"}]", FLAW_DUPLICATE_KEY },
                          { "[{\"Value\":\"/\"}]", FLAW_WRONG_TYPE }, { "[][]", FLAW_TRAILING_DATA },
                          { NULL, FLAW_BODY_MISSING });
        call_expect_flaws("/plugins/p/upgrade?remote=x", { "[1]", FLAW_WRONG_TYPE });
        call_expect_flaws("/plugins/p/set", { "\"A=1\"", FLAW_WRONG_TYPE }, { "[1]", FLAW_WRONG_TYPE },
                          { "[\"A\\u0000=1\"]", FLAW_NUL });
}

static void a_push_goes_to_a_registry(void **state) {
        cleanup_(call_free) struct call c = { 0 };

        (void)state;
        call_read(&c, (struct wire){ "POST", "/plugins/registry.example/x/y:1/push" });
        assert_false(flaws_any(&c.request.flaws));
        assert_int_equal(request_yields(&c.request), ALWAYS | GROUP_PLUGIN | GROUP_IMAGE | GROUP_FETCHES);
        assert_str(c.request.facts.image.registry.value, "registry.example");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(finds_docksills_own_name),
                cmocka_unit_test(an_install_names_the_plugin_or_what_it_comes_from),
                cmocka_unit_test(privileges_are_listed_and_mounts_are_mounts),
                cmocka_unit_test(a_setting_may_be_a_mount_a_device_or_a_variable),
                cmocka_unit_test(the_value_of_a_bare_setting_is_not_for_showing),
                cmocka_unit_test(what_go_refuses_or_merges_is_a_flaw),
                cmocka_unit_test(a_push_goes_to_a_registry),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
