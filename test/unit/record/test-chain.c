#include "docksill/record/chain.h"
#include "docksill/record/last.h"
#include "docksill/record/writer.h"

#include "docksill/base/file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "place.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define HEX   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int set_up(void **state) {
        *state = place_new("-20260101");
        return 0;
}

static int tear_down(void **state) {
        place_free(*state);
        return 0;
}

static void reads_what_a_line_says_of_itself(void **state) {
        static const struct {
                const char *line;
                uint64_t link; /* 0: it has none */
        } rows[] = {
                { "{\"a\":1,\"link\":7,\"prev\":\"" HEX "\"}\n", 7 },
                { "{\"a\":1,\"link\":7,\"prev\":\"" HEX "\"}", 7 },
                { "{\"link\":9223372036854775807,\"prev\":\"" HEX "\"}", INT64_MAX },
                { "{\"link\":9223372036854775808,\"prev\":\"" HEX "\"}", 0 },
                { "{\"link\":0,\"prev\":\"" HEX "\"}", 0 },
                { "{\"link\":-1,\"prev\":\"" HEX "\"}", 0 },
                { "{\"link\":,\"prev\":\"" HEX "\"}", 0 },
                { "{\"sink\":7,\"prev\":\"" HEX "\"}", 0 },
                { "{\"link\":7,\"prev\":\"" HEX "\"} ", 0 },
                { "{\"link\":7,\"prev\":\"x" HEX "\"}", 0 },
                { "{\"link\":7,\"prev\":\"A123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}", 0 },
                { "\"link\":7,\"prev\":\"" HEX "\"}", 0 },
                { "{\"a\":\"\\\"link\\\":7,\\\"prev\\\":\\\"" HEX "\"}", 0 },
                { HEX "\"}", 0 },
                { "\"}", 0 },
                { "\n", 0 },
                { "", 0 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct chain_link link = { 0 };

                if (chain_read(str_from(rows[i].line), &link) != (rows[i].link > 0) || link.link != rows[i].link)
                        fail_msg("row %zu: %s", i, rows[i].line);
                if (link.link)
                        assert_true(str_eqz(link.prev, HEX));
        }
        (void)state;
}

/* By hand: printf '%s\n' LINE | sha256sum */
static void seals_lines_with_the_digest_of_the_one_before(void **state) {
        char lines[] = "{\"link\":1,\"prev\":\"" ZEROS "\"}\n"
                       "{\"a\":2,\"link\":2,\"prev\":\"" ZEROS "\"}\n";
        struct chain c;

        assert_int_equal(chain_init(&c, ""), 0);
        chain_seal(&c, lines, sizeof(lines) - 1);
        assert_string_equal(
                lines,
                "{\"link\":1,\"prev\":\"" ZEROS "\"}\n"
                "{\"a\":2,\"link\":2,\"prev\":\"6d60f8541101cea1a5a1bd31917bdb98e7b6e77e4aa468dda27b7d65dfd8d5fe\"}\n");
        assert_string_equal(c.digest, "914ed0f8f6c7e5a37f8e1cbce185bbe8d08f96df5c54bc18f1aede71c61dca0c");
        chain_deinit(&c);
        (void)state;
}

static struct writer *begin(struct place *p) {
        struct record_last last = record_last(p->path);
        struct writer_options options = { .path = p->path, .buffer = 65536, .period = 2, .after = &last.head };
        struct writer *w = NULL;

        assert_int_equal(writer_new_with(&w, &options), 0);
        return w;
}

static void put(struct writer *w, unsigned from, unsigned n) {
        for (unsigned i = from; i < from + n; ++i) {
                char line[64];

                snprintf(line, sizeof(line), "{\"n\":%u}\n", i);
                while (writer_put(w, str_from(line), RECORD_REFUSED) == 0)
                        usleep(1000);
        }
}

/* Every line follows the one before, whatever it is. Returns how many there are; *@digest of the last. */
static uint64_t check_links(struct place *p, const char *path, uint64_t before, char digest[CHAIN_DIGEST + 1]) {
        struct str text;
        struct chain c;

        assert_int_equal(file_read(&p->arena, path, 32 << 20, &text), 0);
        assert_int_equal(chain_init(&c, digest), 0);
        while (text.n) {
                struct str line = str_cut(&text, '\n');
                struct chain_link link;

                ++before;
                if (chain_read(line, &link)) {
                        assert_int_equal(link.link, before);
                        assert_true(str_eqz(link.prev, c.digest));
                }
                chain_pass(&c, (struct str){ line.p, line.n + 1 });
        }
        memcpy(digest, c.digest, CHAIN_DIGEST + 1);
        chain_deinit(&c);
        return before;
}

static void goes_on_from_file_to_file_and_process_to_process(void **state) {
        struct place *p = *state;
        struct writer *w = begin(p);
        char digest[CHAIN_DIGEST + 1] = "";
        uint64_t n;

        put(w, 0, 3000);
        writer_free(w);
        w = begin(p);
        put(w, 3000, 100);
        for (int i = 0; i < 5000 && writer_counts(w).written < 100; ++i)
                usleep(1000);
        assert_int_equal(rename(p->path, p->other), 0);
        writer_reopen(w);
        put(w, 3100, 100);
        writer_free(w);
        n = check_links(p, p->other, 0, digest);
        assert_int_equal(n, 3100);
        assert_int_equal(check_links(p, p->path, n, digest), 3200);
}

/* Rotated while nobody was there to write. */
static void goes_on_after_a_file_that_is_gone(void **state) {
        struct place *p = *state;
        struct writer *w = begin(p);
        char digest[CHAIN_DIGEST + 1] = "";
        uint64_t n;

        put(w, 0, 10);
        writer_free(w);
        assert_int_equal(rename(p->path, p->other), 0);
        w = begin(p);
        put(w, 10, 10);
        writer_free(w);
        n = check_links(p, p->other, 0, digest);
        assert_int_equal(check_links(p, p->path, n, digest), 20);
}

static void append(const char *path, const char *text, size_t n) {
        FILE *f = fopen(path, "a");

        assert_non_null(f);
        assert_int_equal(fwrite(text, 1, n, f), n);
        assert_int_equal(fclose(f), 0);
}

static void counts_a_torn_line_and_goes_on_behind_it(void **state) {
        struct place *p = *state;
        struct writer *w = begin(p);
        char digest[CHAIN_DIGEST + 1] = "";
        struct record_last last;

        put(w, 0, 10);
        writer_free(w);
        memcpy(digest, record_last(p->path).head.digest, sizeof(digest));
        assert_string_equal(record_last(p->path).head.before, "");
        append(p->path, "{\"n\":1", 6);
        last = record_last(p->path);
        assert_string_equal(last.head.before, digest); /* of the last that is whole */
        digest[0] = '\0';
        assert_int_equal(last.head.link, 11);
        assert_int_equal(last.head.torn, 6);
        w = begin(p);
        put(w, 11, 5);
        writer_free(w);
        assert_int_equal(check_links(p, p->path, 0, digest), 16);
        assert_int_equal(record_last(p->path).head.torn, 0);
}

static void begins_where_nothing_is_known(void **state) {
        struct place *p = *state;
        struct record_last last = record_last(p->path);
        static char much[300 * 1024];
        struct writer *w;

        assert_int_equal(last.head.link, 0);
        assert_string_equal(last.head.digest, "");
        /* Lines from before there were chains: the first link holds the last of them. */
        append(p->path, "{\"old\":1}\n{\"old\":2}\n", 20);
        w = begin(p);
        put(w, 0, 1);
        writer_free(w);
        append(p->path, "{\"old\":3}\n", 10);
        last = record_last(p->path);
        assert_int_equal(last.head.link, 2);
        /* A last line whose beginning is too far away. */
        memset(much, 'x', sizeof(much));
        append(p->path, much, sizeof(much));
        last = record_last(p->path);
        assert_int_equal(last.head.link, 0);
        assert_string_equal(last.head.digest, "");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(reads_what_a_line_says_of_itself),
                cmocka_unit_test(seals_lines_with_the_digest_of_the_one_before),
                TEST(goes_on_from_file_to_file_and_process_to_process),
                TEST(goes_on_after_a_file_that_is_gone),
                TEST(counts_a_torn_line_and_goes_on_behind_it),
                TEST(begins_where_nothing_is_known),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
