#include "docksill/cli/dispatch.h"
#include "docksill/cli/invocation.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture.h"

/* What the last command was run with. */
static const struct command *ran;
static size_t ran_with;

static int run(const struct invocation *in) {
        ran = in->command;
        ran_with = in->n;
        return EXIT_FINDINGS;
}

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { "rules", "FOLDER", "where rules are" },
        { NULL },
};
static const struct command example = {
        .name = "explain",
        .arguments = "FILE",
        .doc = "First line.\nSecond line.",
        .options = options,
        .run = run,
};
static const struct command plain = { .name = "serve", .arguments = "", .doc = "Serves.", .most = 2, .run = run };
static const struct command listing = {
        .name = "facts list", .arguments = "[PREFIX]", .doc = "Lists.", .most = 1, .run = run
};
static const struct command family = {
        .name = "facts",
        .doc = "What there is.",
        .commands = (const struct command *const[]){ &listing, NULL },
};
static const struct command *const commands[] = { &example, &plain, &family, NULL };

static void runs_the_command_named(void **state) {
        const char *argv[] = { "docksill", "serve", "x", "--", "--help", NULL };

        (void)state;
        ran = NULL;
        assert_int_equal(commands_run(commands, 5, (char **)argv), EXIT_FINDINGS);
        assert_ptr_equal(ran, &plain);
        assert_int_equal(ran_with, 2);
}

static void runs_a_member_of_a_family(void **state) {
        const char *argv[] = { "docksill", "facts", "list", "mounts", NULL };

        (void)state;
        ran = NULL;
        assert_int_equal(commands_run(commands, 4, (char **)argv), EXIT_FINDINGS);
        assert_ptr_equal(ran, &listing);
        assert_int_equal(ran_with, 1);
}

static void does_not_run_what_is_misused(void **state) {
        const char *argv[] = { "docksill", "facts", "list", "a", "b", NULL };
        struct capture c;
        int code;

        (void)state;
        ran = NULL;
        capture_begin(&c, STDERR_FILENO);
        code = commands_run(commands, 5, (char **)argv);
        assert_says(capture_end(&c), "docksill facts list: takes no argument beside its options");
        assert_int_equal(code, EXIT_USAGE);
        assert_null(ran);
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

                ran = NULL;
                capture_begin(&c, rows[i].fd);
                code = commands_run(commands, count(argv), argv);
                said = capture_end(&c);
                assert_int_equal(code, rows[i].code);
                assert_says(said, rows[i].says);
                assert_null(ran);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(runs_the_command_named),
                cmocka_unit_test(runs_a_member_of_a_family),
                cmocka_unit_test(does_not_run_what_is_misused),
                cmocka_unit_test(answers_help_itself),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
