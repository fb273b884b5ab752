#include "docksill/cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* What the last command was run with. */
static int run_argc;
static const char *run_name;

static int run(int argc, char **argv) {
        run_argc = argc;
        run_name = argv[0];
        return EXIT_FINDINGS;
}

enum { FORMAT, RULES, QUIET, OPTIONS };
static const struct option_row options[] = {
        [FORMAT] = { "format", "text|json", "how to print it" },
        [RULES] = { "rules", "FOLDER", "where rules are" },
        [QUIET] = { "quiet", NULL, "say less" },
        [OPTIONS] = { NULL },
};
static const struct command example = {
        .name = "explain",
        .arguments = "FILE",
        .doc = "First line.\nSecond line.",
        .options = options,
        .run = run,
};
static const struct command plain = { .name = "serve", .arguments = "", .doc = "Serves.", .run = run };
static const struct command listing = { .name = "facts list", .arguments = "[PREFIX]", .doc = "Lists.", .run = run };
static const struct command family = {
        .name = "facts",
        .doc = "What there is.",
        .commands = (const struct command *const[]){ &listing, NULL },
};
static const struct command *const commands[] = { &example, &plain, &family, NULL };

/* Catches what a function writes to @stream_fd. */
struct capture {
        int fd, saved, file;
        char text[8192];
};

static void capture_begin(struct capture *c, int fd) {
        char name[] = "/tmp/docksill-command-XXXXXX";

        c->fd = fd;
        c->file = mkstemp(name);
        assert_true(c->file >= 0);
        unlink(name);
        fflush(NULL);
        c->saved = dup(fd);
        dup2(c->file, fd);
}

static const char *capture_end(struct capture *c) {
        ssize_t n;

        fflush(NULL);
        dup2(c->saved, c->fd);
        close(c->saved);
        n = pread(c->file, c->text, sizeof(c->text) - 1, 0);
        c->text[n < 0 ? 0 : n] = '\0';
        close(c->file);
        return c->text;
}

static int count(char **argv) {
        int n = 0;

        while (argv[n])
                ++n;
        return n;
}

static void assert_says(const char *text, const char *words) {
        if (!strstr(text, words))
                fail_msg("\"%s\" does not say \"%s\"", text, words);
}

static void splits_options_from_arguments(void **state) {
        static const struct {
                const char *argv[8];
                const char *format, *rules, *quiet, *rest[4];
        } rows[] = {
                { { "explain" }, NULL, NULL, NULL, { NULL } },
                { { "explain", "a", "b" }, NULL, NULL, NULL, { "a", "b" } },
                { { "explain", "--format", "json", "a" }, "json", NULL, NULL, { "a" } },
                { { "explain", "a", "--format=json", "--quiet" }, "json", NULL, "", { "a" } },
                { { "explain", "--format=a=b" }, "a=b", NULL, NULL, { NULL } },
                { { "explain", "--format=" }, "", NULL, NULL, { NULL } },
                { { "explain", "--rules", "x", "--rules", "y" }, NULL, "y", NULL, { NULL } },
                { { "explain", "-" }, NULL, NULL, NULL, { "-" } },
                { { "explain", "--rules", "-" }, NULL, "-", NULL, { NULL } },
                { { "explain", "--", "--format", "-x" }, NULL, NULL, NULL, { "--format", "-x" } },
                { { "explain", "--rules=--", "--", "--" }, NULL, "--", NULL, { "--" } },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                const char *values[OPTIONS], *rest[8];
                const char *wanted[OPTIONS] = { rows[i].format, rows[i].rules, rows[i].quiet };
                size_t n;

                assert_int_equal(options_read(&example, count(argv), argv, values, rest, &n), 0);
                for (size_t k = 0; k < OPTIONS; ++k)
                        if ((values[k] == NULL) != (wanted[k] == NULL) || (wanted[k] && strcmp(values[k], wanted[k])))
                                fail_msg("row %zu, option %zu: %s", i, k, values[k] ? values[k] : "NULL");
                for (size_t k = 0; k < n; ++k)
                        assert_string_equal(rest[k], rows[i].rest[k]);
                assert_null(rows[i].rest[n]);
        }
}

