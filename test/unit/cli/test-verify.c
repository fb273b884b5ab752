#include "log/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LINES 9
#define ROOM  8192

/* A chain as the writer makes it, with a few of its kinds of lines. */
struct log {
        char text[ROOM];
        size_t n, starts[LINES + 1];
        char anchors[200]; /* of the first line and the last */
};

static void make(struct log *log) {
        static const char *const begins[] = {
                "{\"schema\":\"docksill.start/1\",\"time\":\"2026-01-31T12:00:00.000000Z\"",
                "{\"schema\":\"docksill.record/1\",\"time\":\"2026-01-31T12:00:01.000000Z\",\"path\":\"/a\"",
                "{\"schema\":\"docksill.loss/1\",\"time\":\"2026-01-31T12:00:02.000000Z\",\"lost\":3,\"refused\":0",
                "{",
        };
        char digest[CHAIN_DIGEST + 1] = "";
        struct chain c;

        *log = (struct log){ 0 };
        assert_int_equal(chain_init(&c, ""), 0);
        for (size_t i = 0; i < LINES; ++i) {
                const char *begin = i == LINES - 1 ? "{\"schema\":\"docksill.stop/1\"" : begins[i % 4];
                char *line = log->text + log->n;
                size_t n = strlen(begin);

                log->starts[i] = log->n;
                memcpy(line, begin, n);
                n += chain_write(line + n, i + 1, n == 1);
                chain_seal(&c, line, n);
                log->n += n;
                if (i == 0)
                        memcpy(digest, c.digest, sizeof(digest));
        }
        log->starts[LINES] = log->n;
        snprintf(log->anchors, sizeof(log->anchors), "1:%s,%d:%s", digest, LINES, c.digest);
        chain_deinit(&c);
}

static struct str line_of(const struct log *log, size_t i) {
        return (struct str){ log->text + log->starts[i], log->starts[i + 1] - log->starts[i] };
}

/* @anchors: NULL: none. The caller's to verify_deinit(). */
static struct verify walk(struct str text, const char *anchors) {
        uint64_t number = 0;
        struct verify v;

        assert_int_equal(verify_init(&v), 0);
        if (anchors)
                assert_true(verify_anchor(&v, str_from(anchors)));
        while (text.n) {
                size_t end = str_find(text, '\n');
                char *unended = NULL;
                struct str line = str_first(text, end);

                if (end == text.n) {
                        unended = malloc(end + 1);
                        memcpy(unended, text.p, end);
                        unended[end] = '\n';
                        line.p = unended;
                }
                verify_line(&v, "f", ++number, line, unended != NULL);
                free(unended);
                text = str_skip(text, end + 1);
        }
        verify_end(&v);
        return v;
}

static uint64_t findings(struct str text, const char *anchors) {
        struct verify v = walk(text, anchors);

        verify_deinit(&v);
        return v.findings;
}

static void holds_what_is_as_it_was_written(void **state) {
        struct log log;
        struct verify v;

        make(&log);
        v = walk((struct str){ log.text, log.n }, log.anchors);
        assert_int_equal(v.findings, 0);
        assert_int_equal(v.lines, LINES);
        assert_int_equal(v.lost, 6);
        assert_int_equal(v.first.link, 1);
        assert_int_equal(v.top.link, LINES);
        assert_int_equal(v.n, 1);
        assert_int_equal(v.faults[0].kind, VERIFY_LOST);
        verify_deinit(&v);
        (void)state;
}

/* Each byte, and some values for each; newlines are among both. */
static void finds_any_byte_that_was_changed(void **state) {
        static const unsigned char flips[] = { 1, 2, 4, 8, 16, 32, 64, 128, '0' ^ '1', '\n' ^ 'x' };
        struct log log;

        make(&log);
        for (size_t i = 0; i < log.n; ++i) {
                char was = log.text[i];

                for (size_t k = 0; k <= ARRAY_SIZE(flips); ++k) {
                        log.text[i] = k < ARRAY_SIZE(flips) ? (char)(was ^ flips[k]) : '\n';
                        if (log.text[i] == was)
                                continue;
                        if (findings((struct str){ log.text, log.n }, log.anchors) == 0)
                                fail_msg("byte %zu: %02x for %02x", i, log.text[i], was);
                        /* Without an anchor the last line alone can be changed so that it does not show. */
                        if (i < log.starts[LINES - 1] && findings((struct str){ log.text, log.n }, NULL) == 0)
                                fail_msg("byte %zu: %02x for %02x, without anchors", i, log.text[i], was);
                }
                log.text[i] = was;
        }
        (void)state;
}

/* The lines of @order, which ends with a number below 0. */
static struct str arrange(const struct log *log, const int *order, char *room) {
        size_t n = 0;

