#include "docksill/base/file.h"
#include "docksill/serve/server-limits.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "rule-costs.h"
#include "rules.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* Of one file with a call a line; more is for several files. */
#define LINES_MOST     ((size_t)64 * 1024 * 1024)
#define NAMES_MEMORY   ((size_t)256 * 1024 * 1024)
#define COSTS_MEMORY   ((size_t)16 * 1024 * 1024)
#define CALLS_STANDARD 100000

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "whose rules; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "calls", "N", "calls to look at, at most; default 100000" },
        { "top", "N", "rules to show, the dearest first; default all that were asked" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct profiling {
        const struct command *command;
        struct rule_costs costs;
        uint64_t calls; /* at most */
};

static bool is_full(const struct profiling *p) {
        return p->costs.calls + p->costs.passed_over >= p->calls;
}

static int failed(const struct profiling *p, const char *path, int error) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        text_add_visible(&shown, str_from(path), 1024);
        fprintf(stderr, "docksill %s: %s: %s\n", p->command->name, shown.p ? shown.p : "?",
                error == -EINVAL ? "no regular file" : strerror(-error));
        return EXIT_ENVIRONMENT;
}

/* A call, or what holds one as "envelope". */
static void add_line(struct profiling *p, struct str line) {
        json_auto_t *object = json_loadb(line.p, line.n, 0, NULL);
        const json_t *envelope = json_object_get(object, "envelope");
        cleanup_(freep) char *call = json_is_object(envelope) ? json_dumps(envelope, JSON_COMPACT) : NULL;

        rule_costs_add(&p->costs, call ? str_from(call) : line);
}

/* One call, on however many lines, or one a line. */
static void add_text(struct profiling *p, struct str text) {
        json_auto_t *whole = json_loadb(text.p, text.n, 0, NULL);

        if (whole) {
                add_line(p, str_trim(text));
                return;
        }
        while (text.n && !is_full(p)) {
                struct str line = str_trim(str_cut(&text, '\n'));

                if (line.n)
                        add_line(p, line);
        }
}

static int add_file(struct profiling *p, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        struct str text;
        int r;

        arena_init(&arena, 2 * LINES_MOST);
        r = strcmp(path, "-") == 0 ? file_read_fd(&arena, STDIN_FILENO, LINES_MOST, &text)
                                   : file_read_regular(&arena, path, LINES_MOST, &text);
        if (r == FILE_E_NOT_REGULAR)
                r = -EINVAL;
        if (r < 0)
                return failed(p, path, r);
        add_text(p, text);
        return EXIT_FINE;
}

static int add_path(struct profiling *p, const char *path) {
        cleanup_(arena_deinit) struct arena arena;
        struct file_names names = { 0 };
        int r;

        arena_init(&arena, NAMES_MEMORY);
        if (!bundle_is_folder(NULL, path))
                return add_file(p, path);
        r = file_list(&arena, path, ".json", &names);
        if (r < 0)
                return failed(p, path, r);
        for (size_t i = 0; i < names.n && !is_full(p); ++i) {
                r = add_file(p, names.items[i].p);
                if (r != EXIT_FINE)
                        return r;
        }
        return EXIT_FINE;
}

static int found_none(const struct invocation *in) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        for (size_t i = 0; i < in->n; ++i) {
                text_addz(&t, i ? ", " : "");
                text_add_visible(&t, str_from(in->arguments[i]), 1024);
        }
        fprintf(stderr,
                "docksill %s: %s: no calls there: it takes AuthZ calls, one a file or one a line, as `capture:` writes "
                "them, in a folder those of *.json\n",
                in->command->name, t.p ? t.p : "?");
        return EXIT_ENVIRONMENT;
}

static bool read_number(const char *given, uint64_t *out) {
        int64_t n;

        if (!given)
                return true;
        if (str_int(str_from(given), &n) < 0 || n < 1)
                return false;
        *out = (uint64_t)n;
        return true;
}

static int print(const struct profiling *p, bool json, uint64_t top, struct arena *arena) {
        size_t most = top < SIZE_MAX ? (size_t)top : SIZE_MAX;
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        if (json)
                return output_json(p->command, rule_costs_json(&p->costs, most));
        rule_costs_print(&out, &p->costs, most, arena);
        return output_text(p->command, &out);
}

static int run(const struct invocation *in) {
        struct profiling p = { .command = in->command, .calls = CALLS_STANDARD };
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(setup_close) struct setup setup = { 0 };
        uint64_t top = UINT64_MAX;
        int r;

        arena_init(&arena, COSTS_MEMORY);
        if (!read_number(invocation_option(in, "calls"), &p.calls) || !read_number(invocation_option(in, "top"), &top))
                return command_misused(in->command, "--calls and --top are numbers from 1 on");
        r = setup_load(&setup, in);
        if (r != EXIT_FINE)
                return r;
        if (rule_costs_init(&p.costs, setup.rules, &arena) < 0)
                return EXIT_FAULT;
        for (size_t i = 0; r == EXIT_FINE && i < in->n && !is_full(&p); ++i)
                r = add_path(&p, in->arguments[i]);
        if (r != EXIT_FINE)
                return r;
        if (p.costs.calls == 0)
                return found_none(in);
        rule_costs_sort(&p.costs);
        return print(&p, in->json, top, &arena);
}

const struct command command_rules_profile = {
        .name = "rules profile",
        .arguments = "FILE|FOLDER…",
        .least = 1,
        .most = ARGUMENTS_ANY,
        .takes = "files or folders of calls",
        .doc = "Show what each rule costs on recorded calls, the dearest first.\n"
               "A FOLDER is one of captured calls (capture: in the settings); a FILE holds one call, or one a line; - "
               "is "
               "standard input.\n"
               "CALLS are those of operations that the rule judges, ASKED those at which the index of conditions did "
               "not "
               "turn it away,\n"
               "FOUND those where it found something. Nothing is looked up.",
        .options = options,
        .run = run,
};
