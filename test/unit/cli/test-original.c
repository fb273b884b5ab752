#include "try/copy-body.h"
#include "try/ddmin.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* As the engine shows a container that has everything. */
static const char rich[] =
        "{\"Id\": \"aaaabbbbccccdddd\", \"Name\": \"/web\", \"Image\": \"sha256:1234\","
        " \"Config\": {\"Image\": \"web:1\", \"Hostname\": \"h\", \"User\": \"\", \"Env\": [\"A=b\"], \"Cmd\": [\"serve\"],"
        "  \"Labels\": {\"com.docker.compose.project\": \"x\"}, \"ExposedPorts\": {\"80/tcp\": {}}, \"Tty\": true,"
        "  \"Volumes\": {\"/data\": {}}, \"Healthcheck\": {\"Test\": [\"CMD\", \"true\"], \"Interval\": 30000000000}},"
        " \"HostConfig\": {\"Privileged\": true, \"RestartPolicy\": {\"Name\": \"always\"}, \"AutoRemove\": true,"
        "  \"PortBindings\": {\"80/tcp\": [{\"HostPort\": \"80\"}]}, \"NetworkMode\": \"front\", \"PidMode\": \"host\","
        "  \"IpcMode\": \"container:abc\", \"Devices\": [{\"PathOnHost\": \"/dev/fuse\"}], \"VolumesFrom\": [\"other\"],"
        "  \"SecurityOpt\": [\"label=disable\"], \"CapDrop\": [\"MKNOD\"], \"Memory\": 1000, \"LogConfig\": {\"Type\": \"syslog\"},"
        "  \"Binds\": [\"/srv/data:/srv\", \"db:/data\"], \"Tmpfs\": {\"/tmp\": \"size=1m\"},"
        "  \"Mounts\": [{\"Type\": \"tmpfs\", \"Target\": \"/scratch\", \"TmpfsOptions\": {\"SizeBytes\": 9}}]},"
        " \"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/srv/data\", \"Destination\": \"/srv\", \"RW\": true},"
        "  {\"Type\": \"bind\", \"Source\": \"/etc/localtime\", \"Destination\": \"/etc/localtime\", \"RW\": false},"
        "  {\"Type\": \"bind\", \"Source\": \"/run/docker.sock\", \"Destination\": \"/s\", \"RW\": false},"
        "  {\"Type\": \"bind\", \"Source\": \"/srv/a.sock\", \"Destination\": \"/t\", \"RW\": true},"
        "  {\"Type\": \"tmpfs\", \"Destination\": \"/scratch\"},"
        "  {\"Type\": \"volume\", \"Name\": \"db\", \"Source\": \"/x/db/_data\", \"Destination\": \"/data\", \"RW\": true}]}";

struct fixture {
        struct arena arena;
        json_t *inspect;
        struct original o;
};

static void begin(struct fixture *f, const char *text, bool container, const char *const *command) {
        arena_init(&f->arena, 1 << 20);
        f->inspect = json_loads(text, 0, NULL);
        assert_non_null(f->inspect);
        f->o = (struct original){ .owner = "me" };
        assert_int_equal((container ? original_of_container : original_of_image)(&f->o, &f->arena, f->inspect, "web:1",
                                                                                command),
                         0);
}

static void end(struct fixture *f) {
        original_deinit(&f->o);
        json_decref(f->inspect);
        arena_deinit(&f->arena);
}

static void assert_json(const json_t *tree, const char *text) {
        char *got = json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);

        assert_string_equal(got ? got : "none", text);
        free(got);
}