        for (; *order >= 0; ++order) {
                struct str line = line_of(log, (size_t)*order);

                memcpy(room + n, line.p, line.n);
                n += line.n;
        }
        return (struct str){ room, n };
}

static void finds_lines_that_are_gone_moved_or_doubled(void **state) {
        int order[LINES + 2];
        static char room[ROOM];
        struct log log;

        make(&log);
        for (int gone = 0; gone < LINES; ++gone)
                for (int n = 1; gone + n <= LINES; ++n) {
                        int to = 0;

                        for (int i = 0; i < LINES; ++i)
                                if (i < gone || i >= gone + n)
                                        order[to++] = i;
                        order[to] = -1;
                        if (findings(arrange(&log, order, room), log.anchors) == 0)
                                fail_msg("%d lines from %d on gone", n, gone);
                        if (gone > 0 && gone + n < LINES && findings(arrange(&log, order, room), NULL) == 0)
                                fail_msg("%d lines from %d on gone, without anchors", n, gone);
                }
        for (int a = 0; a < LINES; ++a)
                for (int b = a + 1; b < LINES; ++b) {
                        for (int i = 0; i < LINES; ++i)
                                order[i] = i == a ? b : i == b ? a : i;
                        order[LINES] = -1;
                        if (findings(arrange(&log, order, room), NULL) == 0)
                                fail_msg("%d and %d changed places", a, b);
                }
        for (int what = 0; what < LINES; ++what)
                for (int at = 0; at <= LINES; ++at) {
                        int to = 0;

                        for (int i = 0; i <= LINES; ++i) {
                                if (i == at)
                                        order[to++] = what;
                                if (i < LINES)
                                        order[to++] = i;
                        }
                        order[to] = -1;
                        if (findings(arrange(&log, order, room), log.anchors) == 0)
                                fail_msg("%d a second time before %d", what, at);
                }
        (void)state;
}

static void finds_lines_that_were_put_in(void **state) {
        static const char *const rows[] = {
                "\n",
                "garbage\n",
                "{}\n",
                "{\"schema\":\"docksill.record/1\"}\n",
                "{\"schema\":\"docksill.mend/1\",\"torn\":1}\n",
                "torn\n{\"schema\":\"docksill.mend/1\",\"torn\":4}\n",
        };
        static char room[ROOM];
        struct log log;

        make(&log);
        for (size_t row = 0; row < ARRAY_SIZE(rows); ++row)
                for (size_t at = 1; at <= LINES; ++at) {
                        size_t n = strlen(rows[row]);

                        memcpy(room, log.text, log.starts[at]);
                        memcpy(room + log.starts[at], rows[row], n);
                        memcpy(room + log.starts[at] + n, log.text + log.starts[at], log.n - log.starts[at]);
                        if (findings((struct str){ room, log.n + n }, NULL) == 0)
                                fail_msg("row %zu before %zu", row, at);
                }
        /* One that is linked to the line before it: then the next is not. */
        for (size_t at = 1; at < LINES; ++at) {
                size_t n = log.starts[at];
                struct chain c;

                memcpy(room, log.text, n);
                room[n] = '{';
                n += 1 + chain_write(room + n + 1, at + 1, true);
                assert_int_equal(chain_init(&c, ""), 0);
                chain_seal(&c, room, n); /* of all: the others come out as they are */
                chain_deinit(&c);
                assert_memory_equal(room, log.text, log.starts[at]);
                memcpy(room + n, log.text + log.starts[at], log.n - log.starts[at]);
                if (findings((struct str){ room, n + log.n - log.starts[at] }, NULL) == 0)
                        fail_msg("a linked one before %zu", at);
        }
        (void)state;
}

static void says_where_and_what(void **state) {
        static const struct {
                int order[LINES + 2];
                enum verify_kind kind;
                uint64_t line, link, n;
        } rows[] = {
                { { 0, 1, 2, 5, 6, 7, 8, -1 }, VERIFY_MISSING, 4, 6, 2 },
                { { 0, 1, 2, 3, 4, 1, 2, 5, 6, 7, -1 }, VERIFY_DISORDER, 6, 2, 2 },
                { { 0, 1, 2, 3, 4, 0, 1, -1 }, VERIFY_BEGUN_ANEW, 6, 1, 0 },
        };
        static char room[ROOM];
        struct log log;
        struct verify v;

        make(&log);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                v = walk(arrange(&log, rows[i].order, room), NULL);
                assert_int_equal(v.findings, 1);
                assert_int_equal(v.faults[0].kind, rows[i].kind);
                assert_int_equal(v.faults[0].at.line, rows[i].line);
                assert_int_equal(v.faults[0].at.link, rows[i].link);
                assert_int_equal(v.faults[0].n, rows[i].n);
                verify_deinit(&v);
        }
        log.text[log.starts[4] + 12] ^= 1;
        v = walk((struct str){ log.text, log.n }, NULL);
        assert_int_equal(v.findings, 1);
        assert_int_equal(v.faults[0].kind, VERIFY_CHANGED);
        assert_int_equal(v.faults[0].at.line, 5);
        assert_string_equal(v.faults[0].at.time, "2026-01-31T12:00:00.000000Z");
        verify_deinit(&v);
        (void)state;
}

