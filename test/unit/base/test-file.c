#include "docksill/base/file.h"

#include "docksill/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder of the test's own, removed behind it. */
struct room {
        char folder[64];
        struct arena arena;
};

static int set_up(void **state) {
        struct room *room = calloc(1, sizeof(*room));

        if (!room)
                return -1;
        arena_init(&room->arena, 1 << 20);
        strcpy(room->folder, "/tmp/docksill-test-file-XXXXXX");
        *state = room;
        return mkdtemp(room->folder) ? 0 : -1;
}

static int tear_down(void **state) {
        struct room *room = *state;
        char command[128];

        snprintf(command, sizeof(command), "rm -r %s", room->folder);
        arena_deinit(&room->arena);
        free(room);
        return system(command);
}

static const char *in(struct room *room, const char *name) {
        struct text t;

        text_init_arena(&t, &room->arena);
        text_addf(&t, "%s/%s", room->folder, name);
        return t.p;
}

static void write_file(struct room *room, const char *name, size_t n) {
        FILE *f = fopen(in(room, name), "w");

        assert_non_null(f);
        for (size_t i = 0; i < n; ++i)
                putc('a' + (int)(i % 26), f);
        assert_int_equal(fclose(f), 0);
}

static void reads_files_up_to_the_limit_and_none_beyond(void **state) {
        static const size_t sizes[] = { 0, 1, 16383, 16384, 16385, 100000 };
        struct room *room = *state;

        for (size_t i = 0; i < ARRAY_SIZE(sizes); ++i) {
                struct str text = { 0 };

                write_file(room, "f", sizes[i]);
                assert_int_equal(file_read(&room->arena, in(room, "f"), sizes[i], &text), 0);
                assert_int_equal(text.n, sizes[i]);
                assert_int_equal(text.p[text.n], '\0');
                for (size_t k = 0; k < text.n; ++k)
                        if (text.p[k] != 'a' + (int)(k % 26))
                                fail_msg("byte %zu of %zu", k, text.n);
                if (sizes[i] > 0)
                        assert_int_equal(file_read(&room->arena, in(room, "f"), sizes[i] - 1, &text), -EFBIG);
        }
}

static void reads_what_does_not_tell_its_size(void **state) {
        struct room *room = *state;
        struct str text;
        int ends[2];

        assert_int_equal(file_read(&room->arena, "/proc/self/status", 1 << 16, &text), 0);
        assert_true(str_starts(text, STR_C("Name:")));

        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        for (int i = 0; i < 300; ++i)
                assert_int_equal(write(ends[1],
                                       "0123456789012345678901234567890123456789012345678901234567890123456789"
                                       "012345678901234567890123456789",
                                       100),
                                 100);
        close(ends[1]);
        assert_int_equal(file_read_fd(&room->arena, ends[0], 30000, &text), 0);
        assert_int_equal(text.n, 30000);
        assert_true(str_ends(text, STR_C("890123456789")));
        close(ends[0]);
}

static void names_what_went_wrong(void **state) {
        struct room *room = *state;
        struct str text = STR_C("untouched");
        struct arena none;

        assert_int_equal(file_read(&room->arena, in(room, "absent"), 100, &text), -ENOENT);
        assert_int_equal(file_read(&room->arena, room->folder, 100, &text), -EISDIR);
        assert_int_equal(file_read(&room->arena, "/dev/zero", 100000, &text), -EFBIG);
        arena_init(&none, 10);
        write_file(room, "f", 100);
        assert_int_equal(file_read(&none, in(room, "f"), 100, &text), -ENOMEM);
        assert_true(str_eqz(text, "untouched"));
}

static void lists_what_fits_in_order(void **state) {
        static const char *const there[] = { "b.yaml", "a.yaml", "sub/c.yaml", ".hidden.yaml", "x.yaml~", "readme" };
        static const char *const wanted[] = {
                "a.yaml", "b.yaml", "folder.yaml", "link.yaml", "pipe.yaml", "sub/c.yaml"
        };
        struct room *room = *state;
        struct file_names names = { 0 };

        assert_int_equal(mkdir(in(room, "sub"), 0700), 0);
        assert_int_equal(mkdir(in(room, ".git"), 0700), 0);
        /* Neither is a rule file, and passed over they would take the rules along that stood there. */
        assert_int_equal(mkdir(in(room, "folder.yaml"), 0700), 0);
        assert_int_equal(mkfifo(in(room, "pipe.yaml"), 0600), 0);
        for (size_t i = 0; i < ARRAY_SIZE(there); ++i)
                write_file(room, there[i], 1);
        write_file(room, ".git/d.yaml", 1);
        assert_int_equal(symlink("a.yaml", in(room, "link.yaml")), 0);
        assert_int_equal(symlink("nowhere", in(room, "dangling")), 0);

        assert_int_equal(file_list(&room->arena, room->folder, ".yaml", &names), 0);
        assert_int_equal(names.n, ARRAY_SIZE(wanted));
        for (size_t i = 0; i < names.n; ++i) {
                assert_string_equal(names.items[i].p, in(room, wanted[i]));
                assert_int_equal(strlen(names.items[i].p), names.items[i].n);
        }
}

