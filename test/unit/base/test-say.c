/* What stands on stderr, with the severity where stderr is the journal, and without it anywhere else. */
#include "docksill/base/cleanup.h"
#include "docksill/base/say.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

/* Stderr is a pipe from here on; JOURNAL_STREAM names it, or another. */
static void begin(int pipe_ends[2], int *before, bool journal) {
        char name[64];
        struct stat st;

        assert_int_equal(pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK), 0);
        *before = dup(STDERR_FILENO);
        dup2(pipe_ends[1], STDERR_FILENO);
        assert_int_equal(fstat(STDERR_FILENO, &st), 0);
        snprintf(name, sizeof(name), "%llu:%llu", (unsigned long long)st.st_dev,
                 (unsigned long long)st.st_ino + (journal ? 0 : 1));
        setenv("JOURNAL_STREAM", name, 1);
}

static void assert_end(int pipe_ends[2], int before, const char *wanted) {
        char said[8192];
        ssize_t n = read(pipe_ends[0], said, sizeof(said) - 1);

        dup2(before, STDERR_FILENO);
        close(before);
        close(pipe_ends[0]);
        close(pipe_ends[1]);
        unsetenv("JOURNAL_STREAM");
        said[n < 0 ? 0 : n] = '\0';
        assert_string_equal(said, wanted);
}

static void the_journal_gets_the_severity(void **state unused_) {
        int ends[2], before;

        begin(ends, &before, true);
        say(SAY_ERROR, "a %d", 1);
        say(SAY_WARNING, "b");
        say(SAY_NOTICE, "c");
        say(SAY_INFO, "d");
        assert_end(ends, before, "<3>docksill: a 1\n<4>docksill: b\n<5>docksill: c\n<6>docksill: d\n");
}

static void another_stderr_does_not(void **state unused_) {
        int ends[2], before;

        begin(ends, &before, false);
        say(SAY_ERROR, "a");
        assert_end(ends, before, "docksill: a\n");
        assert_string_equal(say_mark(SAY_ERROR), "");
}

static void each_line_of_many_has_it(void **state unused_) {
        int ends[2], before;
        struct text t;

        text_init(&t);
        begin(ends, &before, true);
        say_add_marked(&t, SAY_WARNING, STR_C("a\n\nb"));
        assert_end(ends, before, "");
        assert_string_equal(t.p, "<4>a\n<4>\n<4>b");
        text_deinit(&t);
}

printf_(3, 4) static size_t format(char *to, size_t size, const char *fmt, ...) {
        va_list args;
        size_t n;

        va_start(args, fmt);
        n = say_format(to, size, SAY_ERROR, fmt, args);
        va_end(args);
        return n;
}

static void a_long_one_is_cut_and_ends(void **state unused_) {
        char line[32];

        assert_int_equal(format(line, sizeof(line), "%s", "12345678901234567890"), 31);
        assert_string_equal(line, "docksill: 12345678901234567890\n");
        assert_int_equal(format(line, sizeof(line), "%s", "123456789012345678901"), 31);
        assert_string_equal(line, "docksill: 12345678901234567890\n");
        assert_int_equal(format(line, sizeof(line), "%s", "1234567890123456789012345"), 31);
        assert_string_equal(line, "docksill: 12345678901234567890\n");
        assert_int_equal(format(line, sizeof(line), "%s", ""), 11);
        assert_string_equal(line, "docksill: \n");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_journal_gets_the_severity),
                cmocka_unit_test(another_stderr_does_not),
                cmocka_unit_test(each_line_of_many_has_it),
                cmocka_unit_test(a_long_one_is_cut_and_ends),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
