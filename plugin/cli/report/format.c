#include "format.h"
#include "docksill/base/file.h"
#include "frame/terminal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

const struct report_format report_formats[] = {
        { "text", ".txt", report_text },         { "json", ".json", report_json },
        { "csv", ".csv", report_csv },           { "markdown", ".md", report_markdown },
        { "html", ".html", report_html },        { "html", ".htm", report_html },
        { "sarif", ".sarif", report_sarif },     { "sarif", ".sarif.json", report_sarif },
        { "junit", ".xml", report_junit },       { "oscal", ".oscal.json", report_oscal },
        { "bench", ".bench.txt", report_bench }, { NULL, NULL, NULL },
};

/* -- which -- */

const struct report_format *report_format_named(struct str name) {
        for (const struct report_format *f = report_formats; f->name; ++f)
                if (str_eqz(name, f->name))
                        return f;
        return NULL;
}

static bool ends(struct str path, struct str ending) {
        return path.n > ending.n && str_eq_fold(str_skip(path, path.n - ending.n), ending);
}

const struct report_format *report_format_of_file(struct str path) {
        const struct report_format *best = NULL;

        for (const struct report_format *f = report_formats; f->name; ++f)
                if (ends(path, str_from(f->ending)) && (!best || strlen(f->ending) > strlen(best->ending)))
                        best = f;
        return best;
}

/* Does such a file hold @format as well? Of ".sarif.json" the ".json" does. */
static bool may_hold(struct str path, const struct report_format *format) {
        for (const struct report_format *f = report_formats; f->name; ++f)
                if (f->write == format->write && ends(path, str_from(strrchr(f->ending, '.'))))
                        return true;
        return false;
}

/* NULL: none is known. */
static const struct report_format *format_for(const struct invocation *in, const char *path) {
        const char *name = invocation_option(in, "format");
        const struct report_format *asked = name ? report_format_named(str_from(name)) : NULL, *ending;

        if (strcmp(path, "-") == 0)
                return asked ? asked : report_format_named(STR_C("text"));
        ending = report_format_of_file(str_from(path));
        return asked && (!ending || may_hold(str_from(path), asked)) ? asked : ending;
}

/* "--output a.doc: no format has that ending; there are .txt, .json, .csv". Returns EXIT_USAGE. */
static int unknown_ending(const struct invocation *in, const char *path) {
        cleanup_(text_deinit) struct text shown, endings;

        text_init(&shown);
        text_init(&endings);
        text_add_visible(&shown, str_from(path), 200);
        for (const struct report_format *f = report_formats; f->name; ++f)
                text_addf(&endings, "%s%s", f == report_formats ? "" : ", ", f->ending);
        return command_misused(in->command,
                               "--output %s: no format has such an ending; there are %s, or --format names it",
                               shown.p ? shown.p : "''", endings.p);
}

int report_can_write(const struct invocation *in) {
        const char *path;

        for (size_t at = 0; (path = invocation_next(in, "output", &at));)
                if (!format_for(in, path))
                        return unknown_ending(in, path);
        return EXIT_FINE;
}

/* -- where -- */

/* Whole or not at all. What is there and no file (a device, a pipe) is not replaced. */
static int write_file(const char *path, const struct text *t) {
        struct stat st;

        if (lstat(path, &st) < 0)
                return errno == ENOENT ? file_replace(path, text_str(t), NULL) : -errno;
        if (S_ISLNK(st.st_mode) && stat(path, &st) < 0 && errno == ENOENT)
                return file_replace(path, text_str(t), NULL);
        return S_ISREG(st.st_mode) ? file_replace(path, text_str(t), &st) : -EEXIST;
}

static int failed(const struct invocation *in, const char *path, int error) {
        cleanup_(text_deinit) struct text shown;
        bool memory = error == -ENOMEM;

        text_init(&shown);
        text_add_visible(&shown, str_from(path), 200);
        fprintf(stderr, "docksill %s: %s %s: %s\n", in->command->name, shown.p ? shown.p : "",
                memory ? "was not written" : "can't be written",
                memory             ? "not enough memory"
                : error == -EEXIST ? "it is there, and no file; - is stdout"
                                   : strerror(-error));
        return memory ? EXIT_FAULT : EXIT_ENVIRONMENT;
}

static int write_to(const struct report *r, const struct invocation *in, const char *path) {
        const struct report_format *format = format_for(in, path);
        bool verbose = invocation_option(in, "verbose"), out = strcmp(path, "-") == 0;
        cleanup_(text_deinit) struct text t;
        int e;

        text_init(&t);
        if (out && format->write == report_text && terminal_colour(STDOUT_FILENO))
                e = report_text_coloured(&t, r, verbose);
        else
                e = format->write(&t, r, verbose);
        if (e == 0)
                e = t.failed ? -ENOMEM : out ? terminal_write(STDOUT_FILENO, &t) : write_file(path, &t);
        return e < 0 ? failed(in, out ? "stdout" : path, e) : EXIT_FINE;
}

int report_write(const struct report *r, const struct invocation *in) {
        const char *path;
        size_t at = 0;
        int worst = report_can_write(in);

        if (worst != EXIT_FINE)
                return worst;
        path = invocation_next(in, "output", &at);
        if (!path)
                return write_to(r, in, "-");
        for (; path; path = invocation_next(in, "output", &at)) {
                int e = write_to(r, in, path);

                worst = e > worst ? e : worst;
        }
        return worst;
}
