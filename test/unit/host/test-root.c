#include "docksill/host/root.h"

#include "host-folder.h"
#include <errno.h>

struct bench {
        struct host_folder folder;
        struct host_root root;
        struct arena arena;
};

static void bench_init(struct bench *b) {
        host_folder_init(&b->folder);
        assert_int_equal(host_root_open(&b->root, b->folder.path), 0);
        assert_false(b->root.live);
        arena_init(&b->arena, 1 << 20);
}

static void bench_deinit(struct bench *b) {
        host_root_close(&b->root);
        arena_deinit(&b->arena);
        host_folder_deinit(&b->folder);
}

static void links_lead_nowhere_else(void **state) {
        struct bench b;
        struct str text;

        (void)state;
        bench_init(&b);
        host_folder_put(&b.folder, "/etc/passwd", STR_C("ours"));
        host_folder_link(&b.folder, "/absolute", "/etc/passwd");
        host_folder_link(&b.folder, "/up", "../../../../../../../etc/passwd");
        host_folder_link(&b.folder, "/out", "/proc/self/root");
        host_folder_link(&b.folder, "/loop", "loop");
        assert_int_equal(host_root_read(&b.root, &b.arena, "/absolute", 100, &text), 0);
        assert_true(str_eqz(text, "ours"));
        assert_int_equal(host_root_read(&b.root, &b.arena, "/up", 100, &text), 0);
        assert_true(str_eqz(text, "ours"));
        assert_int_equal(host_root_read(&b.root, &b.arena, "/../../etc/passwd", 100, &text), 0);
        assert_true(str_eqz(text, "ours"));
        assert_int_equal(host_root_read(&b.root, &b.arena, "/out/etc/passwd", 100, &text), -ENOENT);
        assert_int_equal(host_root_read(&b.root, &b.arena, "/loop", 100, &text), -ELOOP);
        bench_deinit(&b);
}

static void what_is_no_file_is_not_read(void **state) {
        struct bench b;
        struct str text;

        (void)state;
        bench_init(&b);
        host_folder_fifo(&b.folder, "/fifo");
        host_folder_put(&b.folder, "/folder/x", STR_C(""));
        host_folder_put(&b.folder, "/large", STR_C("0123456789"));
        assert_int_equal(host_root_read(&b.root, &b.arena, "/fifo", 100, &text), FILE_E_NOT_REGULAR);
        assert_int_equal(host_root_read(&b.root, &b.arena, "/folder", 100, &text), FILE_E_NOT_REGULAR);
        assert_int_equal(host_root_read(&b.root, &b.arena, "/large", 9, &text), -EFBIG);
        assert_int_equal(host_root_read(&b.root, &b.arena, "/large", 10, &text), 0);
        assert_int_equal(host_root_read(&b.root, &b.arena, "/large/x", 10, &text), -ENOTDIR);
        bench_deinit(&b);
}

static void names_are_sorted_and_bounded(void **state) {
        struct file_names names = { 0 }, few = { 0 };
        struct bench b;

        (void)state;
        bench_init(&b);
        host_folder_put(&b.folder, "/d/b", STR_C(""));
        host_folder_put(&b.folder, "/d/.a", STR_C(""));
        host_folder_put(&b.folder, "/d/c", STR_C(""));
        assert_int_equal(host_root_list(&b.root, &b.arena, "/d", 3, &names), 0);
        assert_int_equal(names.n, 3);
        assert_true(str_eqz(names.items[0], ".a") && str_eqz(names.items[2], "c"));
        assert_int_equal(host_root_list(&b.root, &b.arena, "/d", 2, &few), -EFBIG);
        assert_int_equal(host_root_list(&b.root, &b.arena, "/none", 2, &few), -ENOENT);
        assert_int_equal(host_root_list(&b.root, &b.arena, "/d/b", 2, &few), -ENOTDIR);
        bench_deinit(&b);
}

static void this_machine_is_live(void **state) {
        struct host_root root;

        (void)state;
        assert_int_equal(host_root_open(&root, "/"), 0);
        assert_true(root.live);
        host_root_close(&root);
        assert_int_equal(host_root_open(&root, "/no/such/folder"), -ENOENT);
        assert_int_equal(host_root_open(&root, "/etc/passwd"), -ENOTDIR);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(links_lead_nowhere_else),
                cmocka_unit_test(what_is_no_file_is_not_read),
                cmocka_unit_test(names_are_sorted_and_bounded),
                cmocka_unit_test(this_machine_is_live),
        };

        /* valgrind 3.19 does not know openat2(2). */
        if (!host_root_can_be_opened())
                return HOST_SKIPPED;
        return cmocka_run_group_tests(tests, NULL, NULL);
}
