#include "explain/inspect.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What stands around the part a row is about. */
#define MASKS                                                                                                          \
        "\"/proc/asound\",\"/proc/acpi\",\"/proc/kcore\",\"/proc/keys\",\"/proc/latency_stats\",\"/proc/timer_list\"," \
        "\"/proc/timer_stats\",\"/proc/sched_debug\",\"/proc/scsi\",\"/sys/firmware\""

#define CONTAINER(config, host, more)                                                                                  \
        "{\"Id\":\"0123456789abcdef\",\"Name\":\"/web\",\"Config\":{" config "},\"HostConfig\":{" host "}" more "}"

static void tells_output_of_inspect(void **state) {
        static const struct {
                const char *text;
                bool is;
        } rows[] = {
                { "[]", true },
                { " [ {} ]", true },
                { CONTAINER("", "", ""), true },
                { "{\"Image\":\"a\",\"HostConfig\":{}}", false },
                { "{\"Config\":{},\"HostConfig\":null}", false },
                { "{\"Config\":\"x\",\"HostConfig\":{}}", false },
                { "{\"config\":{},\"hostConfig\":{}}", false },
                { "{\"Config\":{},\"HostConfig\":{}", false },
                { "\"[\"", false },
                { "", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct arena arena;

                arena_init(&arena, 1 << 20);
                if (inspect_is(&arena, str_from(rows[i].text)) != rows[i].is)
                        fail_msg("%s", rows[i].text);
                arena_deinit(&arena);
        }
}

static void makes_the_body_of_a_create(void **state) {
        static const struct {
                const char *text, *body;
                bool cgroupns_host;
        } rows[] = {
                { CONTAINER("", "", ""), "{\"HostConfig\":{}}", false },
                /* Values stay as they are spelt: the reader shall see what stands there. */
                { CONTAINER("\"Image\": \"a\\u0062\", \"Env\":[ \"A=1\" ],\"StopTimeout\":1e1", "\"Memory\": 064", ""),
                  "", false },
                { CONTAINER("\"Image\": \"a\\u0062\", \"Env\":[ \"A=1\" ],\"StopTimeout\":1e1", "\"Memory\": 64", ""),
                  "{\"Image\":\"a\\u0062\",\"Env\":[ \"A=1\" ],\"StopTimeout\":1e1,\"HostConfig\":{\"Memory\":64}}",
                  false },
                /* A key that is there twice stays so: two HostConfigs are for the reader to refuse. */
                { CONTAINER("\"HostConfig\":{}", "", ""), "{\"HostConfig\":{},\"HostConfig\":{}}", false },
                /* dockerd adds label=disable to these, and to these alone. */
                { CONTAINER("", "\"PidMode\":\"host\",\"SecurityOpt\":[\"a=b\",\"label=disable\"]", ""),
                  "{\"HostConfig\":{\"PidMode\":\"host\",\"SecurityOpt\":[\"a=b\"]}}", false },
                { CONTAINER("", "\"IpcMode\":\"host\",\"SecurityOpt\":[\"label=disable\"]", ""),
                  "{\"HostConfig\":{\"IpcMode\":\"host\",\"SecurityOpt\":[]}}", false },
                { CONTAINER("", "\"Privileged\":true,\"SecurityOpt\":[\"label=disable\",\"c=d\"]", ""),
                  "{\"HostConfig\":{\"Privileged\":true,\"SecurityOpt\":[\"c=d\"]}}", false },
                { CONTAINER("", "\"SecurityOpt\":[\"label=disable\"]", ""),
                  "{\"HostConfig\":{\"SecurityOpt\":[\"label=disable\"]}}", false },
                { CONTAINER("", "\"PidMode\":\"host\",\"SecurityOpt\":[\"label=type:x\"]", ""),
                  "{\"HostConfig\":{\"PidMode\":\"host\",\"SecurityOpt\":[\"label=type:x\"]}}", false },
                { CONTAINER("", "\"PidMode\":\"host\",\"SecurityOpt\":null", ""),
                  "{\"HostConfig\":{\"PidMode\":\"host\",\"SecurityOpt\":null}}", false },
                /* Masks are listed though nobody asked for any. */
                { CONTAINER("", "\"MaskedPaths\":[" MASKS "],\"Memory\":1", ""), "{\"HostConfig\":{\"Memory\":1}}",
                  false },
                { CONTAINER("", "\"MaskedPaths\":[" MASKS ",\"/proc/interrupts\"]", ""), "{\"HostConfig\":{}}", false },
                { CONTAINER("", "\"MaskedPaths\":[\"/proc/kcore\"]", ""),
                  "{\"HostConfig\":{\"MaskedPaths\":[\"/proc/kcore\"]}}", false },
                { CONTAINER("", "\"MaskedPaths\":null", ""), "{\"HostConfig\":{\"MaskedPaths\":null}}", false },
                /* On cgroup v1 every container inspects as host. */
                { CONTAINER("", "\"CgroupnsMode\":\"host\",\"Memory\":1", ""), "{\"HostConfig\":{\"Memory\":1}}",
                  true },
                { CONTAINER("", "\"CgroupnsMode\":\"private\"", ""), "{\"HostConfig\":{\"CgroupnsMode\":\"private\"}}",
                  false },
                { CONTAINER("", "", ",\"NetworkSettings\":{\"Networks\":{\"site\":{\"Aliases\":null}}}"),
                  "{\"HostConfig\":{},\"NetworkingConfig\":{\"EndpointsConfig\":{\"site\":{\"Aliases\":null}}}}",
                  false },
                /* What dockerd fills in is not asked for: an id that nobody can read would be a network of its own. */
                { CONTAINER("", "",
                            ",\"NetworkSettings\":{\"Networks\":{\"none\":{\"IPAMConfig\":null,\"NetworkID\":\"a1\","
                            "\"EndpointID\":\"\",\"Gateway\":\"\"},\"site\":null}}"),
                  "{\"HostConfig\":{},\"NetworkingConfig\":{\"EndpointsConfig\":{\"none\":{\"IPAMConfig\":null},"
                  "\"site\":null}}}",
                  false },
                { CONTAINER("", "", ",\"NetworkSettings\":null"), "{\"HostConfig\":{}}", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct inspected_list list;
                struct arena arena;
                int r;

                arena_init(&arena, 1 << 20);
                r = inspect_read(&arena, str_from(rows[i].text), &list);
                if (!*rows[i].body) {
                        assert_int_equal(r, -EINVAL);
                } else {
                        assert_int_equal(r, 0);
                        assert_int_equal(list.n, 1);
                        assert_string_equal(list.items[0].body.p, rows[i].body);
                        assert_int_equal(list.items[0].cgroupns_host, rows[i].cgroupns_host);
                        assert_true(str_eqz(list.items[0].name, "web"));
                        assert_true(str_eqz(list.items[0].id, "0123456789ab"));
                }
                arena_deinit(&arena);
        }
}

/* Mounts that another container brings in stand in the list of all mounts alone. */
static void adds_what_volumes_from_brings_in(void **state) {
#define MOUNTS                                                                                                         \
        ",\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/etc\",\"Destination\":\"/h\",\"RW\":true},"                     \
        "{\"Type\":\"volume\",\"Source\":\"/var/lib/x\",\"Destination\":\"/v\",\"RW\":true},"                          \
        "{\"Type\":\"bind\",\"Source\":\"/srv\",\"Destination\":\"/own\",\"RW\":true},"                                \
        "{\"Type\":\"bind\",\"Source\":\"/opt\",\"Destination\":\"/too\",\"RW\":false}]"
#define INHERITED "{\"Type\":\"bind\",\"Source\":\"/etc\",\"Target\":\"/h\"}"
        static const struct {
                const char *text, *body;
        } rows[] = {
                { CONTAINER("", "\"VolumesFrom\":[\"peer\"],\"Binds\":[\"/srv:/own\",\"/opt:/too:ro\"]", MOUNTS),
                  "{\"HostConfig\":{\"VolumesFrom\":[\"peer\"],\"Binds\":[\"/srv:/own\",\"/opt:/too:ro\"],"
                  "\"Mounts\":[" INHERITED "]}}" },
                { CONTAINER("", "\"VolumesFrom\":[\"peer\"],\"Mounts\":[{\"Target\":\"/own\"}]", MOUNTS),
                  "{\"HostConfig\":{\"VolumesFrom\":[\"peer\"],\"Mounts\":[{\"Target\":\"/own\"}," INHERITED
                  ",{\"Type\":\"bind\",\"Source\":\"/opt\",\"Target\":\"/too\",\"ReadOnly\":true}]}}" },
                { CONTAINER("", "\"VolumesFrom\":[\"peer\"],\"Binds\":[\"/srv:/x/../own\",\"/opt:/too/:ro\"]", MOUNTS),
                  "{\"HostConfig\":{\"VolumesFrom\":[\"peer\"],\"Binds\":[\"/srv:/x/../own\",\"/opt:/too/:ro\"],"
                  "\"Mounts\":[" INHERITED "]}}" },
                { CONTAINER("", "\"VolumesFrom\":null", MOUNTS), "{\"HostConfig\":{\"VolumesFrom\":null}}" },
                { CONTAINER("", "\"VolumesFrom\":[]", MOUNTS), "{\"HostConfig\":{\"VolumesFrom\":[]}}" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct inspected_list list;
                struct arena arena;

                arena_init(&arena, 1 << 20);
                assert_int_equal(inspect_read(&arena, str_from(rows[i].text), &list), 0);
                assert_string_equal(list.items[0].body.p, rows[i].body);
                arena_deinit(&arena);
        }
}

static void reads_several_and_refuses_what_is_no_container(void **state) {
        static const struct {
                const char *text;
                int result;
                size_t n;
        } rows[] = {
                { "[" CONTAINER("", "", "") "," CONTAINER("\"Image\":\"b\"", "", "") "]", 0, 2 },
                { "[]", 0, 0 },
                { "[{\"Id\":\"sha256:1\",\"Config\":{}}]", -EINVAL, 0 }, /* an image */
                { "[" CONTAINER("", "", "") ",{}]", -EINVAL, 0 },
                { "[" CONTAINER("", "", ""), -EINVAL, 0 },
                { "[1]", -EINVAL, 0 },
                { "[[]]", -EINVAL, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct inspected_list list = { 0 };
                struct arena arena;

                arena_init(&arena, 1 << 20);
                assert_int_equal(inspect_read(&arena, str_from(rows[i].text), &list), rows[i].result);
                assert_int_equal(list.n, rows[i].n);
                arena_deinit(&arena);
        }
}

static void says_when_memory_ends(void **state) {
        struct inspected_list list;
        struct arena arena;

        (void)state;
        arena_init(&arena, 16);
        assert_int_equal(inspect_read(&arena, STR_C(CONTAINER("", "", "")), &list), -ENOMEM);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tells_output_of_inspect),
                cmocka_unit_test(makes_the_body_of_a_create),
                cmocka_unit_test(adds_what_volumes_from_brings_in),
                cmocka_unit_test(reads_several_and_refuses_what_is_no_container),
                cmocka_unit_test(says_when_memory_ends),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
