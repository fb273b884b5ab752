#include "value.h"

#include "written.h"

#define MIB (1LL << 20)
#define DAY (86400LL * 1000000)

static void bytes_are_powers_of_1024(void **state) {
        static const struct {
                const char *text;
                int64_t bytes; /* INT64_MIN: refused */
        } rows[] = {
                { "0", 0 },        { "-1", -1 },       { "512", 512 },          { "64m", 64 * MIB },
                { "64M", 64 * MIB }, { "64 MiB", 64 * MIB }, { "64mb", 64 * MIB }, { "1g", 1024 * MIB },
                { "1t", MIB * MIB }, { "2k", 2048 },   { "7b", 7 },             { "", INT64_MIN },
                { "m", INT64_MIN }, { "64x", INT64_MIN }, { "1.5g", INT64_MIN }, { "9999999t", INT64_MIN },
                { "64mm", INT64_MIN }, { "--1", INT64_MIN },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int64_t v = INT64_MIN;

                assert_int_equal(value_bytes(str_from(rows[i].text), &v), rows[i].bytes != INT64_MIN);
                if (rows[i].bytes != INT64_MIN)
                        assert_int_equal(v, rows[i].bytes);
        }
}

static void durations_need_a_unit(void **state) {
        static const struct {
                const char *text;
                int64_t microseconds; /* -1: refused */
        } rows[] = {
                { "90d", 90 * DAY }, { "12h", DAY / 2 }, { "1w", 7 * DAY }, { "30m", DAY / 48 }, { "5s", 5000000 },
                { "10ms", 10000 },   { "0s", 0 },        { "90", -1 },      { "-5d", -1 },       { "1y", -1 },
                { "", -1 },          { "d", -1 },        { "999999999999999d", -1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int64_t v = -1;

                assert_int_equal(value_duration(str_from(rows[i].text), &v), rows[i].microseconds >= 0);
                if (rows[i].microseconds >= 0)
                        assert_int_equal(v, rows[i].microseconds);
        }
}

static void ports_are_numbers_or_ranges(void **state) {
        static const struct {
                const char *text;
                int lo, hi; /* -1: refused */
        } rows[] = {
                { "22", 22, 22 },   { "512-514", 512, 514 }, { "0", 0, 0 },    { "65535", 65535, 65535 },
                { "65536", -1, -1 }, { "5-4", -1, -1 },       { "-5", -1, -1 }, { "5-", -1, -1 },
                { "", -1, -1 },     { "a", -1, -1 },         { "+5", -1, -1 }, { "1-2-3", -1, -1 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                int32_t lo = -1, hi = -1;

                assert_int_equal(value_port(str_from(rows[i].text), &lo, &hi), rows[i].lo >= 0);
                assert_int_equal(lo, rows[i].lo);
                assert_int_equal(hi, rows[i].hi);
        }
}

/* Each row is a condition on a fact of that type; what does not fit is told as DS216 with what to write. */
static void literals_fit_their_fact(void **state) {
        static const struct {
                const char *condition, *wrong; /* wrong: in the message; NULL: fits */
        } rows[] = {
                { "container.privileged: true", NULL },
                { "container.privileged: \"false\"", NULL },
                { "container.privileged: yes", "true or false" },
                { "container.privileged: 1", "true or false" },
                { "container.pids_limit: 100", NULL },
                { "container.pids_limit: -1", NULL },
                { "container.pids_limit: 10m", "whole number" },
                { "container.memory: 64m", NULL },
                { "container.memory: lots", "64m" },
                { "port.host: 80", NULL },
                { "port.host: 80-90", NULL },
                { "port.host: http", "512-514" },
                { "container.seccomp.mode: unconfined", NULL },
                { "container.seccomp.mode: unconfind", "did you mean \"unconfined\"" },
                { "container.capabilities.added: cap_sys_admin", NULL },
                { "container.capabilities.added: \"SYS ADMIN\"", "NET_ADMIN" },
                { "container.capabilities.added: CAP_", "NET_ADMIN" },
                { "image.name: docker.io/library/nginx", NULL },
                { "image.name: localhost/x", NULL },
                { "image.name: registry:5000/x", NULL },
                { "image.name: \"*\"", NULL },
                { "image.name: nginx", "write docker.io/library/nginx" },
                { "image.name: library/nginx", "write docker.io/library/nginx" },
                { "image.name: docker.io/library/nginx:1.25", "without tag" },
                { "image.name: docker.io/library/nginx@sha256:aa", "without tag" },
                { "image.name: docker.io/", "whole name" },
                { "port.address: null", "quote the word null" },
                { "port.address: \"null\"", NULL },
                { "container.network: {regex: 'a('}", "missing closing parenthesis" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct condition *condition;
                struct written w;
                int r;

                written_init(&w);
                written_each(&w, "container.ports", "port");
                r = condition_new(&w.compiler, written_yaml(&w, rows[i].condition), &condition);
                assert_int_equal(r, rows[i].wrong ? -EINVAL : 0);
                if (rows[i].wrong && !strstr(w.diag.items[0].message.p, rows[i].wrong))
                        fail_msg("%s: %s", rows[i].condition, w.diag.items[0].message.p);
                written_deinit(&w);
        }
}

/* What a person writes is compared with facts as they are normalised: both sides must be spelt alike. */
static void paths_are_cleaned_and_folded(void **state) {
        static const struct {
                const char *condition;
                bool holds; /* of /run/docker.sock */
        } rows[] = {
                { "m.source: /run/docker.sock", true },
                { "m.source: /var/run/docker.sock", true },
                { "m.source: /var//run/./docker.sock/", true },
                { "m.source: {within: /var/run}", true },
                { "m.source: {within: /var/running}", false },
        };
        struct mount_fact mount = { .source = a_path("/run/docker.sock", NULL) };
        struct facts facts = { 0 };
        struct scope scope = { .facts = &facts, .element = &mount };
        struct written w;

        (void)state;
        written_init(&w);
        written_each(&w, "mounts", "m");
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_int_equal(condition_holds(written_condition(&w, rows[i].condition), &scope),
                                 rows[i].holds ? TRUTH_YES : TRUTH_NO);
        written_deinit(&w);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(bytes_are_powers_of_1024),    cmocka_unit_test(durations_need_a_unit),
                cmocka_unit_test(ports_are_numbers_or_ranges), cmocka_unit_test(literals_fit_their_fact),
                cmocka_unit_test(paths_are_cleaned_and_folded),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