/* Each of these would hang, never end, or be taken for an empty file. */
static void what_is_no_regular_file_is_not_read(void **state) {
        struct room *room = *state;
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        struct str text = { 0 };

        assert_int_equal(mkfifo(in(room, "pipe"), 0600), 0);
        assert_int_equal(symlink("/dev/zero", in(room, "zero")), 0);
        snprintf(address.sun_path, sizeof(address.sun_path), "%s", in(room, "socket"));
        assert_int_equal(bind(s, (struct sockaddr *)&address, sizeof(address)), 0);
        close(s);
        assert_int_equal(file_read_regular(&room->arena, in(room, "pipe"), 100, &text), FILE_E_NOT_REGULAR);
        assert_int_equal(file_read_regular(&room->arena, in(room, "zero"), 100, &text), FILE_E_NOT_REGULAR);
        assert_int_equal(file_read_regular(&room->arena, in(room, "socket"), 100, &text), FILE_E_NOT_REGULAR);
        assert_int_equal(file_read_regular(&room->arena, room->folder, 100, &text), FILE_E_NOT_REGULAR);
        assert_int_equal(file_read_regular(&room->arena, in(room, "absent"), 100, &text), -ENOENT);
        assert_null(text.p);
        write_file(room, "f", 10);
        assert_int_equal(symlink("f", in(room, "link")), 0);
        assert_int_equal(file_read_regular(&room->arena, in(room, "link"), 100, &text), 0);
        assert_int_equal(text.n, 10);
}

static void folders_in_a_circle_end(void **state) {
        struct room *room = *state;
        struct file_names names = { 0 };

        assert_int_equal(symlink(".", in(room, "self")), 0);
        assert_int_equal(file_list(&room->arena, room->folder, ".yaml", &names), -ELOOP);
}

static void a_file_is_no_folder(void **state) {
        struct room *room = *state;
        struct file_names names = { 0 };

        write_file(room, "f.yaml", 1);
        assert_int_equal(file_list(&room->arena, in(room, "f.yaml"), ".yaml", &names), -ENOTDIR);
        assert_int_equal(file_list(&room->arena, in(room, "absent"), ".yaml", &names), -ENOENT);
        assert_int_equal(symlink("nowhere", in(room, "g.yaml")), 0);
        assert_int_equal(file_list(&room->arena, room->folder, ".yaml", &names), -ENOENT);
}

static void assert_holds(struct room *room, const char *name, const char *wanted) {
        struct str text;

        assert_int_equal(file_read_regular(&room->arena, in(room, name), 1000, &text), 0);
        assert_true(str_eqz(text, wanted));
}

static void a_file_is_replaced_whole_or_not_at_all(void **state) {
        struct room *room = *state;
        struct stat like = { .st_uid = geteuid(), .st_gid = getegid(), .st_mode = S_IFREG | 0640 }, st;

        assert_int_equal(file_replace(in(room, "f"), STR_C("one"), NULL), 0);
        assert_holds(room, "f", "one");
        assert_int_equal(stat(in(room, "f"), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(file_replace(in(room, "f"), STR_C("two"), &like), 0);
        assert_holds(room, "f", "two");
        assert_int_equal(stat(in(room, "f"), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0640);

        /* what one left behind that was killed is in nobody's way, and no link there is followed */
        write_file(room, "f.new", 10);
        write_file(room, "other", 0);
        assert_int_equal(file_replace(in(room, "f"), STR_C("three"), NULL), 0);
        assert_int_equal(symlink("other", in(room, "f.new")), 0);
        assert_int_equal(file_replace(in(room, "f"), STR_C("four"), NULL), 0);
        assert_holds(room, "f", "four");
        assert_holds(room, "other", "");

        assert_int_equal(mkdir(in(room, "f.new"), 0700), 0);
        assert_true(file_replace(in(room, "f"), STR_C("five"), NULL) < 0);
        assert_holds(room, "f", "four");
        assert_int_equal(file_replace(in(room, "absent/f"), STR_C("x"), NULL), -ENOENT);
        assert_int_equal(mkdir(in(room, "folder"), 0700), 0);
        assert_true(file_replace(in(room, "folder"), STR_C("x"), NULL) < 0);
        assert_int_equal(access(in(room, "folder.new"), F_OK), -1);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(reads_files_up_to_the_limit_and_none_beyond, set_up, tear_down),
                cmocka_unit_test_setup_teardown(reads_what_does_not_tell_its_size, set_up, tear_down),
                cmocka_unit_test_setup_teardown(names_what_went_wrong, set_up, tear_down),
                cmocka_unit_test_setup_teardown(lists_what_fits_in_order, set_up, tear_down),
                cmocka_unit_test_setup_teardown(what_is_no_regular_file_is_not_read, set_up, tear_down),
                cmocka_unit_test_setup_teardown(folders_in_a_circle_end, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_file_is_no_folder, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_file_is_replaced_whole_or_not_at_all, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
