#include "suggest/inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static const char *proc(const struct fixture *f) {
        return f->folder;
}

/* What a container's programs wrote leads nowhere but into the container. */
static void never_leads_out(void **state) {
        struct inside_status st;
        struct fixture f;

        (void)state;
        fixture_init(&f);
        fixture_folder(&f, "1/root/run", 0751);
        fixture_folder(&f, "outside", 0700);
        fixture_folder(&f, "1/root/var", 0755);
        fixture_link(&f, "1/root/var/run", "/run");
        fixture_link(&f, "1/root/settings", "/etc");
        fixture_link(&f, "1/root/up", "../../../outside");
        assert_int_equal(inside_status(proc(&f), 1, STR_C("/var/run"), &st), 0);
        assert_int_equal(st.mode & 07777, 0751);
        assert_int_equal(inside_status(proc(&f), 1, STR_C("/settings/passwd"), &st), -ENOENT);
        assert_int_equal(inside_status(proc(&f), 1, STR_C("/up"), &st), -ENOENT);
        assert_int_equal(inside_status(proc(&f), 1, STR_C("/../../outside"), &st), -ENOENT);
        assert_int_equal(inside_status(proc(&f), 2, STR_C("/"), &st), -ENOENT);
        fixture_deinit(&f);
}

static int count(void *data, struct str name) {
        size_t *n = data;

        assert_true(str_eqz(name, "a") || str_eqz(name, "b"));
        return ++*n == 5 ? 7 : 0;
}

static void names_what_a_folder_holds(void **state) {
        struct fixture f;
        size_t n = 0;

        (void)state;
        fixture_init(&f);
        fixture_write(&f, "1/root/x/a", "");
        fixture_folder(&f, "1/root/x/b", 0755);
        assert_int_equal(inside_names(proc(&f), 1, STR_C("/x"), count, &n), 0);
        assert_int_equal(n, 2);
        n = 4;
        assert_int_equal(inside_names(proc(&f), 1, STR_C("/x"), count, &n), 7);
        assert_int_equal(inside_names(proc(&f), 1, STR_C("/x/a"), count, &n), -ENOTDIR);
        fixture_deinit(&f);
}

static void sees_changes_at_any_depth(void **state) {
        bool changed, all;
        struct fixture f;
        int64_t bytes;

        (void)state;
        fixture_init(&f);
        fixture_write(&f, "1/root/x/y/z/file", "12345");
        fixture_link(&f, "1/root/x/loop", "/x");
        assert_int_equal(inside_look(proc(&f), 1, STR_C("/x"), 1, &changed, &bytes, &all), 0);
        assert_true(changed && all);
        assert_int_equal(bytes, 5);
        assert_int_equal(inside_look(proc(&f), 1, STR_C("/x"), INT64_MAX, &changed, &bytes, &all), 0);
        assert_false(changed);
        assert_int_equal(inside_look(proc(&f), 1, STR_C("/x/y/z/file"), 1, &changed, &bytes, &all), 0);
        assert_true(changed);
        assert_int_equal(mkfifo(fixture_path(&f, "1/root/fifo"), 0600), 0);
        assert_int_equal(inside_look(proc(&f), 1, STR_C("/fifo"), 1, &changed, &bytes, &all), -ENOTSUP);
        fixture_deinit(&f);
}

static void does_not_look_for_ever(void **state) {
        bool changed, all;
        struct fixture f;
        int64_t bytes;
        char name[64];

        (void)state;
        fixture_init(&f);
        fixture_folder(&f, "1/root/x", 0755);
        for (unsigned i = 0; i <= INSIDE_LOOKED_MOST; ++i) {
                snprintf(name, sizeof(name), "1/root/x/%u", i);
                assert_int_equal(mknod(fixture_path(&f, name), S_IFREG | 0600, 0), 0);
        }
        assert_int_equal(inside_look(proc(&f), 1, STR_C("/x"), INT64_MAX, &changed, &bytes, &all), 0);
        assert_false(all);
        fixture_deinit(&f);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(never_leads_out),
                cmocka_unit_test(names_what_a_folder_holds),
                cmocka_unit_test(sees_changes_at_any_depth),
                cmocka_unit_test(does_not_look_for_ever),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