static void a_copy_reaches_nothing(void **state) {
        const struct form as_it_is = { 0 };
        struct fixture f;
        json_t *body, *host;

        (void)state;
        begin(&f, rich, true, NULL);
        body = copy_body(&f.o, &as_it_is, &(struct copy_shape){ .owner = "me", .grace = 7000000 });
        host = json_incref(json_object_get(body, "HostConfig"));
        json_object_del(body, "HostConfig");
        assert_json(body, "{\"Cmd\":[\"serve\"],\"Env\":[\"A=b\"],\"Healthcheck\":{\"Interval\":1000000000,\"Retries\":1,"
                          "\"StartInterval\":1000000000,\"StartPeriod\":7000000000,\"Test\":[\"CMD\",\"true\"]},"
                          "\"Image\":\"sha256:1234\",\"Labels\":{\"io.docksill.try\":\"me\"},\"Tty\":true,\"User\":\"\"}");
        assert_json(json_object_get(host, "Mounts"),
                    "[{\"ReadOnly\":true,\"Source\":\"/srv/data\",\"Target\":\"/srv\",\"Type\":\"bind\"},"
                    "{\"ReadOnly\":true,\"Source\":\"/etc/localtime\",\"Target\":\"/etc/localtime\",\"Type\":\"bind\"},"
                    "{\"Target\":\"/data\",\"Type\":\"volume\",\"VolumeOptions\":{\"Labels\":{\"io.docksill.try\":\"me\"}}},"
                    "{\"Target\":\"/scratch\",\"TmpfsOptions\":{\"SizeBytes\":9},\"Type\":\"tmpfs\"}]");
        json_object_del(host, "Mounts");
        assert_json(host, "{\"AutoRemove\":false,\"CapAdd\":[\"ALL\"],\"LogConfig\":{\"Config\":{\"max-file\":\"1\","
                          "\"max-size\":\"1m\"},\"Type\":\"json-file\"},\"Memory\":1000,\"NetworkMode\":\"none\","
                          "\"RestartPolicy\":{\"Name\":\"no\"},\"SecurityOpt\":[],"
                          "\"Tmpfs\":{\"/tmp\":\"size=1m\"}}");
        json_decref(body);
        json_decref(host);
        end(&f);
}

static void the_host_is_written_to_in_no_shape(void **state) {
        const struct form as_it_is = { 0 };
        struct fixture f;
        json_t *body, *mounts, *one;
        size_t i;

        (void)state;
        begin(&f, rich, true, NULL);
        body = copy_body(&f.o, &as_it_is, &(struct copy_shape){ .owner = "me", .fresh = true, .network = "own" });
        mounts = json_object_get(json_object_get(body, "HostConfig"), "Mounts");
        assert_int_equal(json_array_size(mounts), 4);
        json_array_foreach(mounts, i, one)
                assert_true(!json_object_get(one, "Source") || json_is_true(json_object_get(one, "ReadOnly")));
        assert_json(json_array_get(mounts, 0),
                    "{\"Target\":\"/srv\",\"Type\":\"volume\",\"VolumeOptions\":{\"Labels\":{\"io.docksill.try\":\"me\"}}}");
        assert_json(json_object_get(json_object_get(body, "HostConfig"), "NetworkMode"), "\"own\"");
        json_decref(body);
        end(&f);
}

static void tells_what_it_is(void **state) {
        struct fixture f;

        (void)state;
        begin(&f, rich, true, NULL);
        assert_true(f.o.root && f.o.network && f.o.reached && f.o.terminal && f.o.healthcheck && f.o.container);
        assert_int_equal(f.o.mounts.n, 5);
        assert_true(f.o.notes.n >= 7);
        end(&f);
        begin(&f,
              "{\"Id\": \"sha256:12\", \"Config\": {\"User\": \"101:101\", \"Volumes\": {\"/v\": {}}, \"Healthcheck\": "
              "{\"Test\": [\"NONE\"]}}}",
              false, (const char *const[]){ "a", "b c", NULL });
        assert_true(!f.o.root && f.o.network && !f.o.reached && !f.o.terminal && !f.o.healthcheck && !f.o.container);
        assert_string_equal(f.o.user, "101:101");
        assert_int_equal(f.o.mounts.n, 1);
        assert_json(f.o.inspect, "{\"Cmd\":[\"a\",\"b c\"],\"HostConfig\":{},\"Image\":\"web:1\"}");
        assert_json(json_object_get(f.o.config, "Cmd"), "[\"a\",\"b c\"]");
        end(&f);
}

static size_t count(const struct concession *items, size_t n, enum concession_kind kind) {
        size_t found = 0;

        for (size_t i = 0; i < n; ++i)
                found += items[i].kind == kind;
        return found;
}

