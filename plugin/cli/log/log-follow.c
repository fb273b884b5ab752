#include "frame/setup.h"
#include "log-commands.h"
#include "records/record-files.h"
#include "shower.h"
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define PERIOD 200 /* milliseconds between two looks; the writer's is 100 */

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        OPTION_ROWS_FILTER,
        { "limit", "N", "show the last N lines of what is there first; default none" },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* Is it another file now that has the name? The writer has ended with the old one when there is. */
static bool is_replaced(const struct record_file *f, const char *path) {
        struct stat here, there;

        return stat(path, &there) == 0 && fstat(f->fd, &here) == 0 &&
               (here.st_ino != there.st_ino || here.st_dev != there.st_dev);
}

/* All that is there. @skip: it is not shown. Returns an enum exit_code. */
static int take(struct shower *s, struct record_file *f, bool skip) {
        int result = EXIT_FINE, r;
        struct str line;

        while (result == EXIT_FINE && (r = record_file_next(f, &line)) > 0)
                if (!skip)
                        result = shower_line(s, f, line);
        return result == EXIT_FINE && r < 0 ? record_files_failed(s->command, f->name, r) : result;
}

static int follow(struct shower *s, struct record_file *f, const char *path) {
        const struct timespec period = { .tv_nsec = PERIOD * 1000000L };
        int result = take(s, f, s->limit == 0);

        while (result == EXIT_FINE) {
                bool replaced;

                result = shower_flush(s, true);
                if (result == EXIT_FINE)
                        nanosleep(&period, NULL);
                replaced = is_replaced(f, path);
                if (result == EXIT_FINE)
                        result = take(s, f, false);
                if (result == EXIT_FINE && replaced) {
                        int r;

                        record_file_close(f);
                        r = record_file_open(f, path);
                        if (r < 0)
                                return record_files_failed(s->command, path, r);
                        f->live = true;
                }
        }
        return result;
}

static int follow_path(struct shower *s, const char *path) {
        struct record_file f = { 0 };
        int r = record_file_open(&f, path), result;

        if (r < 0)
                return record_files_failed(s->command, path, r);
        f.live = true;
        result = f.unpack ? command_misused(s->command, "a file that is compressed grows no more; docksill log show it")
                          : follow(s, &f, path);
        record_file_close(&f);
        return result;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        struct shower s;
        int result = shower_init(&s, in);
        const char *path = in->n ? in->arguments[0] : NULL;

        if (result == EXIT_FINE && !path) {
                result = setup_open(&setup, in);
                path = setup.config.records;
        }
        if (result == EXIT_FINE && strcmp(path, "-") == 0)
                result = command_misused(in->command, "follows a file, and no standard input or output");
        if (result == EXIT_FINE)
                result = follow_path(&s, path);
        shower_deinit(&s);
        return result;
}

const struct command command_log_follow = {
        .name = "log follow",
        .arguments = "[FILE]",
        .doc = "Show decisions as they are recorded, as log show does, until it is ended.\n"
               "Goes on in the new file after a rotation. Without a file: the configured one.",
        .most = 1,
        .takes = "one file at most",
        .options = options,
        .run = run,
};
