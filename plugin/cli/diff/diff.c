#include "difference.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "docksill/cli/command.h"
#include "docksill/host/docker.h"
#include "frame/output.h"
#include <stdio.h>

/* The sums, and what is listed of them. */
#define DIFF_MEMORY ((size_t)512 * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "rules", "FOLDER", "folder of the rules and environments that are named" },
        { "environment", "NAME|FILE", "what a folder of rules is read with; default as configured" },
        { "exemptions", "FOLDER|FILE", "exemptions of both; default as configured" },
        { "containers", NULL, "judge all containers of the engine" },
        { "host", "SOCKET", "the engine's; default lookups.docker or " DOCKER_SOCKET },
        { "inspect", "FILE|-", "judge the containers that `docker inspect` printed there" },
        { "records", "FILE|-", "charge anew what the decisions recorded there have found" },
        { "captured", "FOLDER", "judge the calls that `capture:` wrote there" },
        { "resolve", NULL, "follow host paths and compare limits on this machine, as serve does" },
        { "ask", NULL, "ask the engine what calls leave open, as serve does" },
        { "day", "YYYY-MM-DD", "judge as on that day, by its step and exemptions; default today" },
        { "all", NULL, "cut no list short" },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* "unix:///run/docker.sock" is a path, too. */
static const char *engine_of(const struct invocation *in, const struct side *before) {
        const char *given = invocation_option(in, "host"), *configured = before->setup.config.lookup_docker;

        if (given && str_starts(str_from(given), STR_C("unix://")))
                given += strlen("unix://");
        return given ? given : configured ? configured : DOCKER_SOCKET;
}

/* What is to be judged; exactly one of the ways, or none. Says what is wrong, and returns false. */
static bool source_of(const struct invocation *in, enum difference_source *out, const char **first) {
        static const struct {
                const char *option;
                enum difference_source source;
        } ways[] = { { "containers", DIFFERENCE_CONTAINERS },
                     { "inspect", DIFFERENCE_CONTAINERS },
                     { "records", DIFFERENCE_RECORDS },
                     { "captured", DIFFERENCE_CAPTURED } };
        const char *chosen = NULL;

        *out = in->n > 2 ? DIFFERENCE_CALLS : DIFFERENCE_NOTHING;
        *first = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(ways); ++i) {
                const char *value = invocation_option(in, ways[i].option);

                if (!value)
                        continue;
                if (chosen) {
                        (void)command_misused(in->command, "--%s and --%s: one of them", chosen, ways[i].option);
                        return false;
                }
                chosen = ways[i].option;
                *out = ways[i].source;
                *first = value;
        }
        if (chosen && strcmp(chosen, "containers") == 0)
                *first = NULL;
        if (chosen && in->n > 2 && (!*first || *out == DIFFERENCE_CAPTURED)) {
                (void)command_misused(in->command, "--%s takes no more files", chosen);
                return false;
        }
        return true;
}

static int add_file(struct difference *d, const struct diff_lookups *l, const char *path) {
        switch (d->source) {
        case DIFFERENCE_NOTHING: break;
        case DIFFERENCE_CALLS: return difference_add_file(d, l, path);
        case DIFFERENCE_CAPTURED: return difference_add_captured(d, l, path);
        case DIFFERENCE_CONTAINERS: return difference_add_inspected(d, l, path);
        case DIFFERENCE_RECORDS: return difference_add_records(d, l->command, path);
        }
        return EXIT_FINE;
}

static int add_all(struct difference *d, const struct invocation *in, const char *first) {
        const char *engine = engine_of(in, d->before);
        const struct diff_lookups l = { .command = in->command,
                                        .engine = invocation_option(in, "ask") ? engine : NULL,
                                        .resolve = invocation_option(in, "resolve"),
                                        .config = &d->after->setup.config };
        int r = EXIT_FINE;

        if (invocation_option(in, "containers"))
                return difference_add_engine(d, &l, engine);
        if (first)
                r = add_file(d, &l, first);
        for (size_t i = 2; i < in->n && r == EXIT_FINE; ++i)
                r = add_file(d, &l, in->arguments[i]);
        return r;
}

static int print(const struct difference *d, const struct invocation *in) {
        cleanup_(text_deinit) struct text text;

        text_init(&text);
        if (in->json)
                return output_json(in->command, difference_json(d));
        difference_text(&text, d, invocation_option(in, "all"));
        return output_text(in->command, &text);
}

/* @d: what is compared. @first: the value of the option that says what is judged. */
static int compare(struct difference *d, const struct invocation *in, const char *first) {
        cleanup_(arena_deinit) struct arena arena;
        int r;

        arena_init(&arena, DIFF_MEMORY);
        d->arena = &arena;
        comparison_init(&d->comparison, &arena);
        if (ruleset_change_find(&d->rules, &arena, d->before, d->after) < 0) {
                fprintf(stderr, "docksill %s: no memory\n", in->command->name);
                return EXIT_ENVIRONMENT;
        }
        r = add_all(d, in, first);
        if (r != EXIT_FINE)
                return r;
        comparison_sort(&d->comparison);
        r = print(d, in);
        return r != EXIT_FINE ? r : d->comparison.changes[CHANGE_REFUSED] ? EXIT_FINDINGS : EXIT_FINE;
}

static int run(const struct invocation *in) {
        const struct config_flags flags = {
                .config = invocation_option(in, "config"),
                .environment = invocation_option(in, "environment"),
                .rules = invocation_option(in, "rules"),
                .exemptions = invocation_option(in, "exemptions"),
        };
        cleanup_(side_close) struct side before = { 0 }, after = { 0 };
        struct difference d = { .before = &before, .after = &after, .at = clock_wall() };
        const char *first, *day = invocation_option(in, "day");
        int r;

        if (day && date_parse(str_from(day), &d.at) < 0)
                return command_misused(in->command, "--day is a day, like 2027-03-01");
        if (!source_of(in, &d.source, &first))
                return EXIT_USAGE;
        if (d.source == DIFFERENCE_RECORDS && (invocation_option(in, "ask") || invocation_option(in, "resolve")))
                return command_misused(in->command, "--ask and --resolve go with calls: a record holds none");
        r = side_load(&before, in->arguments[0], "OLD", &flags);
        if (r == EXIT_FINE)
                r = side_load(&after, in->arguments[1], "NEW", &flags);
        return r == EXIT_FINE ? compare(&d, in, first) : r;
}

const struct command command_diff = {
        .name = "diff",
        .arguments = "OLD NEW [FILE…]",
        .least = 2,
        .most = ARGUMENTS_ANY,
        .takes = "OLD and NEW, and files of calls behind them",
        .doc = "Show what another environment, folder of rules or configuration would change.\n"
               "OLD and NEW are each an environment (a name or file), a folder of rules, or a configuration file. Both "
               "judge the\n"
               "same calls, as if they were enforced: containers that exist, captured or recorded calls, or those in "
               "FILEs: AuthZ\n"
               "calls, bodies of creates, or what `docker inspect` printed. Without any, only rules and settings are "
               "compared.\n"
               "A record holds what was found, not what was asked: what a new rule would say of it can't be told.\n"
               "Exit status: 0 nothing is newly refused, 1 something is.",
        .options = options,
        .run = run,
};
