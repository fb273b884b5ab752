#include "baseline/baseline-files.h"

#include "docksill/base/file.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/docksill-baseline-files-XXXXXX";

static int enter(void **state) {
        (void)state;
        return !mkdtemp(folder) || chdir(folder) < 0;
}

static int leave(void **state) {
        (void)state;
        return chdir("/") < 0 || system("rm -rf /tmp/docksill-baseline-files-??????") != 0;
}

static void has(const char *path, const char *text, unsigned mode) {
        struct arena arena;
        struct stat st;
        struct str is;

        arena_init(&arena, 1 << 16);
        assert_int_equal(file_read(&arena, path, 1 << 12, &is), 0);
        assert_true(str_eqz(is, text));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, mode);
        arena_deinit(&arena);
}

static unsigned entries(void) {
        FILE *list = popen("find . -type f | wc -l", "r");
        unsigned n = 0;

        assert_int_equal(fscanf(list, "%u", &n), 1);
        pclose(list);
        return n;
}

static void writes_over_nothing_but_with_force(void **state) {
        (void)state;
        assert_int_equal(baseline_file_write("one", STR_C("first"), 0640, false), 0);
        has("one", "first", 0640);
        assert_int_equal(baseline_file_write("one", STR_C("second"), 0600, false), -EEXIST);
        has("one", "first", 0640);
        assert_int_equal(baseline_file_write("one", STR_C("third"), 0600, true), 0);
        has("one", "third", 0600);
        assert_int_equal(baseline_file_write("nowhere/one", STR_C("x"), 0600, true), -ENOENT);
        assert_int_equal(entries(), 1);
        assert_int_equal(unlink("one"), 0);
}

static void makes_its_folders(void **state) {
        struct baseline_files files;
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 16);
        assert_int_equal(baseline_files_init(&files, &arena, "out", NULL), EXIT_FINE);
        assert_int_equal(baseline_files_write(&files, STR_C("e"), STR_C("x")), EXIT_FINE);
        has("out/baseline.yaml", "e", 0644);
        has("out/exemptions/baseline.yaml", "x", 0600);
        assert_true(baseline_files_have(&files, "out/../out/baseline.yaml"));
        assert_false(baseline_files_have(&files, "out/exemptions/baseline.yaml"));
        assert_int_equal(baseline_files_init(&files, &arena, "out", NULL), EXIT_ENVIRONMENT);
        assert_int_equal(baseline_files_init(&files, &arena, "out", ""), EXIT_FINE);
        /* Exemptions of before would lift more than there is any more. */
        assert_int_equal(baseline_files_write(&files, STR_C("f"), STR_C("")), EXIT_FINE);
        has("out/baseline.yaml", "f", 0644);
        assert_int_equal(access("out/exemptions/baseline.yaml", F_OK), -1);
        assert_int_equal(entries(), 1);
        arena_deinit(&arena);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(writes_over_nothing_but_with_force),
                cmocka_unit_test(makes_its_folders),
        };

        return cmocka_run_group_tests(tests, enter, leave);
}
