#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <cmocka.h>

static void takes_lines_until_it_is_full(void **state) {
        struct lines l;

        (void)state;
        assert_int_equal(lines_init(&l, 10), 0);
        assert_true(lines_add(&l, STR_C("abc\n")));
        assert_false(lines_add(&l, STR_C("abcdef\n"))); /* one byte too many: nothing of it is taken */
        assert_true(lines_add(&l, STR_C("abcde\n")));
        assert_false(lines_add(&l, STR_C("\n")));
        assert_int_equal(l.count, 2);
        assert_memory_equal(l.p, "abc\nabcde\n", 10);
        lines_reset(&l);
        assert_true(lines_add(&l, STR_C("123456789\n")));
        lines_deinit(&l);
}

/* A pipe with room for some of it: what was begun is finished later, in the same pipe or from its start in another. */
static void goes_on_where_a_pipe_was_full(void **state) {
        (void)state;
        for (int elsewhere = 0; elsewhere < 2; ++elsewhere) {
                static char text[64 * 1024], line[100];
                struct lines l;
                size_t got = 0;
                ssize_t n;
                int fds[2];

                assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
                assert_int_equal(fcntl(fds[1], F_SETPIPE_SZ, 4096), 4096);
                assert_int_equal(lines_init(&l, sizeof(text)), 0);
                memset(line, 'x', sizeof(line));
                line[sizeof(line) - 1] = '\n';
                for (int i = 0; i < 60; ++i)
                        assert_true(lines_add(&l, (struct str){ line, sizeof(line) }));
                assert_int_equal(lines_write(&l, fds[1], false), -EAGAIN);
                assert_int_equal(l.done, 4096);
                assert_int_equal(lines_written(&l), 40);
                if (elsewhere) {
                        lines_rewind(&l);
                        assert_int_equal(l.done, 4000);
                }
                while ((n = read(fds[0], text + got, sizeof(text) - got)) > 0)
                        got += (size_t)n;
                assert_int_equal(lines_write(&l, fds[1], false), 0);
                assert_int_equal(lines_written(&l), 60);
                while ((n = read(fds[0], text + got, sizeof(text) - got)) > 0)
                        got += (size_t)n;
                assert_int_equal(got, elsewhere ? 6096 : 6000);
                lines_deinit(&l);
                close(fds[0]);
                close(fds[1]);
        }
}

static size_t pages_in_memory(const struct lines *l) {
        unsigned char map[1024];
        size_t n = 0, pages = l->size / (size_t)sysconf(_SC_PAGESIZE);

        assert_true(pages <= sizeof(map));
        assert_int_equal(mincore(l->p, l->size, map), 0);
        for (size_t i = 0; i < pages; ++i)
                n += map[i] & 1;
        return n * (size_t)sysconf(_SC_PAGESIZE);
}

static void gives_back_all_but_a_little(void **state) {
        static char line[4096];
        struct lines l;

        (void)state;
        assert_int_equal(lines_init(&l, 1 << 20), 0);
        memset(line, 'x', sizeof(line));
        line[sizeof(line) - 1] = '\n';
        while (lines_add(&l, (struct str){ line, sizeof(line) }))
                ;
        assert_int_equal(l.touched, 1 << 20);
        assert_int_equal(pages_in_memory(&l), 1 << 20);
        lines_reset(&l);
        lines_trim(&l);
        assert_int_equal(l.touched, LINES_KEPT);
        assert_int_equal(pages_in_memory(&l), LINES_KEPT);
        assert_true(lines_add(&l, STR_C("abc\n")));
        assert_memory_equal(l.p, "abc\n", 4);
        lines_deinit(&l);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(takes_lines_until_it_is_full),
                cmocka_unit_test(goes_on_where_a_pipe_was_full),
                cmocka_unit_test(gives_back_all_but_a_little),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
