#include "records/record-file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static char path[64];

static void store(const char *p, size_t n, int flags) {
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

        assert_true(fd >= 0);
        for (size_t done = 0; done < n;) {
                ssize_t w = write(fd, p + done, n - done);

                assert_true(w > 0);
                done += (size_t)w;
        }
        close(fd);
}

static int set_up(void **state unused_) {
        snprintf(path, sizeof(path), "/tmp/docksill-records-%ld", (long)getpid());
        return 0;
}

static int tear_down(void **state unused_) {
        return unlink(path);
}

/* Lines of all lengths, so that they end everywhere in what is read at once. */
static void gives_each_line_as_it_is(void **state unused_) {
        static char text[6 * 1024 * 1024];
        struct record_file f;
        struct str line;
        size_t n = 0, i = 0;

        for (; n + 3001 < sizeof(text); ++i) {
                memset(text + n, 'a' + (int)(i % 26), i * 7 % 3000);
                n += i * 7 % 3000;
                text[n++] = '\n';
        }
        store(text, n, O_TRUNC);
        assert_int_equal(record_file_open(&f, path), 0);
        for (size_t k = 0, at = 0; k < i; ++k) {
                assert_int_equal(record_file_next(&f, &line), 1);
                assert_int_equal(line.n, k * 7 % 3000);
                assert_memory_equal(line.p, text + at, line.n + 1);
                assert_int_equal(f.number, k + 1);
                assert_false(f.unended || f.overlong);
                at += line.n + 1;
        }
        assert_int_equal(record_file_next(&f, &line), 0);
        assert_int_equal(record_file_next(&f, &line), 0);
        record_file_close(&f);
}

static void shortens_what_no_record_is(void **state unused_) {
        static const size_t sizes[] = { RECORD_LINE_MOST, RECORD_LINE_MOST + 1, 3 * RECORD_LINE_MOST,
                                        9 * RECORD_LINE_MOST + 7 };

        for (size_t i = 0; i < ARRAY_SIZE(sizes); ++i)
                for (int ended = 0; ended < 2; ++ended) {
                        char *text = malloc(sizes[i] + 5);
                        struct record_file f;
                        struct str line;

                        assert_non_null(text);
                        memset(text, 'x', sizes[i]);
                        memcpy(text + sizes[i], "\nend\n", 5);
                        store(text, sizes[i] + (ended ? 5 : 0), O_TRUNC);
                        free(text);
                        assert_int_equal(record_file_open(&f, path), 0);
                        assert_int_equal(record_file_next(&f, &line), 1);
                        assert_int_equal(line.n, RECORD_LINE_MOST);
                        assert_int_equal(f.overlong, sizes[i] > RECORD_LINE_MOST);
                        assert_int_equal(f.unended, !ended);
                        if (ended) {
                                assert_int_equal(record_file_next(&f, &line), 1);
                                assert_true(str_eqz(line, "end"));
                                assert_false(f.overlong);
                        }
                        assert_int_equal(record_file_next(&f, &line), 0);
                        record_file_close(&f);
                }
}

static void ends_a_line_that_has_no_end(void **state unused_) {
        struct record_file f;
        struct str line;

        store("a\nbc", 4, O_TRUNC);
        assert_int_equal(record_file_open(&f, path), 0);
        assert_int_equal(record_file_next(&f, &line), 1);
        assert_false(f.unended);
        assert_int_equal(record_file_next(&f, &line), 1);
        assert_true(f.unended);
        assert_memory_equal(line.p, "bc\n", 3);
        assert_int_equal(record_file_next(&f, &line), 0);
        record_file_close(&f);
}

static void waits_for_its_end_where_it_may_come(void **state unused_) {
        struct record_file f;
        struct str line;

        store("a\nbc", 4, O_TRUNC);
        assert_int_equal(record_file_open(&f, path), 0);
        f.live = true;
        assert_int_equal(record_file_next(&f, &line), 1);
        assert_int_equal(record_file_next(&f, &line), 0);
        store("d", 1, O_APPEND);
        assert_int_equal(record_file_next(&f, &line), 0);
        store("e\nf", 3, O_APPEND);
        assert_int_equal(record_file_next(&f, &line), 1);
        assert_true(str_eqz(line, "bcde"));
        assert_int_equal(f.number, 2);
        assert_int_equal(record_file_next(&f, &line), 0);
        record_file_close(&f);
}

static void tells_what_it_can_not_read(void **state unused_) {
        struct record_file f;

        store("BZh91AY", 7, O_TRUNC);
        assert_int_equal(record_file_open(&f, path), -ENOTSUP);
        assert_int_equal(record_file_open(&f, "/tmp"), -EISDIR);
        assert_int_equal(record_file_open(&f, "/tmp/docksill-nowhere/x"), -ENOENT);
        store("", 0, O_TRUNC);
        assert_int_equal(record_file_open(&f, path), 0);
        record_file_close(&f);
}

static void reads_the_time_of_a_line(void **state unused_) {
        static const struct {
                const char *line, *time;
        } rows[] = {
                { "{\"schema\":\"x\",\"time\":\"2026-01-31T12:00:00.000000Z\",", "2026-01-31T12:00:00.000000Z" },
                { "{\"time\":\"2026-01", "" },
                { "{\"time\":\"\033[31m\"", "" },
                { "{\"time\":\"\"", "" },
                { "{\"time\":\"00000000000000000000000000000000000000000000000000\"", "" },
                { "", "" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char time[RECORD_TIME];

                record_line_time(time, str_from(rows[i].line));
                assert_string_equal(time, rows[i].time);
        }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        static const struct CMUnitTest tests[] = {
                TEST(gives_each_line_as_it_is),    TEST(shortens_what_no_record_is),
                TEST(ends_a_line_that_has_no_end), TEST(waits_for_its_end_where_it_may_come),
                TEST(tells_what_it_can_not_read),  cmocka_unit_test(reads_the_time_of_a_line),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
