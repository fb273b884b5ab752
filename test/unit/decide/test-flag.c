#include "docksill/decide/flag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void other_clients_have_words_of_their_own(void **state) {
        static const struct {
                struct str flags[4];
                const char *compose, *api; /* NULL: it has none */
        } rows[] = {
                { { STR("--read-only") }, "read_only: true", "HostConfig.ReadonlyRootfs: true" },
                { { STR("--user 10001:10001") }, "user: \"10001:10001\"", "User: \"10001:10001\"" },
                { { STR("-m 512m") }, "mem_limit: 512m", "HostConfig.Memory: 536870912" },
                { { STR("--memory=1g") }, "mem_limit: 1g", "HostConfig.Memory: 1073741824" },
                { { STR("-m 512m"), STR("--memory-swap 512m") },
                  "mem_limit: 512m; memswap_limit: 512m",
                  "HostConfig.Memory: 536870912; HostConfig.MemorySwap: 536870912" },
                { { STR("--cpus 1.5") }, "cpus: 1.5", "HostConfig.NanoCpus: 1500000000" },
                { { STR("--pids-limit 100") }, "pids_limit: 100", "HostConfig.PidsLimit: 100" },
                { { STR("--oom-score-adj 0") }, "oom_score_adj: 0", "HostConfig.OomScoreAdj: 0" },
                { { STR("--stop-timeout 10") }, "stop_grace_period: 10s", "StopTimeout: 10" },
                { { STR("--cap-drop=ALL") }, "cap_drop: [\"ALL\"]", "HostConfig.CapDrop: [\"ALL\"]" },
                { { STR("--cap-add=CHOWN"), STR("--cap-add=SETUID") },
                  "cap_add: [\"CHOWN\", \"SETUID\"]",
                  "HostConfig.CapAdd: [\"CHOWN\", \"SETUID\"]" },
                { { STR("--volume /var/lib/a"), STR("-v /b") },
                  "volumes: [\"/var/lib/a\", \"/b\"]",
                  "Volumes: {\"/var/lib/a\": {}, \"/b\": {}}" },
                { { STR("--ulimit nofile=1024:2048") },
                  "ulimits: {\"nofile\": {soft: 1024, hard: 2048}}",
                  "HostConfig.Ulimits: [{\"Name\": \"nofile\", \"Soft\": 1024, \"Hard\": 2048}]" },
                /* What goes to one key is told once. */
                { { STR("--tmpfs /tmp:rw,size=64m"), STR("--read-only"), STR("--tmpfs /run") },
                  "tmpfs: [\"/tmp:rw,size=64m\", \"/run\"]; read_only: true",
                  "HostConfig.Tmpfs: {\"/tmp\": \"rw,size=64m\", \"/run\": \"\"}; HostConfig.ReadonlyRootfs: true" },
                { { STR("--log-opt max-size=10m"), STR("--log-driver local"), STR("--log-opt max-file=3") },
                  "logging: {options: {\"max-size\": \"10m\", \"max-file\": \"3\"}, driver: \"local\"}",
                  "HostConfig.LogConfig.Config: {\"max-size\": \"10m\", \"max-file\": \"3\"}; "
                  "HostConfig.LogConfig.Type: \"local\"" },
                /* Compose would fill in what stands behind a dollar sign. */
                { { STR("--tmpfs /c$HOME") }, "tmpfs: [\"/c$$HOME\"]", "HostConfig.Tmpfs: {\"/c$HOME\": \"\"}" },
                /* What a requester wrote stays a text. */
                { { STR("--tmpfs /a\"]\n") },
                  "tmpfs: [\"/a\\\"]\\u000a\"]",
                  "HostConfig.Tmpfs: {\"/a\\\"]\\n\": \"\"}" },
                /* Of services, of a site's own rules, and what is no value: nothing is added. */
                { { STR("--read-only"), STR("--limit-memory 512m") }, NULL, NULL },
                { { STR("--init") }, NULL, NULL },
                { { STR("--memory much") }, NULL, NULL },
                { { STR("--memory 9223372036854775807g") }, NULL, NULL },
                { { STR("--pids-limit 1, privileged: true") }, NULL, NULL },
                { { STR("--cpus 1; x") }, NULL, NULL },
                { { STR("--user") }, NULL, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (enum flag_words words = FLAG_COMPOSE; words <= FLAG_API; ++words) {
                        const char *wanted = words == FLAG_COMPOSE ? rows[i].compose : rows[i].api;
                        struct flags flags = { .items = (struct str *)rows[i].flags };
                        struct text t;

                        while (flags.n < 4 && rows[i].flags[flags.n].p)
                                ++flags.n;
                        text_init(&t);
                        text_addz(&t, "> ");
                        assert_int_equal(flags_add_words(&t, &flags, words, "; "), wanted != NULL);
                        if (!str_eqz(str_skip(text_str(&t), 2), wanted ? wanted : ""))
                                fail_msg("row %zu: %" STR_FMT, i, STR_ARG(text_str(&t)));
                        text_deinit(&t);
                }
}

static void services_have_members_of_their_own(void **state) {
        static const struct {
                struct str flag;
                const char *task; /* NULL: it has none */
        } rows[] = {
                { STR("--limit-memory 512m"), "TaskTemplate.Resources.Limits.MemoryBytes: 536870912" },
                { STR("--limit-pids 512"), "TaskTemplate.Resources.Limits.Pids: 512" },
                { STR("--limit-cpu 1"), "TaskTemplate.Resources.Limits.NanoCPUs: 1000000000" },
                { STR("--cap-drop ALL"), "TaskTemplate.ContainerSpec.CapabilityDrop: [\"ALL\"]" },
                { STR("--read-only"), "TaskTemplate.ContainerSpec.ReadOnly: true" },
                { STR("--stop-grace-period 10s"), "TaskTemplate.ContainerSpec.StopGracePeriod: 10000000000" },
                { STR("--mount type=tmpfs,target=/tmp,tmpfs-size=64m"),
                  "TaskTemplate.ContainerSpec.Mounts: [{\"Type\": \"tmpfs\", \"Target\": \"/tmp\", "
                  "\"TmpfsOptions\": {\"SizeBytes\": 67108864}}]" },
                { STR("--mount type=tmpfs,target=/tmp,ro"), NULL },
                { STR("--stop-grace-period 10"), NULL },
                { STR("-m 512m"), NULL },
                { STR("--security-opt no-new-privileges:true"), NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct flags flags = { .items = (struct str *)&rows[i].flag, .n = 1 };
                struct text t;

                text_init(&t);
                text_addz(&t, "> ");
                assert_int_equal(flags_add_words(&t, &flags, FLAG_TASK, "; "), rows[i].task != NULL);
                if (!str_eqz(str_skip(text_str(&t), 2), rows[i].task ? rows[i].task : ""))
                        fail_msg("row %zu: %" STR_FMT, i, STR_ARG(text_str(&t)));
                text_deinit(&t);
        }
}

static void each_flag_says_what_it_changes(void **state) {
        static const struct {
                const char *flag, *changes;
        } rows[] = {
                { "--user 1:1", "start; may stop the program" },
                { "--read-only", "files; may stop the program" },
                { "--cap-add CHOWN", "start" },
                { "-m 512m", "limits" },
                { "--stop-timeout 10", "lifetime" },
                { "--restart on-failure:5", "lifetime; by hand" },
                { "--runtime runc", "start; by hand" },
                { "--ulimit nofile=1:2", "limits; by hand" },
                { "-p 80:80", "network; may stop the program" },
                { "--init", "unknown; may stop the program" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;

                text_init(&t);
                flag_add_change(&t, str_from(rows[i].flag));
                assert_string_equal(t.p, rows[i].changes);
                text_deinit(&t);
        }
}

static void who_does_not_start_as_root_does_not_step_down(void **state) {
        struct str items[] = { STR("--cap-drop ALL"), STR("--cap-add SETUID"), STR("--cap-add NET_BIND_SERVICE"),
                               STR("--cap-add CHOWN"), STR("--user 1:1") };
        struct flags flags = { .items = items, .n = 4 };

        (void)state;
        flags_drop_needless(&flags);
        assert_int_equal(flags.n, 4);
        flags.n = 5;
        flags_drop_needless(&flags);
        assert_int_equal(flags.n, 3);
        assert_true(str_eqz(flags.items[1], "--cap-add NET_BIND_SERVICE"));
        assert_true(str_eqz(flags.items[2], "--user 1:1"));
}

static void what_disturbs_a_program_is_known_or_feared(void **state) {
        static const char *const mild[] = { "-m 512m",
                                            "--memory=512m",
                                            "--pids-limit 100",
                                            "--cpus 1",
                                            "--security-opt no-new-privileges:true",
                                            "--log-opt max-size=10m" },
                                 *const hard[] = { "--user 1:1", "--read-only", "--cap-drop=ALL", "--init", "" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(mild); ++i)
                assert_true(flag_disturbs(str_from(mild[i])) < FLAG_MAY_STOP);
        for (size_t i = 0; i < ARRAY_SIZE(hard); ++i)
                assert_true(flag_disturbs(str_from(hard[i])) >= FLAG_MAY_STOP);
        assert_true(flag_is_sound(STR_C("--tmpfs /a:rw")));
        assert_true(flag_is_sound(STR_C("--tmpfs /a")));
        assert_false(flag_is_sound(STR_C("--tmpfs /a:b:rw")));
        assert_true(flag_is_sound(STR_C("--user 1:1:1")));
        assert_true(flag_is_by_hand(STR_C("--restart on-failure:5")));
        assert_false(flag_is_by_hand(STR_C("--restarting")));
        assert_false(flag_is_by_hand(STR_C("--read-only")));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(other_clients_have_words_of_their_own),
                cmocka_unit_test(services_have_members_of_their_own),
                cmocka_unit_test(each_flag_says_what_it_changes),
                cmocka_unit_test(who_does_not_start_as_root_does_not_step_down),
                cmocka_unit_test(what_disturbs_a_program_is_known_or_feared),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
