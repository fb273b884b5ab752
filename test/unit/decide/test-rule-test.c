/*
 * Rules' own tests, run from files made here, through the real loader and the real reader of requests.
 */
#include "docksill/decide/rule-test.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define HEAD                                                                                                           \
        "docksill: v1\nkind: rules\nrules:\n"                                                                          \
        "  - id: privileged-container\n"                                                                               \
        "    title: Gets every device and capability\n"                                                                \
        "    when: {container.privileged: true}\n"                                                                     \
        "    severity: critical\n"                                                                                     \
        "    hard: true\n"                                                                                             \
        "    message: \"runs with --privileged\"\n"                                                                    \
        "    why: \"root inside is root outside\"\n"                                                                   \
        "    fix: {cli: \"drop --privileged\", flags: []}\n"                                                           \
        "    references: {seed: [A1]}\n"                                                                               \
        "    tests:\n"
#define FIRING                                                                                                         \
        "      - {name: on, operation: container.create, body: {HostConfig: {Privileged: true}}, expect: critical}\n"
#define QUIET "      - {name: off, operation: container.create, body: {Image: a}, expect: none}\n"

#define WRONG(what, expected) "      - {name: wrong, operation: container.create, " what ", expect: " expected "}\n"

struct outcome {
        struct rule_test_result result;
        struct diag diag;
        char messages[4096];
};

