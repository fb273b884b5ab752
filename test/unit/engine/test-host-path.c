#include "call.h"
#include "read/host-path.h"

static void paths_become_comparable(void **state) {
        static const struct {
                const char *path, *wanted;
        } rows[] = {
                { "/etc", "/etc" },
                { "/etc//ssh/.", "/etc/ssh" },
                { "/srv/../etc/", "/etc" },
                { "/../../etc", "/etc" },
                { "/", "/" },
                { "//", "/" },
                { "/var/run", "/run" },
                { "/var/run/docker.sock", "/run/docker.sock" },
                { "/var/./run//docker.sock", "/run/docker.sock" },
                { "/var/runner", "/var/runner" },
                { "/var/run2/x", "/var/run2/x" },
                { "/srv/var/run/x", "/srv/var/run/x" },
                { "dev/sda", "/dev/sda" },
                { ".", "/" },
                { "../etc", "/etc" },
                { "var/run/docker.sock", "/run/docker.sock" },
        };
        struct fact_path p;
        struct arena a;

        (void)state;
        arena_init(&a, 1 << 16);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                assert_fits(&a, host_path(&a, str_from(rows[i].path), &p));
                assert_int_equal(p.n, 1);
                assert_str(p.spelling[0], rows[i].wanted);
        }
        assert_fits(&a, host_path(&a, STR_C(""), &p));
        assert_int_equal(p.n, 0);
        arena_deinit(&a);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(paths_become_comparable),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
