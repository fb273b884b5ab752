#include "../host/host-folder.h"
#include "audit/spot.h"

struct fixture {
        struct arena arena;
        struct host_root root;
        struct host_folder folder;
};

static void put(const struct fixture *f, const char *path, const char *text) {
        host_folder_put(&f->folder, path, str_from(text));
}

static int begin(void **state) {
        struct fixture *f = calloc(1, sizeof(*f));

        assert_non_null(f);
        arena_init(&f->arena, (size_t)4 << 20);
        host_folder_init(&f->folder);
        assert_int_equal(host_root_open(&f->root, f->folder.path), 0);
        *state = f;
        return 0;
}

static int end(void **state) {
        struct fixture *f = *state;

        host_root_close(&f->root);
        arena_deinit(&f->arena);
        host_folder_deinit(&f->folder);
        free(f);
        return 0;
}

static void is_at(struct fixture *f, const char *where, const char *fix, const char *file, unsigned line) {
        struct spot spot;

        spot_find(&spot, &f->arena, &f->root, STR_C("/etc/docker/daemon.json"), str_from(where), str_from(fix));
        if (!str_eqz(spot.file, file) || spot.line != line)
                fail_msg("%s: %.*s:%u, not %s:%u", where, (int)spot.file.n, spot.file.p, spot.line, file, line);
}

static void a_key_has_a_line(void **state) {
        static const struct {
                const char *text, *key;
                unsigned line;
        } rows[] = {
                { "{\"icc\": true}", "icc", 1 },
                { "{\n\"a\": {\"icc\": 1},\n\"icc\":\n true\n}", "icc", 3 },
                { "{\n \"ICC\": true}", "icc", 2 },
                { "{\n \"icc\": 1,\n \"icc\": 2}", "icc", 3 }, /* the last one counts */
                { "{\"x\": \"icc\"}", "icc", 0 },
                { "{\n \"icc\": 1,\n broken", "icc", 2 },
                { "", "icc", 0 },
                { "[]", "icc", 0 },
        };
        struct fixture *f = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                assert_int_equal(spot_of_key(&f->arena, str_from(rows[i].text), str_from(rows[i].key)), rows[i].line);
}

static void daemon_json_is_found_by_its_keys(void **state) {
        struct fixture *f = *state;

        put(f, "/etc/docker/daemon.json", "{\n  \"debug\": true,\n  \"icc\": true,\n  \"hosts\": []\n}\n");
        is_at(f, "daemon.json, command line: log-level, debug", "", "/etc/docker/daemon.json", 2);
        is_at(f, "GET /networks/bridge", "daemon.json: \"icc\": false", "/etc/docker/daemon.json", 3);
        is_at(f, "GET /info", "daemon.json: \"live-restore\": true", "/etc/docker/daemon.json", 0);
        is_at(f, "GET /info ServerVersion", "upgrade its package", "", 0);
}

static void a_flag_is_found_in_the_unit(void **state) {
        struct fixture *f = *state;

        put(f, "/etc/docker/daemon.json", "{}");
        put(f, "/etc/systemd/system/docker.service.d/10-tcp.conf",
            "[Service]\n# --host none\nExecStart=/usr/bin/dockerd --host tcp://0.0.0.0:2375\n");
        put(f, "/etc/default/docker", "DOCKER_OPTS=--iptables=false\n");
        is_at(f, "daemon.json, command line: hosts", "", "/etc/systemd/system/docker.service.d/10-tcp.conf", 3);
        is_at(f, "daemon.json, command line: iptables", "", "/etc/default/docker", 1);
        is_at(f, "daemon.json, command line: storage-opts dm.basesize", "", "/etc/docker/daemon.json", 0);
}

static void a_parameter_is_found_in_the_last_file(void **state) {
        struct fixture *f = *state;
        const char *fix = "/etc/sysctl.d/60-hardening.conf: fs.suid_dumpable = 0, then sysctl --system";

        is_at(f, "sysctl fs.suid_dumpable", fix, "/etc/sysctl.d/60-hardening.conf", 0);
        put(f, "/usr/lib/sysctl.d/50-a.conf", "fs.suid_dumpable=2\n");
        is_at(f, "sysctl fs.suid_dumpable", fix, "/usr/lib/sysctl.d/50-a.conf", 1);
        put(f, "/etc/sysctl.d/99-b.conf", "\n#fs.suid_dumpable = 0\n-fs/suid_dumpable = 2\n");
        is_at(f, "sysctl fs.suid_dumpable", fix, "/etc/sysctl.d/99-b.conf", 3);
}

static void other_files_are_named(void **state) {
        struct fixture *f = *state;

        put(f, "/etc/group", "root:x:0:\ndocker:x:999:mallory\n");
        is_at(f, "/etc/group, /etc/passwd", "gpasswd -d mallory docker", "/etc/group", 2);
        is_at(f, "/run/docker.sock", "chmod 660 /run/docker.sock", "/run/docker.sock", 0);
        is_at(f, "/etc/audit", "/etc/audit/rules.d/docker.rules: -w /etc/docker", "/etc/audit/rules.d/docker.rules", 0);
        is_at(f, "HostConfig.Privileged", "drop --privileged", "", 0);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(a_key_has_a_line, begin, end),
                cmocka_unit_test_setup_teardown(daemon_json_is_found_by_its_keys, begin, end),
                cmocka_unit_test_setup_teardown(a_flag_is_found_in_the_unit, begin, end),
                cmocka_unit_test_setup_teardown(a_parameter_is_found_in_the_last_file, begin, end),
                cmocka_unit_test_setup_teardown(other_files_are_named, begin, end),
        };

        /* valgrind 3.19 does not know openat2(2). */
        if (!host_root_can_be_opened())
                return HOST_SKIPPED;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
