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
                { { STR("-m 512m"), STR("--memory-swap 512m") }, "mem_limit: 512m; memswap_limit: 512m",
                  "HostConfig.Memory: 536870912; HostConfig.MemorySwap: 536870912" },
                { { STR("--cpus 1.5") }, "cpus: 1.5", "HostConfig.NanoCpus: 1500000000" },
                { { STR("--pids-limit 100") }, "pids_limit: 100", "HostConfig.PidsLimit: 100" },
                { { STR("--oom-score-adj 0") }, "oom_score_adj: 0", "HostConfig.OomScoreAdj: 0" },
                { { STR("--stop-timeout 10") }, "stop_grace_period: 10s", "StopTimeout: 10" },
                { { STR("--cap-drop=ALL") }, "cap_drop: [\"ALL\"]", "HostConfig.CapDrop: [\"ALL\"]" },
                { { STR("--cap-add=CHOWN"), STR("--cap-add=SETUID") }, "cap_add: [\"CHOWN\", \"SETUID\"]",
                  "HostConfig.CapAdd: [\"CHOWN\", \"SETUID\"]" },
                { { STR("--volume /var/lib/a"), STR("-v /b") }, "volumes: [\"/var/lib/a\", \"/b\"]",
                  "Volumes: {\"/var/lib/a\": {}, \"/b\": {}}" },
                { { STR("--ulimit nofile=1024:2048") }, "ulimits: {\"nofile\": {soft: 1024, hard: 2048}}",
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
                { { STR("--tmpfs /a\"]\n") }, "tmpfs: [\"/a\\\"]\\u000a\"]", "HostConfig.Tmpfs: {\"/a\\\"]\\n\": \"\"}" },
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

static void what_disturbs_a_program_is_known_or_feared(void **state) {
        static const char *const mild[] = { "-m 512m", "--memory=512m", "--pids-limit 100", "--cpus 1",
                                            "--security-opt no-new-privileges:true", "--log-opt max-size=10m" },
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
                cmocka_unit_test(what_disturbs_a_program_is_known_or_feared),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