static void names_the_wrong_option(void **state) {
        static const struct {
                const char *argv[4], *says;
        } rows[] = {
                { { "explain", "--fromat", "json" }, "no option --fromat; did you mean --format?" },
                { { "explain", "--zzzzzzzzzz" }, "no option --zzzzzzzzzz\n" },
                { { "explain", "--a\033[31m" }, "no option --a\\x1b[31m" },
                { { "explain", "--format" }, "--format needs a value: text|json" },
                { { "explain", "--format", "--quiet" }, "--format needs a value" },
                { { "explain", "--quiet=yes" }, "--quiet takes no value" },
                { { "explain", "-q" }, "two dashes" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                const char *values[OPTIONS], *rest[8], *said;
                struct capture c;
                size_t n;
                int r;

                capture_begin(&c, STDERR_FILENO);
                r = options_read(&example, count(argv), argv, values, rest, &n);
                said = capture_end(&c);
                assert_int_equal(r, -EINVAL);
                assert_says(said, rows[i].says);
                assert_says(said, "docksill explain: ");
                assert_says(said, "docksill help explain");
        }
}

static void runs_the_command_named(void **state) {
        const char *argv[] = { "docksill", "serve", "x", "--", "--help", NULL };

        (void)state;
        run_argc = 0;
        assert_int_equal(commands_run(commands, 5, (char **)argv), EXIT_FINDINGS);
        assert_int_equal(run_argc, 4);
        assert_string_equal(run_name, "serve");
}

static void runs_a_member_of_a_family(void **state) {
        const char *argv[] = { "docksill", "facts", "list", "mounts", NULL };

        (void)state;
        run_argc = 0;
        assert_int_equal(commands_run(commands, 4, (char **)argv), EXIT_FINDINGS);
        assert_int_equal(run_argc, 2);
        assert_string_equal(run_name, "list");
}

static void answers_help_itself(void **state) {
        static const struct {
                const char *argv[5];
                int fd, code;
                const char *says;
        } rows[] = {
                { { "docksill" }, STDERR_FILENO, EXIT_USAGE, "Usage: docksill COMMAND" },
                { { "docksill", "--help" }, STDOUT_FILENO, EXIT_FINE, "  explain      First line.\n" },
                { { "docksill", "help" }, STDOUT_FILENO, EXIT_FINE, "  serve        Serves.\n" },
                { { "docksill", "help", "explain" }, STDOUT_FILENO, EXIT_FINE, "Second line." },
                { { "docksill", "explain", "--help" }, STDOUT_FILENO, EXIT_FINE, "  --format text|json" },
                { { "docksill", "explain", "a", "-h" }, STDOUT_FILENO, EXIT_FINE, "Usage: docksill explain" },
                { { "docksill", "serve", "--help" }, STDOUT_FILENO, EXIT_FINE, "  --help" },
                { { "docksill", "--version" }, STDOUT_FILENO, EXIT_FINE, "docksill " DOCKSILL_VERSION "\n" },
                { { "docksill", "explian" },
                  STDERR_FILENO,
                  EXIT_USAGE,
                  "no command \"explian\"; did you mean explain?" },
                { { "docksill", "help", "srve" }, STDERR_FILENO, EXIT_USAGE, "did you mean serve?" },
                { { "docksill", "\033c" }, STDERR_FILENO, EXIT_USAGE, "no command \"\\x1bc\"" },
                { { "docksill", "facts" }, STDERR_FILENO, EXIT_USAGE, "Usage: docksill facts COMMAND" },
                { { "docksill", "facts", "-h" }, STDOUT_FILENO, EXIT_FINE, "  list         Lists.\n" },
                { { "docksill", "help", "facts" }, STDOUT_FILENO, EXIT_FINE, "What there is." },
                { { "docksill", "help", "facts", "list" },
                  STDOUT_FILENO,
                  EXIT_FINE,
                  "Usage: docksill facts list [OPTION…] [PREFIX]" },
                { { "docksill", "facts", "list", "-h" }, STDOUT_FILENO, EXIT_FINE, "Lists." },
                { { "docksill", "facts", "lst" },
                  STDERR_FILENO,
                  EXIT_USAGE,
                  "docksill facts: no command \"lst\"; did you mean list?" },
                { { "docksill", "help", "facts", "lst" }, STDERR_FILENO, EXIT_USAGE, "Try `docksill help facts`" },
                { { "docksill", "list" }, STDERR_FILENO, EXIT_USAGE, "no command \"list\"" },
                { { "docksill", "--verbose" }, STDERR_FILENO, EXIT_USAGE, "no command \"--verbose\"" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                struct capture c;
                const char *said;
                int code;

                run_argc = 0;
                capture_begin(&c, rows[i].fd);
                code = commands_run(commands, count(argv), argv);
                said = capture_end(&c);
                assert_int_equal(code, rows[i].code);
                assert_says(said, rows[i].says);
                assert_int_equal(run_argc, 0);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(splits_options_from_arguments), cmocka_unit_test(names_the_wrong_option),
                cmocka_unit_test(runs_the_command_named),        cmocka_unit_test(runs_a_member_of_a_family),
                cmocka_unit_test(answers_help_itself),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
