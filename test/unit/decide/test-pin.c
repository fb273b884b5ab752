#include "docksill/decide/pin.h"
#include "lifted.h"

/* The pins of the first instance that @rule found in a create with this body, as YAML, or "-" and why there are none.
 */
static const char *pinned(struct lifted *l, const char *body, const char *rule, bool json, bool wanted) {
        static char words[1024];
        struct text t;

        lifted_read(l, NULL, "POST", "/v1.41/containers/create?name=web", body);
        lifted_judge(l, MODE_ENFORCE, clock_wall());
        words[0] = '\0';
        text_init_fixed(&t, words, sizeof(words));
        for (size_t i = 0; i < l->decision.n_findings; ++i) {
                const struct finding *f = &l->decision.findings[i];
                struct pins pins;
                enum pinned r;

                if (!str_eqz(f->rule->id, rule))
                        continue;
                assert_true(f->n_evidence > 0);
                r = pins_of(&pins, f->rule, f->evidence[0].element, &l->call.request.facts, wanted);
                if (r != PINNED)
                        text_addz(&t, r == PINNED_NEVER ? "- never" : "- not");
                else if (json)
                        pins_add_json(&t, &pins);
                else
                        pins_add_yaml(&t, &pins);
                return words;
        }
        return "- not found";
}

#define LONG_4(s) s s s s
#define LONG      LONG_4(LONG_4(LONG_4(LONG_4("aaaaa"))))

#define HOST(rest) "{\"Image\":\"a\",\"HostConfig\":{" rest "}}"

static void names_what_tells_a_thing_from_others(void **state) {
        static const struct {
                const char *body, *rule, *expect;
        } rows[] = {
                { HOST("\"Binds\":[\"/var/run/docker.sock:/s\"]"), "runtime-socket-mount",
                  "mount.source: \"/run/docker.sock\"" },
                { HOST("\"Binds\":[\"/run/docker/a\\\"b:/s\"]"), "runtime-socket-mount",
                  "mount.source: \"/run/docker/a\\\"b\"" },
                { HOST("\"Binds\":[\"/run/docker/*:/s\"]"), "runtime-socket-mount", "- never" },
                { HOST("\"CapAdd\":[\"net_admin\"]"), "dangerous-capability", "cap: \"NET_ADMIN\"" },
                { HOST("\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080\"}]}"), "port-wildcard",
                  "port.host: \"8080\", port.address: \"\", port.protocol: \"tcp\"" },
                { HOST("\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080-8085\"}]}"), "port-wildcard",
                  "port.host: \"8080-8085\", port.address: \"\", port.protocol: \"tcp\"" },
                { HOST("\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"0.0.0.0\"}]}"), "port-wildcard",
                  "port.container: \"80\", port.address: \"0.0.0.0\", port.protocol: \"tcp\"" },
                { HOST("\"Devices\":[{\"PathOnHost\":\"/dev/sda\",\"PathInContainer\":\"/"
                       "d\",\"CgroupPermissions\":\"r\"}]"),
                  "device-exposed", "device.path: \"/dev/sda\", device.permissions: \"r\"" },
                { HOST("\"Sysctls\":{\"kernel.msgmax\":\"1\"}"), "unsafe-sysctl",
                  "parameter.name: \"kernel.msgmax\", parameter.value: \"1\"" },
                /* Never its value. */
                { "{\"Image\":\"a\",\"Env\":[\"DB_PASSWORD=hunter2hunter2\"]}", "secret-in-env",
                  "variable.name: \"DB_PASSWORD\", variable.from: \"env\"" },
                { HOST("\"NetworkMode\":\"host\""), "host-network", "container.network: \"host\"" },
                { HOST("\"NetworkMode\":\"container:db\""), "joined-namespace",
                  "joined.namespace: \"network\", joined.peer: \"db\"" },
                { "{\"Image\":\"a\"}", "image-tag-latest", "one.reference: \"a\"" },
                { "{\"Image\":\"a\"}", "memory-unlimited", "- not" },
                /* And no less of it than all: not its place, which others may take. */
                { HOST("\"Binds\":[\"/srv/*:/d\"]"), "host-path-unlisted", "- never" },
                { HOST("\"Binds\":[\"/srv/" LONG ":/d\"]"), "host-path-unlisted", "- never" },
                { HOST("\"CgroupParent\":\"" LONG "\""), "cgroup-parent", "- never" },
        };
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: lockdown\n", NULL);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const char *got = pinned(&l, rows[i].body, rows[i].rule, false, false);

                if (strcmp(got, rows[i].expect) != 0)
                        fail_msg("%s: %s: %s, not %s", rows[i].body, rows[i].rule, got, rows[i].expect);
        }
        lifted_deinit(&l);
}