static void lists_what_may_be_conceded(void **state) {
        struct concession items[DDMIN_ITEMS];
        struct str paths[FOLDERS_MOST];
        struct folders folders = { paths, FOLDERS_MOST, FOLDERS_MOST, false };
        struct fixture f;
        size_t n;

        (void)state;
        for (size_t i = 0; i < FOLDERS_MOST; ++i)
                paths[i] = STR_C("/x");
        begin(&f, rich, true, NULL);
        n = original_concessions(items, &f.o, &folders, true, true);
        assert_in_range(n, 50, DDMIN_ITEMS);
        assert_int_equal(items[0].kind, CONCEDE_USER);
        assert_int_equal(items[n - 1].kind, CONCEDE_ROOTFS);
        assert_int_equal(items[n - 2].kind, CONCEDE_NETWORK);
        assert_int_equal(count(items, n, CONCEDE_FOLDER), FOLDERS_MOST);
        assert_int_equal(count(items, n, CONCEDE_MEMORY), 0); /* it has a limit */
        end(&f);

        /* What has all restrictions has none to lose. */
        begin(&f,
              "{\"Id\": \"aaaabbbbcccc\", \"Image\": \"x\", \"Config\": {\"User\": \"app\"}, \"HostConfig\": {\"CapDrop\": "
              "[\"ALL\"], \"Memory\": 1, \"PidsLimit\": 1, \"CpuQuota\": 1, \"ReadonlyRootfs\": true, \"SecurityOpt\": "
              "[\"no-new-privileges\"], \"NetworkMode\": \"none\"}}",
              true, NULL);
        assert_int_equal(original_concessions(items, &f.o, &folders, false, false), 0);
        /* But that a name is none that others know. */
        assert_int_equal(original_concessions(items, &f.o, &folders, true, false), 1);
        assert_true(str_eqz(items[0].name, "app"));
        end(&f);
}

static void hardens_the_original(void **state) {
        const struct concession items[] = { { .kind = CONCEDE_USER }, { .kind = CONCEDE_CAPABILITY, .name = STR("CHOWN") },
                                            { .kind = CONCEDE_CAPABILITY, .name = STR("KILL") } };
        const struct form form = { .items = items, .n = 3, .conceded = 2, .user = FORM_USER };
        struct flags dropped = { 0 };
        struct fixture f;
        json_t *tree, *host;

        (void)state;
        begin(&f, rich, true, NULL);
        tree = original_hardened(&f.o, &form, false);
        host = json_object_get(tree, "HostConfig");
        assert_json(json_object_get(json_object_get(tree, "Config"), "User"), "\"10001:10001\"");
        assert_json(json_object_get(host, "Privileged"), "false");
        assert_json(json_object_get(host, "CapAdd"), "[\"CHOWN\"]");
        assert_json(json_object_get(host, "CapDrop"), "[\"ALL\"]");
        assert_json(json_object_get(host, "SecurityOpt"), "[]");
        assert_json(json_object_get(host, "NetworkMode"), "\"front\"");
        assert_int_equal(json_object_size(json_object_get(host, "PortBindings")), 1);
        json_decref(tree);
        assert_int_equal(original_dropped(&dropped, &f.arena, &f.o, &form), 0);
        assert_int_equal(dropped.n, 1);
        assert_string_equal(dropped.items[0].p, "--privileged");
        tree = original_hardened(&f.o, &form, true);
        assert_json(json_object_get(json_object_get(tree, "HostConfig"), "NetworkMode"), "\"none\"");
        json_decref(tree);
        end(&f);
}

static void refuses_what_is_no_container(void **state) {
        static const char *const wrong[] = { "{}", "[]", "{\"Id\": 1, \"Config\": {}}", "{\"Id\": \"a\", \"Config\": []}",
                                             "{\"Id\": \"a\", \"Config\": {}, \"HostConfig\": {}}",
                                             "{\"Id\": \"a\", \"Config\": {}, \"Image\": \"b\"}" };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(wrong); ++i) {
                json_t *tree = json_loads(wrong[i], 0, NULL);
                struct original o = { .owner = "me" };
                struct arena arena;

                arena_init(&arena, 1 << 20);
                assert_int_equal(original_of_container(&o, &arena, tree, "x", NULL), -EPROTO);
                original_deinit(&o);
                json_decref(tree);
                arena_deinit(&arena);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_copy_reaches_nothing),
                cmocka_unit_test(the_host_is_written_to_in_no_shape),
                cmocka_unit_test(tells_what_it_is),
                cmocka_unit_test(lists_what_may_be_conceded),
                cmocka_unit_test(hardens_the_original),
                cmocka_unit_test(refuses_what_is_no_container),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