/* Runs the tests too unless @result is NULL. */
static int load(struct outcome *o, const char *yaml, struct rule_test_result *result) {
        char path[] = "/tmp/docksill-rule-test-XXXXXX.yaml";
        const char *paths[] = { path };
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        int fd = mkstemps(path, 5), r;
        struct text t;

        assert_true(fd >= 0);
        assert_int_equal(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
        close(fd);
        diag_init(&o->diag);
        r = ruleset_load_rules(&rules, paths, 1, &o->diag);
        unlink(path);
        if (r == 0 && result)
                assert_int_equal(rule_tests_run(result, rules, &o->diag), 0);
        text_init_fixed(&t, o->messages, sizeof(o->messages));
        diag_render(&o->diag, &t);
        return r;
}

static void run(struct outcome *o, const char *yaml) {
        if (load(o, yaml, &o->result) < 0)
                fail_msg("%s", o->messages);
}

static void end(struct outcome *o) {
        diag_deinit(&o->diag);
}

static void counts_what_passes(void **state) {
        struct outcome o;

        (void)state;
        run(&o, HEAD FIRING QUIET);
        assert_int_equal(o.result.passed, 2);
        assert_int_equal(o.result.failed, 0);
        assert_int_equal(o.result.skipped, 0);
        assert_int_equal(o.diag.errors, 0);
        end(&o);
}

static void says_what_was_expected_where_and_what_came(void **state) {
        static const struct {
                const char *yaml, *expected;
        } rows[] = {
                { HEAD FIRING WRONG("body: {Image: a}", "high") QUIET,
                  "rule privileged-container, test \"wrong\": expected high, got none" },
                { HEAD FIRING WRONG("body: {HostConfig: {Privileged: true}}", "none"),
                  "rule privileged-container, test \"wrong\": expected none, got critical: runs with --privileged" },
                { HEAD QUIET WRONG("raw: '{\"HostConfig\":'", "critical"),
                  "test \"wrong\": expected critical, got none; the request is flawed: malformed-json" },
                { HEAD QUIET WRONG("body: {HostConfig: {Privileged: true}}, headers: {Content-Length: \"7\"}",
                                   "critical"),
                  "test \"wrong\": expected critical, got none; the request is flawed: length-mismatch" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct outcome o;

                run(&o, rows[i].yaml);
                assert_int_equal(o.result.failed, 1);
                assert_int_equal(o.diag.errors, 1);
                assert_int_equal(o.diag.items[0].code, DIAG_TEST_FAILED);
                assert_int_equal(o.diag.items[0].line, 15);
                if (!strstr(o.messages, rows[i].expected))
                        fail_msg("%s", o.messages);
                end(&o);
        }
}

static void asks_for_a_firing_and_a_quiet_test(void **state) {
        static const struct {
                const char *yaml, *expected;
        } rows[] = {
                { HEAD FIRING, "rule privileged-container has no test with expect: none" },
                { HEAD QUIET, "rule privileged-container has no test that expects it to fire" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct outcome o;

                run(&o, rows[i].yaml);
                assert_int_equal(o.result.failed, 0);
                assert_int_equal(o.diag.errors, 1);
                assert_int_equal(o.diag.items[0].code, DIAG_TEST_MISSING);
                assert_non_null(strstr(o.messages, rows[i].expected));
                end(&o);
        }
}

static void a_test_that_no_request_can_show_is_counted_and_not_run(void **state) {
        static const char yaml[] = HEAD FIRING "      - {name: never, operation: container.create, body: {HostConfig: "
                                               "{Privileged: true}}, skipped: a reason, expect: none}\n";
        struct outcome o;

        (void)state;
        run(&o, yaml);
        assert_int_equal(o.result.passed, 1);
        assert_int_equal(o.result.skipped, 1);
        assert_int_equal(o.diag.errors, 0); /* it is the quiet one */
        end(&o);
}

#define USERS                                                                                                          \
        "docksill: v1\nkind: rules\nrules:\n"                                                                          \
        "  - id: user-root\n"                                                                                          \
        "    title: Runs as root\n"                                                                                    \
        "    when: {container.user.root: \"yes\"}\n"                                                                   \
        "    severity: high\n"                                                                                         \
        "    unknown: medium\n"                                                                                        \
        "    message: \"root\"\n"                                                                                      \
        "    why: \"it is\"\n"                                                                                         \
        "    fix: {cli: \"none\", flags: []}\n"                                                                        \
        "    references: {seed: [A1]}\n"                                                                               \
        "    tests:\n"                                                                                                 \
        "      - {name: on, operation: container.create, body: {User: root}, expect: high}\n"                          \
        "      - {name: off, operation: container.create, body: {User: \"1\"}, expect: none}\n"

static void the_engine_is_asked_as_the_test_says(void **state) {
        static const struct {
                const char *lookup, *expect;
        } rows[] = {
                { "", "high" }, /* nobody is asked */
                { ", lookup: {image: {Config: {User: \"1\"}}}", "none" },
                { ", lookup: {image: {Config: {User: \"0\"}}}", "high" },
                { ", lookup: {image: {Config: {User: name}}}", "medium" },
                { ", lookup: {image: null}", "medium" },
                { ", lookup: {image: ~}", "medium" },
                { ", lookup: {image: {Config: [not, an, object]}}", "medium" },
                { ", lookup: {}", "none" }, /* there is no such image */
                { ", lookup: {container: {a: {Config: {User: \"0\"}}}}", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char yaml[4096];
                struct outcome o;

                snprintf(yaml, sizeof(yaml),
                         USERS "      - {name: row, operation: container.create, body: {Image: a}%s, expect: %s}\n",
                         rows[i].lookup, rows[i].expect);
                run(&o, yaml);
                if (o.result.failed)
                        fail_msg("row %zu: %s", i, o.messages);
                assert_int_equal(o.result.passed, 3);
                end(&o);
        }
}

#define MOUNTS                                                                                                         \
        "docksill: v1\nkind: rules\nrules:\n"                                                                          \
        "  - id: sensitive-host-mount\n"                                                                               \
        "    title: Mounts a sensitive host path\n"                                                                    \
        "    for_each: mounts as mount\n"                                                                              \
        "    when: {mount.source: {within: /etc}}\n"                                                                   \
        "    cases:\n"                                                                                                 \
        "      - {when: {mount.source: {within: /etc/localtime}}, severity: none}\n"                                   \
        "      - {severity: critical}\n"                                                                               \
        "    unknown: medium\n"                                                                                        \
        "    message: \"mounts {mount.requested}\"\n"                                                                  \
        "    why: \"settings of the host\"\n"                                                                          \
        "    fix: {cli: \"none\", flags: []}\n"                                                                        \
        "    references: {seed: [A1]}\n"                                                                               \
        "    tests:\n"                                                                                                 \
        "      - {name: on, operation: container.create, body: {HostConfig: {Binds: [\"/etc:/h\"]}}, "                 \
        "expect: critical}\n"                                                                                          \
        "      - {name: off, operation: container.create, body: {HostConfig: {Binds: [\"/srv/x:/h\"]}}, "              \
        "expect: none}\n"

/* DESIGN 5: in every spelling, and the worst counts; what could not be told takes nothing from what is written. */
static void host_paths_are_looked_up_as_the_test_says(void **state) {
        static const struct {
                const char *bind, *paths, *expect;
        } rows[] = {
                { "/srv/x", "{/srv/x: /etc}", "critical" },
                { "/srv/x", "{/srv/x: /opt}", "none" },
                { "/srv/x", "{/srv/x: null}", "medium" },
                { "/srv/x", "{/srv/x: ~}", "medium" },
                { "/srv/x", "{}", "none" }, /* no link */
                { "/srv/./x/", "{/srv/x: /etc}", "critical" },
                { "/etc", "{/etc: null}", "critical" },
                { "/etc", "{/etc: /opt}", "critical" },
                { "/etc/localtime", "{/etc/localtime: /etc/cron.d}", "critical" },
                { "/etc/localtime", "{/etc/localtime: /usr/share/zoneinfo/UTC}", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char yaml[4096];
                struct outcome o;

                snprintf(yaml, sizeof(yaml),
                         MOUNTS "      - {name: row, operation: container.create, body: {HostConfig: {Binds: "
                                "[\"%s:/h\"]}}, lookup: {paths: %s}, expect: %s}\n",
                         rows[i].bind, rows[i].paths, rows[i].expect);
                run(&o, yaml);
                if (o.result.failed)
                        fail_msg("row %zu: %s", i, o.messages);
                assert_int_equal(o.result.passed, 3);
                end(&o);
        }
}

static void a_message_tells_where_the_path_leads(void **state) {
        static const char yaml[] =
                MOUNTS "      - {name: row, operation: container.create, body: {HostConfig: {Binds: [\"/srv/x:/h\"]}}, "
                       "lookup: {paths: {/srv/x: /etc/cron.d}}, expect: none}\n";
        struct outcome o;

        (void)state;
        run(&o, yaml);
        if (!strstr(o.messages, "got critical: mounts /srv/x, which leads to /etc/cron.d"))
                fail_msg("%s", o.messages);
        end(&o);
}

#define DRIVERS                                                                                                        \
        "docksill: v1\nkind: rules\nrules:\n"                                                                          \
        "  - id: foreign-driver\n"                                                                                     \
        "    title: Another's driver\n"                                                                                \
        "    for_each: drivers as driver\n"                                                                            \
        "    when: {driver.own: false, driver.plugin: \"docker.io/example/x:1\"}\n"                                    \
        "    severity: high\n"                                                                                         \
        "    unknown: medium\n"                                                                                        \
        "    message: \"driver {driver.name}\"\n"                                                                      \
        "    why: \"it is root\"\n"                                                                                    \
        "    fix: {cli: \"none\", flags: []}\n"                                                                        \
        "    references: {seed: [A1]}\n"                                                                               \
        "    tests:\n"                                                                                                 \
        "      - {name: on, operation: network.create, body: {Driver: x}, "                                            \
        "lookup: {plugin: {x: {PluginReference: \"docker.io/example/x:1\"}}}, expect: high}\n"                         \
        "      - {name: off, operation: network.create, body: {Driver: bridge}, expect: none}\n"

static void plugins_are_looked_up_as_the_test_says(void **state) {
        static const struct {
                const char *lookup, *expect;
        } rows[] = {
                { "", "none" }, /* nobody is asked */
                { ", lookup: {plugin: {x: {PluginReference: \"docker.io/example/x:1\"}}}", "high" },
                { ", lookup: {plugin: {x: {PluginReference: \"docker.io/example/x:2\"}}}", "none" },
                { ", lookup: {plugin: {x: {Enabled: true}}}", "none" },
                { ", lookup: {plugin: {x: null}}", "medium" },
                { ", lookup: {plugin: {x: {PluginReference: [a]}}}", "medium" },
                { ", lookup: {plugin: {y: {PluginReference: \"docker.io/example/x:1\"}}}", "none" }, /* there is no x */
                { ", lookup: {}", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char yaml[4096];
                struct outcome o;

                snprintf(yaml, sizeof(yaml),
                         DRIVERS
                         "      - {name: row, operation: network.create, body: {Driver: \"x:latest\"}%s, expect: %s}\n",
                         rows[i].lookup, rows[i].expect);
                run(&o, yaml);
                if (o.result.failed)
                        fail_msg("row %zu: %s", i, o.messages);
                assert_int_equal(o.result.passed, 3);
                end(&o);
        }
}

#define ENGINE                                                                                                         \
        "docksill: v1\nkind: rules\nrules:\n"                                                                          \
        "  - id: engine-folder\n"                                                                                      \
        "    title: Mounts what is the engine's\n"                                                                     \
        "    for_each: mounts as mount\n"                                                                              \
        "    cases:\n"                                                                                                 \
        "      - {when: {mount.engine: data}, severity: critical}\n"                                                   \
        "      - {when: {mount.engine: obeyed}, severity: high}\n"                                                     \
        "      - {when: {daemon.confinement: none}, severity: low}\n"                                                  \
        "    unknown: medium\n"                                                                                        \
        "    message: \"mounts {mount.requested}\"\n"                                                                  \
        "    why: \"it is root\"\n"                                                                                    \
        "    fix: {cli: \"none\", flags: []}\n"                                                                        \
        "    references: {seed: [A1]}\n"                                                                               \
        "    tests:\n"                                                                                                 \
        "      - {name: on, operation: container.create, body: {HostConfig: {Binds: [\"/data:/h\"]}}, "                \
        "lookup: {info: {DockerRootDir: /data}}, expect: critical}\n"                                                  \
        "      - {name: off, operation: container.create, body: {HostConfig: {Binds: [\"/data:/h\"]}}, "               \
        "expect: none}\n"

static void the_engine_told_of_itself_before_as_the_test_says(void **state) {
        static const struct {
                const char *lookup, *expect;
        } rows[] = {
                { "{info: {DockerRootDir: /srv/x/docker}}", "critical" },
                { "{info: {DockerRootDir: /srv/x/docker}, paths: {/srv/x: null}}", "critical" },
                { "{info: {DockerRootDir: /other}, paths: {/srv/x: null}}", "medium" },
                { "{info: {DockerRootDir: /real}, paths: {/srv/x: /real/y}}", "critical" },
                { "{info: {CDISpecDirs: [/srv/x/cdi]}}", "high" },
                { "{info: {DockerRootDir: /other}}", "none" },
                { "{info: {SecurityOptions: [\"name=seccomp\"]}}", "low" },
                { "{info: {SecurityOptions: [\"name=apparmor\"]}}", "none" },
                { "{info: {}}", "none" },
                { "{info: {DockerRootDir: [/srv/x]}}", "none" }, /* no answer that an engine gives */
                { "{}", "none" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char yaml[4096];
                struct outcome o;

                snprintf(yaml, sizeof(yaml),
                         ENGINE "      - {name: row, operation: container.create, body: {HostConfig: {Binds: "
                                "[\"/srv/x:/h\"]}}, lookup: %s, expect: %s}\n",
                         rows[i].lookup, rows[i].expect);
                run(&o, yaml);
                if (o.result.failed)
                        fail_msg("row %zu: %s", i, o.messages);
                assert_int_equal(o.result.passed, 3);
                end(&o);
        }
}

static void a_lookup_that_makes_no_sense_is_reported(void **state) {
        static const char *const rows[] = { "{paths: /etc}",
                                            "{paths: {/srv/x: etc}}",
                                            "{paths: {/srv/x: [/etc]}}",
                                            "{paths: {/srv/x: \"\"}}",
                                            "{image: a}",
                                            "{image: []}",
                                            "{volume: {v: a}}",
                                            "{container: [a]}",
                                            "{network: ~}",
                                            "{info: a}",
                                            "{info: [a]}",
                                            "{info: ~}",
                                            "{plugin: a}",
                                            "{plugin: {x: a}}",
                                            "{plugin: {x: [a]}}",
                                            "{exec: {x: a}}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct outcome o;
                char yaml[4096];

                snprintf(yaml, sizeof(yaml),
                         MOUNTS
                         "      - {name: row, operation: container.create, body: {}, lookup: %s, expect: none}\n",
                         rows[i]);
                assert_int_equal(load(&o, yaml, NULL), -EINVAL);
                assert_int_equal(o.diag.errors, 1);
                assert_int_equal(o.diag.items[0].code, DIAG_WRONG_TYPE);
                assert_int_equal(o.diag.items[0].line, 19);
                end(&o);
        }
}

/* Every length modulo three and bytes of all sorts: what the call holds is what the test says. */
static void the_call_holds_what_the_test_says(void **state) {
        static const char mixed[] = "{\"Image\":\"\xc3\xbf\xe2\x82\xac\xf0\x9f\x98\x80>>>???\","
                                    "\"HostConfig\":{\"Privileged\":true}}";
        static const char *const bodies[] = { "{\"HostConfig\":{\"Privileged\":true}}",
                                              "{\"HostConfig\":{\"Privileged\":true}} ",
                                              "{\"HostConfig\":{\"Privileged\":true}}  ", mixed };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(bodies); ++i) {
                char yaml[4096];
                struct outcome o;

                snprintf(yaml, sizeof(yaml),
                         HEAD QUIET "      - {name: raw, operation: container.create, raw: '%s', expect: critical}\n",
                         bodies[i]);
                run(&o, yaml);
                if (o.result.failed)
                        fail_msg("%s", o.messages);
                assert_int_equal(o.result.passed, 2);
                end(&o);
        }
}

/* Without a length nothing proves that dockerd reads no body: the flaw tells whether the header was there. */
static void a_length_is_sent_unless_the_test_takes_it_away(void **state) {
        static const char yaml[] =
                "docksill: v1\nkind: rules\nrules:\n"
                "  - id: request-body-missing\n"
                "    title: A body that is not shown\n"
                "    on: [container.rename]\n"
                "    when: {request.flaws: {contains: body-missing}}\n"
                "    severity: high\n"
                "    message: \"no body\"\n"
                "    why: \"what is not shown can't be judged\"\n"
                "    fix: {cli: \"none\", flags: []}\n"
                "    references: {seed: [A1]}\n"
                "    tests:\n"
                "      - {name: no length, operation: container.rename, path: {name: a}, headers: {content-type: text/plain, content-length: \"\"}, expect: high}\n"
                "      - {name: length, operation: container.rename, path: {name: a}, headers: {content-type: text/plain}, expect: none}\n";
        struct outcome o;

        (void)state;
        run(&o, yaml);
        if (o.result.failed)
                fail_msg("%s", o.messages);
        assert_int_equal(o.result.passed, 2);
        end(&o);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(counts_what_passes),
                cmocka_unit_test(says_what_was_expected_where_and_what_came),
                cmocka_unit_test(asks_for_a_firing_and_a_quiet_test),
                cmocka_unit_test(a_test_that_no_request_can_show_is_counted_and_not_run),
                cmocka_unit_test(the_engine_is_asked_as_the_test_says),
                cmocka_unit_test(host_paths_are_looked_up_as_the_test_says),
                cmocka_unit_test(a_message_tells_where_the_path_leads),
                cmocka_unit_test(plugins_are_looked_up_as_the_test_says),
                cmocka_unit_test(the_engine_told_of_itself_before_as_the_test_says),
                cmocka_unit_test(a_lookup_that_makes_no_sense_is_reported),
                cmocka_unit_test(the_call_holds_what_the_test_says),
                cmocka_unit_test(a_length_is_sent_unless_the_test_takes_it_away),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