static void names_that_alone_which_only_says_that_it_fires_where_that_is_wanted(void **state) {
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: lockdown\n", NULL);
        assert_string_equal(pinned(&l, HOST("\"Privileged\":true"), "privileged-container", false, true),
                            "container.privileged: true");
        assert_string_equal(pinned(&l, HOST("\"Privileged\":true"), "privileged-container", false, false), "- not");
        lifted_deinit(&l);
}

static void is_json_too(void **state) {
        struct lifted l;

        (void)state;
        lifted_init(&l, "extends: lockdown\n", NULL);
        assert_string_equal(pinned(&l, HOST("\"Binds\":[\"/run/docker.sock:/s\"]"), "runtime-socket-mount", true, true),
                            "\"mount.source\":[\"/run/docker.sock\"]");
        assert_string_equal(pinned(&l, HOST("\"CapAdd\":[\"NET_ADMIN\"]"), "dangerous-capability", true, true),
                            "\"cap\":\"NET_ADMIN\"");
        assert_string_equal(pinned(&l, HOST("\"Privileged\":true"), "privileged-container", true, true),
                            "\"container.privileged\":true");
        lifted_deinit(&l);
}

/* What is pinned, put under only:, lifts what was found: for each rule of the shipped ones that such requests meet. */
static void what_is_pinned_is_lifted(void **state) {
        static const char *const bodies[] = {
                HOST("\"Binds\":[\"/srv/a b:/d\",\"/etc/login.defs:/e:ro\"],\"CapAdd\":[\"NET_ADMIN\",\"SYS_NICE\"]"),
                HOST("\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"8080\"}],\"22/tcp\":[{\"HostIp\":\"\"}]}"),
                HOST("\"Devices\":[{\"PathOnHost\":\"/dev/fuse\",\"PathInContainer\":\"/"
                     "d\",\"CgroupPermissions\":\"rwm\"}]"),
                HOST("\"Sysctls\":{\"kernel.msgmax\":\"1\"},\"Ulimits\":[{\"Name\":\"nproc\",\"Soft\":-1,\"Hard\":-1}"
                     "]"),
                HOST("\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{}},\"Tmpfs\":{\"/t\":\"exec\"}"),
                HOST("\"VolumesFrom\":[\"db\"],\"DeviceRequests\":[{\"Driver\":\"nvidia\",\"Count\":-1}]"),
                HOST("\"DeviceCgroupRules\":[\"c 1:3 r\"],\"BlkioDeviceReadBps\":[{\"Path\":\"/dev/sda\",\"Rate\":1}]"),
                "{\"Image\":\"a\",\"Env\":[\"DB_PASSWORD=hunter2hunter2\",\"LD_PRELOAD=/x\"]}",
        };
        size_t lifted = 0;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(bodies); ++i) {
                struct lifted plain, with;
                struct text items;

                text_init(&items);
                lifted_init(&plain, "extends: lockdown\n", NULL);
                lifted_read(&plain, "ann", "POST", "/v1.41/containers/create", bodies[i]);
                lifted_judge(&plain, MODE_ENFORCE, clock_wall());
                for (size_t k = 0; k < plain.decision.n_findings; ++k) {
                        const struct finding *f = &plain.decision.findings[k];

                        for (size_t e = 0; e < f->n_evidence && f->rule->each && !f->rule->fixed; ++e) {
                                struct pins pins;

                                if (!f->evidence[e].element)
                                        continue;
                                if (pins_of(&pins, f->rule, f->evidence[e].element, &plain.call.request.facts, true) !=
                                    PINNED)
                                        fail_msg("%s: no pins for %" STR_FMT, bodies[i], STR_ARG(f->rule->id));
                                text_addf(&items,
                                          "  - {id: x%zu-%zu, rules: [%" STR_FMT "], match: {user: ann}, only: {", k, e,
                                          STR_ARG(f->rule->id));
                                pins_add_yaml(&items, &pins);
                                text_addz(&items, "}" TAIL);
                                ++lifted;
                        }
                }
                assert_false(items.failed);
                lifted_init(&with, "extends: lockdown\n", items.p);
                lifted_read(&with, "ann", "POST", "/v1.41/containers/create", bodies[i]);
                lifted_judge(&with, MODE_ENFORCE, clock_wall());
                for (size_t k = 0; k < with.decision.n_findings; ++k) {
                        const struct finding *f = &with.decision.findings[k];

                        if (f->rule->each && !f->rule->fixed && !f->exempted_by && f->n_evidence &&
                            f->evidence[0].element)
                                fail_msg("%s: %" STR_FMT " is not lifted by\n%s", bodies[i], STR_ARG(f->rule->id),
                                         items.p);
                }
                text_deinit(&items);
                lifted_deinit(&plain);
                lifted_deinit(&with);
        }
        assert_true(lifted > 15);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(names_what_tells_a_thing_from_others),
                cmocka_unit_test(names_that_alone_which_only_says_that_it_fires_where_that_is_wanted),
                cmocka_unit_test(is_json_too),
                cmocka_unit_test(what_is_pinned_is_lifted),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