/* What a kill, or a file that could not take all of a line, leaves is no finding. */
static void takes_torn_lines_for_what_they_are(void **state) {
        static char room[ROOM];
        struct chain c;
        struct log log;
        struct verify v;
        size_t n, m;

        make(&log);
        for (size_t cut = log.starts[LINES - 1] + 1; cut < log.n; ++cut) {
                v = walk((struct str){ log.text, cut }, NULL);
                assert_int_equal(v.findings, 0);
                verify_deinit(&v);
        }
        /* Mended at the next start. */
        n = log.starts[4] + 10;
        memcpy(room, log.text, n);
        room[n++] = '\n';
        assert_int_equal(chain_init(&c, ""), 0);
        for (struct str rest = { room, n }, line; rest.n;) {
                line = str_cut(&rest, '\n');
                chain_pass(&c, (struct str){ line.p, line.n + 1 });
        }
        memcpy(room + n, "{\"schema\":\"docksill.mend/1\"", 27);
        chain_seal(&c, room + n, 27 + chain_write(room + n + 27, 6, false));
        n = (size_t)(strchr(room + n, '\n') + 1 - room);
        chain_deinit(&c);
        v = walk((struct str){ room, n }, NULL);
        assert_int_equal(v.findings, 0);
        assert_int_equal(v.faults[0].kind, VERIFY_TORN);
        assert_int_equal(v.faults[0].at.line, 5);
        assert_int_equal(v.faults[0].n, 10);
        verify_deinit(&v);
        room[log.starts[4] + 3] ^= 1; /* and held by the line that tells of it */
        assert_int_equal(findings((struct str){ room, n }, NULL), 1);

        /* Nothing holds the line before it but what is told. */
        n = log.starts[5];
        memcpy(room, log.text, n);
        assert_int_equal(chain_init(&c, ""), 0);
        for (struct str rest = { room, n }, line; rest.n;) {
                line = str_cut(&rest, '\n');
                chain_pass(&c, (struct str){ line.p, line.n + 1 });
        }
        n += (size_t)snprintf(room + n, ROOM - n, "torn\n");
        m = (size_t)snprintf(room + n, ROOM - n, "{\"schema\":\"docksill.mend/1\",\"torn\":4,\"before\":\"%s\"",
                             c.digest);
        chain_pass(&c, STR_C("torn\n"));
        chain_seal(&c, room + n, m + chain_write(room + n + m, 7, false));
        n = (size_t)(strchr(room + n, '\n') + 1 - room);
        chain_deinit(&c);
        assert_int_equal(findings((struct str){ room, n }, NULL), 0);
        room[log.starts[4] + 12] ^= 1;
        v = walk((struct str){ room, n }, NULL);
        assert_int_equal(v.findings, 1);
        assert_int_equal(v.faults[0].kind, VERIFY_CHANGED);
        assert_int_equal(v.faults[0].at.line, 5);
        verify_deinit(&v);

        /* Begun, and whole behind it. */
        n = log.starts[4] + 10;
        memcpy(room, log.text, n);
        room[n++] = '\n';
        memcpy(room + n, log.text + log.starts[4], log.n - log.starts[4]);
        assert_int_equal(findings((struct str){ room, n + log.n - log.starts[4] }, NULL), 0);
        (void)state;
}

static void reads_anchors(void **state) {
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        static const struct {
                const char *text;
                bool read;
        } rows[] = {
                { "1:" HEX, true },  { "1:" HEX ",2:" HEX, true }, { "1:" HEX ",", false }, { "", false },
                { "0:" HEX, false }, { "1:" HEX "0", false },      { ":" HEX, false },      { "1:", false },
                { "1", false },      { "x:" HEX, false },          { "1:g" HEX, false },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct verify v;

                assert_int_equal(verify_init(&v), 0);
                if (verify_anchor(&v, str_from(rows[i].text)) != rows[i].read)
                        fail_msg("%s", rows[i].text);
                verify_deinit(&v);
        }
        (void)state;
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(holds_what_is_as_it_was_written),
                cmocka_unit_test(finds_any_byte_that_was_changed),
                cmocka_unit_test(finds_lines_that_are_gone_moved_or_doubled),
                cmocka_unit_test(finds_lines_that_were_put_in),
                cmocka_unit_test(says_where_and_what),
                cmocka_unit_test(takes_torn_lines_for_what_they_are),
                cmocka_unit_test(reads_anchors),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
