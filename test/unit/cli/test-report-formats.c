/*
 * Every format with names that strangers chose. With --write FOLDER the reports are written there, for
 * test/cli/report.sh to read back with other programs.
 */
#include "report/format.h"

#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../support/reported.h"
#include "capture.h"

static const struct str hostile[] = {
        STR("web"),
        STR("<script>alert(1)</script>"),
        STR("a]]><b>&amp;\"'"),
        STR("a|b`c`*d*[e](http://f)"),
        STR("two\nlines\r\ttab"),
        STR("\x1b[2J\x1b]0;t\x07"),
        STR("\xe2\x80\xae"
            "fdp.exe\xe2\x80\xa8"),
        STR("\xff\xfe\xc0\x80"),
        STR("=cmd|'/c calc'!A1"),
        STR("%s%n%x"),
        STR("nul\0byte"),
        STR("\xef\xbf\xbf\xef\xbf\xbe"),
        STR("../../etc/passwd"),
        STR(""),
};

/* The rows, and one of 10 kB. */
static struct str name_at(size_t i) {
        static char name[10000];

        if (i < ARRAY_SIZE(hostile))
                return hostile[i];
        memset(name, 'x', sizeof(name));
        return (struct str){ name, sizeof(name) };
}

static void write_one(struct text *out, const struct report_format *format, struct str name, bool verbose) {
        struct arena arena;
        struct report r;

        arena_init(&arena, 1 << 20);
        reported_init(&r, &arena, name);
        text_init(out);
        assert_int_equal(format->write(out, &r, verbose), 0);
        assert_true(out->n > 0);
        arena_deinit(&arena);
}

static bool holds(struct str text, const char *words) {
        return str_search(text, str_from(words)) < text.n;
}

/* Nothing that a terminal, a browser or a reader of XML takes for more than text. */
static void assert_harmless(const struct report_format *format, struct str text, size_t i) {
        for (size_t k = 0; k < text.n; ++k) {
                unsigned char c = (unsigned char)text.p[k];

                if ((c < 0x20 && c != '\n') || c == 0x7f)
                        fail_msg("%s, name %zu: byte %02x at %zu", format->name, i, c, k);
        }
        if (holds(text, "\xe2\x80\xae") || holds(text, "\xe2\x80\xa8") || holds(text, "\xff") ||
            holds(text, "\xef\xbf\xbf"))
                fail_msg("%s, name %zu: what reorders, or is no text", format->name, i);
        if (strcmp(format->name, "html") == 0 || strcmp(format->name, "junit") == 0)
                assert_false(holds(text, "<script>alert(1)") || holds(text, "]]>"));
        if (strcmp(format->name, "markdown") == 0)
                assert_false(holds(text, "<script>") || holds(text, "a|b") || holds(text, "[e](h"));
        if (strcmp(format->name, "csv") == 0)
                assert_false(holds(text, "\"=cmd"));
}

static void makes_any_name_harmless(void **state) {
        (void)state;
        for (const struct report_format *f = report_formats; f->name; ++f)
                for (size_t i = 0; i <= ARRAY_SIZE(hostile); ++i)
                        for (int verbose = 0; verbose < 2; ++verbose) {
                                cleanup_(text_deinit) struct text out;

                                write_one(&out, f, name_at(i), verbose);
                                assert_harmless(f, text_str(&out), i);
                        }
}

static void writes_json_that_can_be_read(void **state) {
        (void)state;
        for (const struct report_format *f = report_formats; f->name; ++f)
                for (size_t i = 0; i <= ARRAY_SIZE(hostile); ++i) {
                        cleanup_(text_deinit) struct text out;
                        json_error_t error;
                        json_t *tree;

                        write_one(&out, f, name_at(i), false);
                        if (out.p[0] != '{')
                                continue;
                        tree = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, &error);
                        if (!tree)
                                fail_msg("%s, name %zu: %s", f->name, i, error.text);
                        json_decref(tree);
                }
}

