#include "docksill/base/text.h"
#include "explain/recorded.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frame/terminal.h"
#include "from-record.h"
#include "records/record-file.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXEMPT_MEMORY ((size_t)16 << 20)
#define DAYS_MOST     366

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "environment whose rules say what can be exempted; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "record", "ID", "the decision, as its refusal names it; 6 digits are enough" },
        { "records", "FILE|-", "the file of records; default " CONFIG_RECORDS },
        { "owner", "WHO", "who answers for it" },
        { "reason", "TEXT", "why" },
        { "days", "N", "how many days from today it holds" },
        { "append", NULL, "print the items alone, to be put behind those of a file" },
        { NULL },
};

static int failed(const char *what, int error) {
        fprintf(stderr, "docksill exempt: %s: %s\n", what,
                error == -ENOTSUP ? "compressed; unpack it: zcat -f FILE | docksill exempt --records - …"
                                  : strerror(-error));
        return EXIT_ENVIRONMENT;
}

/* Loaded as it would be from the folder, beside nothing. */
static int try_file(const struct setup *setup, const struct text *file) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        cleanup_(closep) int fd = memfd_create("exemption.yaml", MFD_CLOEXEC);
        struct diag diag;
        char path[64];
        int r;

        if (fd < 0 || write(fd, file->p, file->n) != (ssize_t)file->n)
                return failed("the exemption", -errno);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        diag_init(&diag);
        r = setup_ruleset(&rules, setup,
                          (struct ruleset_options){ .rules = setup->config.rules,
                                                    .environment = setup->config.environment,
                                                    .draft = path },
                          &diag);
        if (r < 0) {
                fputs("docksill exempt: the loader does not take it:\n", stderr);
                terminal_diag(&diag);
        }
        diag_deinit(&diag);
        return r < 0 ? EXIT_FINDINGS : EXIT_FINE;
}

static int print(const struct invocation *in, const struct setup *setup, const json_t *record, unsigned days) {
        cleanup_(arena_deinit) struct arena arena;
        cleanup_(text_deinit) struct text file, items;
        struct from_record from = { .record = record,
                                    .rules = setup->rules,
                                    .owner = str_from(invocation_option(in, "owner")),
                                    .reason = str_from(invocation_option(in, "reason")),
                                    .arena = &arena };
        struct text day;
        struct str why;
        int r;

        arena_init(&arena, EXEMPT_MEMORY);
        text_init_arena(&day, &arena);
        draft_add_day(&day, days);
        from.day = text_str(&day);
        text_init(&file);
        text_init(&items);
        r = from_record_add(&items, &from, &why);
        if (r == -EPERM) {
                fprintf(stderr, "docksill exempt: %" STR_FMT "\n", STR_ARG(why));
                return EXIT_FINDINGS;
        }
        drafts_begin(&file);
        text_add(&file, text_str(&items));
        if (r < 0 || file.failed)
                return failed("the exemption", -ENOMEM);
        r = try_file(setup, &file);
        return r == EXIT_FINE ? output_text(in->command, invocation_option(in, "append") ? &items : &file) : r;
}

static int find(const struct invocation *in, const struct setup *setup, unsigned days) {
        const char *path = setup->config.records, *id = invocation_option(in, "record");
        struct recorded found;
        int r = recorded_find(&found, path, str_from(id));

        if (r < 0) {
                fprintf(stderr, "docksill exempt: %s: %s\n", path, record_file_error(r));
                return EXIT_ENVIRONMENT;
        }
        if (found.n == 0) {
                fprintf(stderr, "docksill exempt: %s: no decision %s\n", path, id);
                r = EXIT_ENVIRONMENT;
        } else if (found.n > 1) {
                r = command_misused(in->command, "%zu decisions begin with %s; give more of its digits",
                                    found.n + found.more, id);
        } else {
                r = print(in, setup, found.items[0], days);
        }
        recorded_deinit(&found);
        return r;
}

static int run(const struct invocation *in) {
        static const char *const needed[] = { "record", "owner", "reason", "days" };
        cleanup_(setup_close) struct setup setup = { 0 };
        int64_t days = 0;
        int r;

        for (size_t i = 0; i < ARRAY_SIZE(needed); ++i)
                if (!invocation_option(in, needed[i]) || invocation_option(in, needed[i])[0] == '\0')
                        return command_misused(in->command, "--%s is needed", needed[i]);
        if (!recorded_is_id(str_from(invocation_option(in, "record"))))
                return command_misused(in->command, "a decision's id has 16 hex digits, of which %d are enough",
                                       RECORDED_ID_LEAST);
        if (str_int(str_from(invocation_option(in, "days")), &days) < 0 || days < 1 || days > DAYS_MOST)
                return command_misused(in->command, "--days is 1 to %d", DAYS_MOST);
        r = setup_open(&setup, in);
        /* Output may go straight into their folder: the shell has made that file already, empty. */
        setup.config.exemptions = NULL;
        if (r == EXIT_FINE)
                r = setup_rules(&setup);
        return r == EXIT_FINE ? find(in, &setup, (unsigned)days) : r;
}

const struct command command_exempt = {
        .name = "exempt",
        .arguments = "",
        .doc = "Print the narrowest exemption for a decision of the past: all that counted, with its values, for who "
               "or "
               "what asked.\n"
               "What is printed is a file for the folder of exemptions; with --append it is its items alone, for >> of "
               "one that is there.\n"
               "It holds while nothing else is found. The record has no body, so the request itself is not tried "
               "again.\n"
               "Exit status: 0 printed, 1 there is no such exemption, as said; 4 if there is no such record.",
        .options = options,
        .run = run,
};
