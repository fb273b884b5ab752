#include "try/log-stream.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct reader {
        struct arena arena;
        struct log_lines lines;
};

/* Pieces as "1text" and "2text", ended by NULL, framed as the engine does. */
static void read_pieces(struct reader *r, const char *const *pieces, size_t cut) {
        char stream[4096];
        size_t n = 0;

        for (; *pieces; ++pieces) {
                size_t length = strlen(*pieces) - 1;

                memset(stream + n, 0, 8);
                stream[n] = (char)((*pieces)[0] - '0');
                stream[n + 6] = (char)(length >> 8);
                stream[n + 7] = (char)length;
                memcpy(stream + n + 8, *pieces + 1, length);
                n += 8 + length;
        }
        arena_init(&r->arena, 1 << 20);
        r->lines = (struct log_lines){ 0 };
        assert_int_equal(log_stream_read(&r->lines, &r->arena, (struct str){ stream, n - cut }, false), 0);
        /* The views of single pieces are of our buffer. */
        for (size_t i = 0; i < r->lines.n; ++i)
                assert_int_equal(arena_str(&r->arena, r->lines.items[i].text, &r->lines.items[i].text), 0);
}

static void assert_line(const struct reader *r, size_t i, const char *text, bool error) {
        assert_true(i < r->lines.n);
        assert_string_equal(r->lines.items[i].text.p, text);
        assert_int_equal(r->lines.items[i].error, error);
}

static void takes_frames_apart(void **state) {
        struct reader r;

        (void)state;
        read_pieces(&r, (const char *const[]){ "1one\ntwo\n", "2bad\n", "1th", "2wor", "1ree\n\n", "2se", NULL }, 0);
        assert_int_equal(r.lines.n, 5);
        assert_line(&r, 0, "one", false);
        assert_line(&r, 1, "two", false);
        assert_line(&r, 2, "bad", true);
        assert_line(&r, 3, "three", false);
        assert_line(&r, 4, "worse", true);
        arena_deinit(&r.arena);
}

static void ends_where_it_is_cut(void **state) {
        (void)state;
        for (size_t cut = 0; cut <= 20; ++cut) {
                struct reader r;

                read_pieces(&r, (const char *const[]){ "1one\n", "2a long line\n", NULL }, cut);
                assert_in_range(r.lines.n, 1, 2);
                assert_line(&r, 0, "one", false);
                arena_deinit(&r.arena);
        }
}

static void a_terminal_has_no_frames(void **state) {
        struct log_lines lines = { 0 };
        struct arena arena;

        (void)state;
        arena_init(&arena, 1 << 20);
        assert_int_equal(log_stream_read(&lines, &arena, STR_C("one\r\ntwo"), true), 0);
        assert_int_equal(lines.n, 2);
        assert_true(str_eqz(lines.items[0].text, "one"));
        assert_true(str_eqz(lines.items[1].text, "two"));
        arena_deinit(&arena);
}

static void keeps_so_many_lines(void **state) {
        struct log_lines lines = { 0 };
        char text[4 * LOG_LINES_MOST];
        struct arena arena;

        (void)state;
        for (size_t i = 0; i < sizeof(text); i += 2)
                memcpy(text + i, "x\n", 2);
        arena_init(&arena, 1 << 20);
        assert_int_equal(log_stream_read(&lines, &arena, (struct str){ text, sizeof(text) }, true), 0);
        assert_int_equal(lines.n, LOG_LINES_MOST);
        arena_deinit(&arena);
        arena_init(&arena, 1024);
        lines = (struct log_lines){ 0 };
        assert_int_equal(log_stream_read(&lines, &arena, (struct str){ text, sizeof(text) }, true), -ENOMEM);
        arena_deinit(&arena);
}

static void chooses_the_line_that_tells(void **state) {
        static const struct {
                const char *const said[5], *const known[3], *tells;
        } rows[] = {
                { { "1starting", "2chown: /data: Operation not permitted", "2giving up" }, { NULL },
                  "chown: /data: Operation not permitted" },
                { { "2warning: ERROR is a word", "2mkdir: Read-only file system" }, { "2warning: ERROR is a word" },
                  "mkdir: Read-only file system" },
                { { "1starting", "2oops", "1bye" }, { NULL }, "oops" },
                { { "1starting", "1bye" }, { "1starting" }, "bye" },
                { { "1starting" }, { "1starting" }, "" },
                { { NULL }, { NULL }, "" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
                struct log_line said[5], known[3];
                struct log_lines lines = { said, 0, 5 }, others = { known, 0, 3 };
                struct str line;

                for (; rows[i].said[lines.n]; ++lines.n)
                        said[lines.n] = (struct log_line){ str_from(rows[i].said[lines.n] + 1),
                                                           rows[i].said[lines.n][0] == '2' };
                for (; rows[i].known[others.n]; ++others.n)
                        known[others.n] = (struct log_line){ str_from(rows[i].known[others.n] + 1), true };
                line = log_telling(&lines, &others);
                if (!str_eqz(line, rows[i].tells))
                        fail_msg("row %zu: %.*s", i, (int)line.n, line.p);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(takes_frames_apart),  cmocka_unit_test(ends_where_it_is_cut),
                cmocka_unit_test(a_terminal_has_no_frames), cmocka_unit_test(keeps_so_many_lines),
                cmocka_unit_test(chooses_the_line_that_tells),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
