#include "docksill/base/clock.h"
#include "entrance.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

static void a_mount_point_is_the_longest_above(void **state) {
        static const char lines[] = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                                    "30 22 0:9 / /mnt/dead rw shared:7 - nfs4 h:/x rw\n"
                                    "31 30 0:9 / /mnt/dead/in rw - nfs4 h:/x rw\n"
                                    "32 22 0:8 / /srv/a\\040b rw - tmpfs none rw\n"
                                    "33 22 0:8 / /srv/\\1340 rw - tmpfs none rw\n"
                                    "cut";
        static const struct {
                const char *path;
                size_t mount;
        } rows[] = {
                { "/mnt/dead", 9 },     { "/mnt/dead/x", 9 },     { "/mnt/deader", 1 }, { "/mnt", 1 },     { "/", 1 },
                { "/mnt/dead/in", 12 }, { "/mnt/dead/in/y", 12 }, { "/srv/a b/c", 8 },  { "/srv/\\0", 7 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i)
                if (entrance_mount(str_from(lines), str_from(rows[i].path)) != rows[i].mount)
                        fail_msg("%s: %zu", rows[i].path, entrance_mount(str_from(lines), str_from(rows[i].path)));
        assert_int_equal(entrance_mount((struct str){ 0 }, STR_C("/mnt")), 1);
}

static int enter(const char *folder) {
        return entrance_enter(str_from(folder));
}

static void two_are_let_in_and_a_third_when_they_are_stuck_is_not(void **state) {
        int64_t begun = clock_monotonic();
        int a = enter("/none/such"), b = enter("/none/such"), other;

        (void)state;
        assert_true(a >= 0 && b >= 0 && a != b);
        other = enter("/none");
        assert_true(other >= 0); /* another folder */
        entrance_leave(other);
        assert_int_equal(enter("/none/such"), -EBUSY);
        assert_true(clock_monotonic() - begun >= ENTRANCE_PATIENCE); /* it waited for them */

        /* At once from then on; the root, below which they are stuck, is open. */
        begun = clock_monotonic();
        assert_int_equal(enter("/none/such"), -EBUSY);
        other = enter("/none/other");
        assert_true(other >= 0);
        entrance_leave(other);
        entrance_leave(a);
        a = enter("/none/such");
        assert_true(a >= 0);
        entrance_leave(a);
        entrance_leave(b);
}

/* The process has some: /proc, in every container and on every host. */
static void who_is_stuck_closes_the_mount_point(void **state) {
        int a = enter("/proc/1"), b = enter("/proc/2"), c;

        (void)state;
        assert_true(a >= 0 && b >= 0);
        c = enter("/proc/3");
        assert_true(c >= 0); /* not stuck yet */
        entrance_leave(c);
        usleep(ENTRANCE_PATIENCE + 10000);
        assert_int_equal(enter("/proc/3"), -EBUSY);
        assert_int_equal(enter("/proc"), -EBUSY);
        c = enter("/process");
        assert_true(c >= 0);
        entrance_leave(c);
        entrance_leave(a);
        c = enter("/proc/3");
        assert_true(c >= 0);
        entrance_leave(c);
        entrance_leave(b);
}

static void *leave_soon(void *context) {
        usleep(10000);
        entrance_leave(*(int *)context);
        return NULL;
}

static void a_third_waits_for_those_who_go_on(void **state) {
        int a = enter("/srv"), b = enter("/srv"), c;
        pthread_t thread;

        (void)state;
        assert_int_equal(pthread_create(&thread, NULL, leave_soon, &a), 0);
        c = enter("/srv");
        assert_true(c >= 0);
        pthread_join(thread, NULL);
        entrance_leave(b);
        entrance_leave(c);
}

static void what_is_no_folder_is_refused(void **state) {
        static char path[5000];

        (void)state;
        assert_int_equal(entrance_enter((struct str){ path, sizeof(path) }), -ENAMETOOLONG);
        assert_int_equal(entrance_enter(STR_C("")), -ENAMETOOLONG);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_mount_point_is_the_longest_above),
                cmocka_unit_test(two_are_let_in_and_a_third_when_they_are_stuck_is_not),
                cmocka_unit_test(who_is_stuck_closes_the_mount_point),
                cmocka_unit_test(a_third_waits_for_those_who_go_on),
                cmocka_unit_test(what_is_no_folder_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
