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

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { "rules", "FOLDER", "where rules are" },
        { "quiet", NULL, "say less" },
        { NULL },
};
static const struct command example = { .name = "explain", .options = options, .most = ARGUMENTS_ANY };
static const struct command one = { .name = "show", .least = 1, .most = 1, .takes = "one rule's id" };
static const struct command plain = { .name = "serve" };

static void assert_option(const struct invocation *in, const char *name, const char *wanted) {
        const char *value = invocation_option(in, name);

        if ((value == NULL) != (wanted == NULL) || (wanted && strcmp(value, wanted) != 0))
                fail_msg("--%s is %s, not %s", name, value ? value : "NULL", wanted ? wanted : "NULL");
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
                { { "explain", "--rules=a=b" }, NULL, "a=b", NULL, { NULL } },
                { { "explain", "--rules=" }, NULL, "", NULL, { NULL } },
                { { "explain", "--rules", "x", "--rules", "y" }, NULL, "y", NULL, { NULL } },
                { { "explain", "-" }, NULL, NULL, NULL, { "-" } },
                { { "explain", "--rules", "-" }, NULL, "-", NULL, { NULL } },
                { { "explain", "--", "--format", "-x" }, NULL, NULL, NULL, { "--format", "-x" } },
                { { "explain", "--rules=--", "--", "--" }, NULL, "--", NULL, { "--" } },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                cleanup_(invocation_deinit) struct invocation in;

                assert_int_equal(invocation_read(&in, &example, count(argv), argv), EXIT_FINE);
                assert_option(&in, "format", rows[i].format);
                assert_option(&in, "rules", rows[i].rules);
                assert_option(&in, "quiet", rows[i].quiet);
                assert_option(&in, "config", NULL); /* it has none */
                for (size_t k = 0; k < in.n; ++k)
                        assert_string_equal(in.arguments[k], rows[i].rest[k]);
                assert_null(rows[i].rest[in.n]);
        }
}

static void tells_dashes_before_all_arguments(void **state) {
        static const struct {
                const char *argv[6];
                bool dashes;
        } rows[] = {
                { { "explain", "a" }, false },
                { { "explain", "--", "a", "--quiet" }, true },
                { { "explain", "--quiet", "--", "a" }, true },
                { { "explain", "a", "--", "b" }, false },
                { { "explain", "--" }, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                cleanup_(invocation_deinit) struct invocation in;

                assert_int_equal(invocation_read(&in, &example, count(argv), argv), EXIT_FINE);
                assert_int_equal(in.dashes, rows[i].dashes);
                assert_null(in.arguments[in.n]); /* as execvp() wants it */
        }
}

static void names_the_wrong_option(void **state) {
        static const struct {
                const char *argv[4], *says;
        } rows[] = {
                { { "explain", "--fromat", "json" }, "no option \"--fromat\"; did you mean --format?" },
                { { "explain", "--zzzzzzzzzz" }, "no option \"--zzzzzzzzzz\"\n" },
                { { "explain", "--a\033[31m" }, "no option \"--a\\x1b[31m\"" },
                { { "explain", "--format" }, "--format needs a value: text|json" },
                { { "explain", "--format", "--quiet" }, "--format needs a value" },
                { { "explain", "--quiet=yes" }, "--quiet takes no value" },
                { { "explain", "-q" }, "two dashes" },
                { { "explain", "--format", "xml" }, "--format is text or json" },
                { { "explain", "--format=" }, "--format is text or json" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                cleanup_(invocation_deinit) struct invocation in;
                struct capture c;
                const char *said;
                int r;

                capture_begin(&c, STDERR_FILENO);
                r = invocation_read(&in, &example, count(argv), argv);
                said = capture_end(&c);
                assert_int_equal(r, EXIT_USAGE);
                assert_says(said, rows[i].says);
                assert_says(said, "docksill explain: ");
                assert_says(said, "docksill help explain");
        }
}

static void reads_the_format(void **state) {
        static const struct {
                const char *argv[4];
                bool json;
        } rows[] = {
                { { "explain" }, false },
                { { "explain", "--format", "text" }, false },
                { { "explain", "--format", "json" }, true },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                cleanup_(invocation_deinit) struct invocation in;

                assert_int_equal(invocation_read(&in, &example, count(argv), argv), EXIT_FINE);
                assert_int_equal(in.json, rows[i].json);
        }
}

static void counts_the_arguments(void **state) {
        static const struct {
                const struct command *command;
                const char *argv[6], *says;
        } rows[] = {
                { &plain, { "serve" }, NULL },
                { &plain, { "serve", "x" }, "docksill serve: takes no argument beside its options" },
                { &one, { "show" }, "docksill show: takes one rule's id" },
                { &one, { "show", "a" }, NULL },
                { &one, { "show", "a", "b" }, "docksill show: takes one rule's id" },
                { &example, { "explain", "a", "b", "c", "d" }, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char **argv = (char **)rows[i].argv;
                cleanup_(invocation_deinit) struct invocation in;
                struct capture c;
                const char *said;
                int r;

                capture_begin(&c, STDERR_FILENO);
                r = invocation_read(&in, rows[i].command, count(argv), argv);
                said = capture_end(&c);
                assert_int_equal(r, rows[i].says ? EXIT_USAGE : EXIT_FINE);
                assert_says(said, rows[i].says ? rows[i].says : "");
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(splits_options_from_arguments), cmocka_unit_test(tells_dashes_before_all_arguments),
                cmocka_unit_test(names_the_wrong_option),        cmocka_unit_test(reads_the_format),
                cmocka_unit_test(counts_the_arguments),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