static void finds_a_format_by_ending(void **state) {
        static const struct {
                const char *path, *name;
        } rows[] = {
                { "a.json", "json" },
                { "a.sarif.json", "sarif" },
                { "a.sarif", "sarif" },
                { "A.CSV", "csv" },
                { "x/y.md", "markdown" },
                { "a.xml", "junit" },
                { "a.txt", "text" },
                { "a.html", "html" },
                { "A.HTM", "html" },
                { "a.oscal.json", "oscal" },
                { "a.doc", NULL },
                { ".json", NULL },
                { "json", NULL },
                { "", NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct report_format *f = report_format_of_file(str_from(rows[i].path));

                if (!rows[i].name)
                        assert_null(f);
                else if (!f || strcmp(f->name, rows[i].name) != 0)
                        fail_msg("%s is %s", rows[i].path, f ? f->name : "none");
        }
        assert_null(report_format_named(STR_C("word")));
}

static const struct option_row options[] = { OPTION_ROW_REPORT_FORMAT, OPTION_ROW_REPORT_OUTPUT, { NULL } };
static const struct command example = { .name = "audit", .options = options };

static void offers_the_formats_that_there_are(void **state) {
        struct str rest = str_from(options[0].argument);
        size_t n = 0, rows = 0;

        (void)state;
        for (; rest.p; ++n)
                assert_non_null(report_format_named(str_cut(&rest, '|')));
        for (const struct report_format *f = report_formats; f->name; ++f)
                rows += report_format_named(str_from(f->name)) == f;
        assert_int_equal(n, rows);
}

/* Writes an example; returns the exit code, @said what stderr has. */
static int write_as(const char *const *argv, struct capture *said) {
        cleanup_(invocation_deinit) struct invocation in;
        struct arena arena;
        struct report r;
        int code;

        arena_init(&arena, 1 << 20);
        reported_init(&r, &arena, STR_C("web"));
        assert_int_equal(invocation_read(&in, &example, count((char **)argv), (char **)argv), EXIT_FINE);
        capture_begin(said, STDERR_FILENO);
        code = report_write(&r, &in);
        capture_end(said);
        arena_deinit(&arena);
        return code;
}

static int first_byte(const char *path) {
        FILE *file = fopen(path, "r");
        int c = file ? fgetc(file) : EOF;

        if (file)
                fclose(file);
        return c;
}

static void writes_several_files(void **state) {
        char folder[] = "/tmp/docksill-report-XXXXXX";
        struct capture said;
        struct stat st;

        (void)state;
        assert_non_null(mkdtemp(folder));
        assert_int_equal(chdir(folder), 0);
        assert_int_equal(write_as((const char *[]){ "audit", "--output", "a.json", "--output=b.csv", NULL }, &said),
                         EXIT_FINE);
        assert_int_equal(first_byte("a.json"), '{');
        assert_int_equal(first_byte("b.csv"), 'a');
        assert_int_equal(stat("a.json", &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(chmod("a.json", 0644), 0);
        assert_int_equal(write_as((const char *[]){ "audit", "--output", "a.json", NULL }, &said), EXIT_FINE);
        assert_int_equal(stat("a.json", &st), 0);
        assert_int_equal(st.st_mode & 07777, 0644);
        /* One that can't be written keeps no other from it. */
        assert_int_equal(
                write_as((const char *[]){ "audit", "--output", "no/a.json", "--output", "c.md", NULL }, &said),
                EXIT_ENVIRONMENT);
        assert_says(said.text, "no/a.json can't be written: No such file");
        assert_int_equal(first_byte("c.md"), '#');
        /* With a wrong name among them nothing is written. */
        assert_int_equal(write_as((const char *[]){ "audit", "--output", "d.md", "--output", "d.doc", NULL }, &said),
                         EXIT_USAGE);
        assert_says(said.text, "d.doc: no format has such an ending; there are .txt");
        assert_int_equal(first_byte("d.md"), EOF);
        assert_int_equal(
                write_as((const char *[]){ "audit", "--output", "d.doc", "--format", "markdown", NULL }, &said),
                EXIT_FINE);
        assert_int_equal(first_byte("d.doc"), '#');
        assert_int_equal(mkfifo("pipe.json", 0600), 0);
        assert_int_equal(write_as((const char *[]){ "audit", "--output", "pipe.json", NULL }, &said), EXIT_ENVIRONMENT);
        assert_says(said.text, "no file");
        assert_int_equal(chdir("/"), 0);
        assert_int_equal(system("rm -rf /tmp/docksill-report-??????"), 0);
}

/* For other programs to read. */
static int write_all(const char *folder) {
        for (const struct report_format *f = report_formats; f->name; ++f)
                for (size_t i = 0; i <= ARRAY_SIZE(hostile); ++i) {
                        cleanup_(text_deinit) struct text out;
                        char path[300];
                        FILE *file;

                        write_one(&out, f, name_at(i), true);
                        snprintf(path, sizeof(path), "%s/%zu%s", folder, i, f->ending);
                        file = fopen(path, "w");
                        if (!file || fwrite(out.p, 1, out.n, file) != out.n || fclose(file) != 0)
                                return 1;
                }
        return 0;
}

int main(int argc, char **argv) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(makes_any_name_harmless),  cmocka_unit_test(writes_json_that_can_be_read),
                cmocka_unit_test(finds_a_format_by_ending), cmocka_unit_test(offers_the_formats_that_there_are),
                cmocka_unit_test(writes_several_files),
        };

        if (argc == 3 && strcmp(argv[1], "--write") == 0)
                return write_all(argv[2]);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
