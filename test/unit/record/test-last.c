#include "docksill/record/last.h"
#include "docksill/record/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define RECORD(seq)                                                                                                    \
        "{\"schema\":\"docksill.record/1\",\"time\":\"t\",\"seq\":" #seq                                               \
        ",\"decision_id\":\"d\",\"path\":\"/x?a=\\\"seq\\\":7\"}\n"
#define START     "{\"schema\":\"docksill.start/1\",\"time\":\"t\",\"event\":\"start\"}\n"
#define STOP(seq) "{\"schema\":\"docksill.stop/1\",\"time\":\"t\",\"seq\":" #seq ",\"lost\":0}\n"
#define LOSS      "{\"schema\":\"docksill.loss/1\",\"time\":\"t\",\"lost\":2,\"refused\":0,\"lost_total\":2}\n"

static void write_file(const char *path, const char *text) {
        FILE *f = fopen(path, "w");

        assert_non_null(f);
        assert_true(fputs(text, f) >= 0);
        assert_int_equal(fclose(f), 0);
}

static void tells_how_the_last_one_ended(void **state) {
        static const struct {
                const char *text;
                struct record_last last;
        } rows[] = {
                { "", { 0 } },
                { "garbage\n", { 0 } },
                { START, { 0 } },
                { START RECORD(1) RECORD(2) STOP(2), { true, true, 2 } },
                { START RECORD(1) RECORD(2), { true, false, 2 } },
                { START RECORD(1) LOSS, { true, false, 1 } },
                { START RECORD(1) "{\"schema\":\"docksill.record/1\",\"ti", { true, false, 1 } },
                { START STOP(0), { true, true, 0 } },
                { START RECORD(1) STOP(1) START RECORD(1), { true, false, 1 } },
                /* A start without an end, nor a record. */
                { START RECORD(1) STOP(1) START, { true, false, 1 } },
                { "{\"schema\":\"docksill.record/1\",\"time\":\"t\",\"seq\":x}\n", { 0 } },
                { "{\"schema\":\"docksill.record/1\"}\n", { 0 } },
        };
        char folder[] = "/tmp/docksill-last-XXXXXX", path[64];

        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/x", folder);
        assert_false(record_last(path).known);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct record_last last;

                write_file(path, rows[i].text);
                last = record_last(path);
                if (last.known != rows[i].last.known || last.orderly != rows[i].last.orderly ||
                    last.seq != rows[i].last.seq)
                        fail_msg("row %zu: known %d, orderly %d, seq %d", i, last.known, last.orderly, (int)last.seq);
        }
        unlink(path);
        assert_false(record_last(folder).known);
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_false(record_last(path).known); /* and does not wait */
        unlink(path);
        rmdir(folder);
        (void)state;
}

static void reads_the_end_of_a_large_file_and_what_is_written_there(void **state) {
        char folder[] = "/tmp/docksill-last-XXXXXX", path[64];
        struct text t;
        FILE *f;

        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/x", folder);
        f = fopen(path, "w");
        assert_non_null(f);
        for (int i = 1; i <= 20000; ++i)
                fprintf(f, "{\"schema\":\"docksill.record/1\",\"time\":\"t\",\"seq\":%d,\"host\":\"h\"}\n", i);
        assert_int_equal(fflush(f), 0);
        assert_int_equal(record_last(path).seq, 20000);
        assert_false(record_last(path).orderly);
        text_init(&t);
        record_add_stop(&t, 20000, 3, 0);
        assert_true(str_ends(text_str(&t), STR_C(",\"seq\":20000,\"lost\":3}\n")));
        assert_int_equal(fwrite(t.p, 1, t.n, f), t.n);
        assert_int_equal(fclose(f), 0);
        assert_int_equal(record_last(path).seq, 20000);
        assert_true(record_last(path).orderly);
        text_deinit(&t);
        unlink(path);
        rmdir(folder);
        (void)state;
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(tells_how_the_last_one_ended),
                cmocka_unit_test(reads_the_end_of_a_large_file_and_what_is_written_there),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
