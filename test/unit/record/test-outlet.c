#include "outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

struct place {
        char folder[64], path[96], other[96];
};

static int set_up(void **state) {
        struct place *p = calloc(1, sizeof(*p));

        snprintf(p->folder, sizeof(p->folder), "/tmp/docksill-outlet-XXXXXX");
        assert_non_null(mkdtemp(p->folder));
        snprintf(p->path, sizeof(p->path), "%s/records", p->folder);
        snprintf(p->other, sizeof(p->other), "%s/other", p->folder);
        *state = p;
        return 0;
}

static int tear_down(void **state) {
        struct place *p = *state;

        unlink(p->path);
        unlink(p->other);
        assert_int_equal(rmdir(p->folder), 0);
        free(p);
        return 0;
}

static void put(const struct outlet *o, const char *text) {
        assert_int_equal(write(o->fd, text, strlen(text)), strlen(text));
}

static void assert_holds(const char *path, const char *text) {
        char found[256] = "";
        int fd = open(path, O_RDONLY);

        assert_true(fd >= 0);
        assert_true(read(fd, found, sizeof(found) - 1) >= 0);
        close(fd);
        assert_string_equal(found, text);
}

static void a_file_is_made_and_appended_to(void **state) {
        const struct place *p = *state;
        struct outlet o;
        struct stat st;

        for (int i = 0; i < 2; ++i) {
                assert_int_equal(outlet_open(&o, p->path), 0);
                assert_true(o.regular);
                assert_false(outlet_is_stdout(&o));
                assert_string_equal(outlet_name(&o), p->path);
                put(&o, "a\n");
                outlet_close(&o);
        }
        assert_holds(p->path, "a\na\n");
        assert_int_equal(stat(p->path, &st), 0);
        assert_int_equal(st.st_mode & 07137, 0);
}

static void a_torn_line_is_ended(void **state) {
        const struct place *p = *state;
        struct outlet o;

        assert_int_equal(outlet_open(&o, p->path), 0);
        put(&o, "torn");
        outlet_close(&o);
        assert_int_equal(outlet_open(&o, p->path), 0);
        put(&o, "whole\n");
        outlet_close(&o);
        assert_holds(p->path, "torn\nwhole\n");
}

static void what_was_rotated_away_is_begun_anew(void **state) {
        const struct place *p = *state;
        struct outlet o;

        assert_int_equal(outlet_open(&o, p->path), 0);
        put(&o, "old\n");
        assert_int_equal(rename(p->path, p->other), 0);
        assert_false(outlet_is_deleted(&o));
        assert_int_equal(outlet_reopen(&o), 0);
        put(&o, "new\n");
        assert_holds(p->other, "old\n");
        assert_holds(p->path, "new\n");
        assert_int_equal(unlink(p->path), 0);
        assert_true(outlet_is_deleted(&o));

        /* What can't be opened leaves the old one as it is. */
        assert_int_equal(symlink(p->other, p->path), 0);
        assert_int_equal(outlet_reopen(&o), -ELOOP);
        put(&o, "into the old one\n");
        outlet_close(&o);
        assert_holds(p->other, "old\n");
}

/* A folder that leads to another file system, as one does that was unmounted or mounted over. */
static void a_file_whose_file_system_is_gone_is_known(void **state) {
        const struct place *p = *state;
        char elsewhere[] = "/dev/shm/docksill-outlet-XXXXXX", link[128], path[160];
        struct stat here, there;
        struct outlet o;

        if (!mkdtemp(elsewhere) || stat(elsewhere, &there) < 0 || stat(p->folder, &here) < 0 ||
            here.st_dev == there.st_dev) {
                (void)rmdir(elsewhere);
                skip();
        }
        snprintf(link, sizeof(link), "%s/link", p->folder);
        snprintf(path, sizeof(path), "%s/records", link);
        assert_int_equal(symlink(p->folder, link), 0);
        assert_int_equal(outlet_open(&o, path), 0);
        assert_false(outlet_is_unmounted(&o));
        assert_int_equal(rename(p->path, p->other), 0);
        assert_false(outlet_is_unmounted(&o)); /* moved, which is no business of ours */
        assert_int_equal(unlink(link), 0);
        assert_false(outlet_is_unmounted(&o)); /* nowhere else to write */
        assert_int_equal(symlink(elsewhere, link), 0);
        assert_true(outlet_is_unmounted(&o));
        assert_int_equal(outlet_reopen(&o), 0);
        assert_false(outlet_is_unmounted(&o));
        outlet_close(&o);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rmdir(elsewhere), 0);
        assert_int_equal(unlink(link), 0);
}

/* To a file of the host, by whoever may write to the folder. */
static void a_link_is_not_followed(void **state) {
        const struct place *p = *state;
        struct outlet o;

        assert_int_equal(symlink(p->other, p->path), 0);
        assert_int_equal(outlet_open(&o, p->path), -ELOOP);
        assert_int_equal(access(p->other, F_OK), -1);
}

static void a_fifo_without_a_reader_is_not_waited_for(void **state) {
        const struct place *p = *state;
        struct outlet o;
        int reader;

        assert_int_equal(mkfifo(p->path, 0600), 0);
        assert_int_equal(outlet_open(&o, p->path), -ENXIO);
        reader = open(p->path, O_RDONLY | O_NONBLOCK);
        assert_int_equal(outlet_open(&o, p->path), 0);
        assert_false(o.regular);
        assert_false(outlet_is_deleted(&o));
        outlet_close(&o);
        close(reader);
}

static void standard_output_is_not_ours_to_close(void **state) {
        struct outlet o;

        (void)state;
        assert_int_equal(outlet_open(&o, "-"), 0);
        assert_true(outlet_is_stdout(&o));
        assert_string_equal(outlet_name(&o), "standard output");
        outlet_close(&o);
        assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(a_file_is_made_and_appended_to),
                TEST(a_torn_line_is_ended),
                TEST(what_was_rotated_away_is_begun_anew),
                TEST(a_file_whose_file_system_is_gone_is_known),
                TEST(a_link_is_not_followed),
                TEST(a_fifo_without_a_reader_is_not_waited_for),
                TEST(standard_output_is_not_ours_to_close),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
