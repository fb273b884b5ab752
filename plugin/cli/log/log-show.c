#include "explain/recorded.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "log-commands.h"
#include "records/record-files.h"
#include "shower.h"
#include <errno.h>
#include <stdio.h>

#define MEMORY ((size_t)64 * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_FILTER,
        { "limit", "N", "only the last N of them" },
        { "id", "ID", "one decision in full, by its id as the refusal says it, or its beginning" },
        { "rules", "FOLDER", "folder of the rules, for --id" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct showing {
        const struct invocation *in;
        struct arena arena;
        struct record_files files;
        struct shower shower;
        struct str id;      /* in lower case; empty: all that the filter takes */
        struct setup setup; /* of an id: what its rules say today */
        bool strange;       /* a file that holds no record was named */
};

static bool is_asked_for(const struct showing *s, struct str line, json_t **out) {
        json_t *record;

        if (str_search(line, s->id) == line.n)
                return false;
        record = json_loadb(line.p, line.n, JSON_ALLOW_NUL, NULL);
        if (str_starts(recorded_text(record, "decision_id"), s->id)) {
                *out = record;
                return true;
        }
        json_decref(record);
        return false;
}

static int show_in_full(struct showing *s, const struct record_file *file, struct str line) {
        cleanup_(text_deinit) struct text text;
        json_auto_t *record = NULL;

        text_init(&text);
        if (file->overlong || !is_asked_for(s, line, &record))
                return EXIT_FINE;
        if (s->in->json)
                return ++s->shower.taken, shower_line(&s->shower, file, line);
        if (s->shower.taken++)
                text_add_char(&text, '\n');
        text_addz(&text, "at:          ");
        text_add_visible(&text, str_from(file->name), 1024);
        text_addf(&text, ":%llu\n", (unsigned long long)file->number);
        if (recorded_add_text(&text, record, s->setup.rules, &s->arena) < 0)
                text.failed = true;
        return output_text(s->in->command, &text);
}

/* Of a file that holds nothing else it is no record file that was named. Returns an enum exit_code. */
static int tell_passed(const struct showing *s, const char *path, uint64_t passed, bool any) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        if (passed == 0)
                return EXIT_FINE;
        text_add_visible(&shown, str_from(path), 1024);
        fprintf(stderr, "docksill %s: %s: %llu line%s none of docksill's%s\n", s->in->command->name,
                shown.p ? shown.p : "?", (unsigned long long)passed, passed == 1 ? " is" : "s are",
                any ? "" : ", and no other is there: it is no file of records");
        return any ? EXIT_FINE : EXIT_ENVIRONMENT;
}

static int show_file(struct showing *s, const char *path) {
        struct record_file f = { 0 };
        const uint64_t passed = s->shower.passed, read = s->shower.read;
        int result = EXIT_FINE, r = record_file_open(&f, path);
        struct str line;

        if (r == 0)
                while (result == EXIT_FINE && (r = record_file_next(&f, &line)) > 0)
                        result = s->id.n ? show_in_full(s, &f, line) : shower_line(&s->shower, &f, line);
        record_file_close(&f);
        if (r < 0) {
                (void)!shower_flush(&s->shower, true);
                return record_files_failed(s->in->command, path, r);
        }
        if (tell_passed(s, path, s->shower.passed - passed, s->shower.read > read) != EXIT_FINE)
                s->strange = true;
        return result;
}

static int show(struct showing *s) {
        int result = record_files_find(&s->files, &s->arena, s->in);

        for (size_t i = 0; result == EXIT_FINE && i < s->files.n; ++i)
                result = show_file(s, s->files.items[i].path);
        if (result == EXIT_FINE && (s->in->json || !s->id.n))
                result = shower_flush(&s->shower, true);
        if (result == EXIT_FINE && s->strange)
                result = EXIT_ENVIRONMENT;
        if (result != EXIT_FINE || !s->id.n || s->shower.taken)
                return result;
        fprintf(stderr, "docksill log show: no decision %" STR_FMT " in %zu file%s\n", STR_ARG(s->id), s->files.n,
                s->files.n == 1 ? "" : "s");
        return EXIT_ENVIRONMENT;
}

/* Its rules are told as they are today. */
static int read_id(struct showing *s, char *lower, size_t size) {
        const char *id = invocation_option(s->in, "id");

        if (!id)
                return EXIT_FINE;
        if (!recorded_is_id(str_from(id)))
                return command_misused(s->in->command, "a decision's id has 16 hex digits, of which %d are enough",
                                       RECORDED_ID_LEAST);
        if (s->shower.filter.decisions || s->shower.limit)
                return command_misused(s->in->command, "--id goes without filters");
        snprintf(lower, size, "%s", id);
        for (char *c = lower; *c; ++c)
                *c = ascii_lower(*c);
        s->id = str_from(lower);
        return s->in->json ? EXIT_FINE : setup_load(&s->setup, s->in);
}

static int run(const struct invocation *in) {
        struct showing s = { .in = in };
        char lower[32];
        int result;

        arena_init(&s.arena, MEMORY);
        result = shower_init(&s.shower, in);
        if (result == EXIT_FINE)
                result = read_id(&s, lower, sizeof(lower));
        if (result == EXIT_FINE)
                result = show(&s);
        shower_deinit(&s.shower);
        setup_close(&s.setup);
        arena_deinit(&s.arena);
        return result;
}

const struct command command_log_show = {
        .name = "log show",
        .arguments = "[FILE…]",
        .doc = "Show decisions of the past, a line each: when, what was answered, points, operation, user, image or "
               "name, "
               "rules.\n"
               "Without files: the configured one and what logrotate made of it, .gz too, oldest first. \"audit\" is "
               "what was allowed\n"
               "and would be refused in mode enforce. With --format json the records as they stand in the files. Times "
               "are UTC.",
        .most = ARGUMENTS_ANY,
        .options = options,
        .run = run,
};
