#include "compose-client.h"
#include "docksill/base/date.h"
#include "docksill/base/file.h"
#include "docksill/host/docker.h"
#include "docksill/host/machine.h"
#include "docksill/serve/server-limits.h"
#include "explain-client.h"
#include "explain-lookup.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frame/terminal.h"
#include "recorded.h"
#include "records/record-file.h"
#include "subject.h"
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The input, the calls made of it, and what is printed. */
#define EXPLAIN_MEMORY (128u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "limits and rules to judge by; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "mode", "audit|enforce-hard|enforce", "mode to answer in; default that of serve, but for audit: enforce" },
        { "day", "YYYY-MM-DD", "judge as on that day, by its step and exemptions; default today" },
        { "records", "FILE|-", "explain a decision recorded in this file" },
        { "resolve", NULL, "follow host paths and compare limits on this machine, as serve does" },
        { "ask", NULL, "ask the engine too, as serve does, at lookups.docker or " DOCKER_SOCKET },
        { "timeout", "SECONDS", "end the client, if it has not ended by itself; default 30" },
        OPTION_ROW_FORMAT,
        { NULL },
};

static int worst(int a, int b) {
        return a > b ? a : b;
}

/* -- a request -- */

static int unreadable(const char *path, int error) {
        if (error == -ENOMSG)
                return command_misused(
                        &command_explain,
                        "%s: neither JSON nor a compose file. It takes the body of a create, an AuthZ call, what "
                        "`docker inspect` prints, or a .yaml file with services:",
                        strcmp(path, "-") == 0 ? "standard input" : path);
        if (error != -EINVAL)
                return judge_failed(&command_explain, error, path);
        fprintf(stderr, "docksill explain: %s: a list, but not of containers as `docker inspect` prints them\n", path);
        return EXIT_ENVIRONMENT;
}

/* Which of several containers the next lines are about, and what is not in them. */
static void add_subject(struct text *out, const struct subject *s) {
        if (out->n)
                text_add_char(out, '\n');
        text_addz(out, "container:   ");
        text_add_visible(out, s->name, 200);
        if (s->id.n) {
                text_addz(out, " (");
                text_add_visible(out, s->id, 64);
                text_addz(out, ")");
        }
        if (s->note.n) {
                text_addz(out, "\nnote:        ");
                text_add(out, s->note);
        }
        text_add_char(out, '\n');
}

static json_t *container_json(const struct subject *s, json_t *explained) {
        return explained
                       ? json_pack("{s:o, s:o, s:o, s:o}", "name", printable_json(s->name), "id", printable_json(s->id),
                                   "notes", printable_list_json(&s->note, s->note.n ? 1 : 0), "explained", explained)
                       : NULL;
}

/* Appends to @text, or to the array @list; of a file that is one request *list is its tree. */
static int explain_one(const struct asked *asked, const struct subjects *all, const struct subject *s,
                       struct text *text, json_t **list) {
        struct explained e = { .rules = asked->rules };
        cleanup_(arena_deinit) struct arena judged;
        int r;

        arena_init(&judged, SERVER_REQUEST_MEMORY);
        r = judge(&e, &judged, asked, s->call);
        if (r != EXIT_FINE)
                return r;
        if (asked->json && all->inspected)
                r = json_array_append_new(*list, container_json(s, explained_json(&e, asked->arena)));
        else if (asked->json)
                r = (*list = explained_json(&e, asked->arena)) ? 0 : -ENOMEM;
        else {
                if (all->inspected)
                        add_subject(text, s);
                r = explained_text(text, &e, asked->arena, terminal_colour(STDOUT_FILENO));
                if (r == 0)
                        r = road_add(text, &e, s->call, &asked->from, asked->arena);
        }
        if (r < 0)
                return judge_failed(&command_explain, -ENOMEM, "printing");
        return e.decision.allow ? EXIT_FINE : EXIT_FINDINGS;
}

static int explain_subjects(const struct asked *asked, const struct subjects *subjects) {
        cleanup_(text_deinit) struct text text;
        json_t *tree = NULL;
        int r = EXIT_FINE, printed;

        text_init(&text);
        if (asked->json && subjects->inspected)
                tree = json_array();
        for (size_t i = 0; i < subjects->n; ++i)
                r = worst(r, explain_one(asked, subjects, &subjects->items[i], &text, &tree));
        if (r > EXIT_FINDINGS) {
                json_decref(tree);
                return r;
        }
        if (asked->json && subjects->inspected)
                tree = json_pack("{s:s, s:o}", "schema", "docksill.explain-inspect/1", "containers", tree);
        printed = asked->json ? output_json(&command_explain, tree) : output_text(&command_explain, &text);
        return worst(r, printed);
}

/* -- a client -- */

static int explain_compose(const struct asked *asked, const char *path, unsigned seconds) {
        char **argv;
        int r = compose_client(&argv, asked->arena, path);

        if (r == 0)
                return explain_client(asked, argv, seconds);
        if (r != -ENOENT)
                return judge_failed(&command_explain, r, path);
        fprintf(stderr,
                "docksill explain: %s: a compose file, and no client to read it: neither `docker compose` (a plugin "
                "of docker) nor docker-compose is installed\n",
                path);
        return EXIT_ENVIRONMENT;
}

/* 0: it is none. */
static unsigned seconds_of(const char *text) {
        int64_t seconds;

        if (!text)
                return EXPLAIN_TIMEOUT;
        if (str_int(str_from(text), &seconds) < 0 || seconds < 1 || seconds > EXPLAIN_TIMEOUT_MOST)
                return 0;
        return (unsigned)seconds;
}

/* -- a file -- */

static int explain_file(const struct asked *asked, const char *path, unsigned seconds) {
        struct subjects subjects;
        struct str text;
        int r = strcmp(path, "-") == 0 ? file_read_fd(asked->arena, STDIN_FILENO, SERVER_CALL_MAX, &text)
                                       : file_read(asked->arena, path, SERVER_CALL_MAX, &text);

        if (r < 0)
                return unreadable(path, r);
        if (compose_file_is(path, text))
                return explain_compose(asked, path, seconds);
        r = subjects_read(asked->arena, text, &subjects);
        return r < 0 ? unreadable(path, r) : explain_subjects(asked, &subjects);
}

/* -- a recorded decision -- */

static int several(const struct recorded *found, struct str id) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        for (size_t i = 0; i < found->n; ++i) {
                text_addz(&t, "\n    ");
                text_add_visible(&t, recorded_text(found->items[i], "decision_id"), 40);
                text_addz(&t, "  ");
                text_add_visible(&t, recorded_text(found->items[i], "time"), 60);
                text_addz(&t, "  ");
                text_add_visible(&t, recorded_text(found->items[i], "operation"), 60);
        }
        if (found->more)
                text_addf(&t, "\n    and %zu more", found->more);
        return command_misused(&command_explain, "several decisions begin with %" STR_FMT ":%s", STR_ARG(id),
                               t.p ? t.p : "");
}

static int print_recorded(const struct asked *asked, json_t *record) {
        cleanup_(text_deinit) struct text text;
        int r;

        text_init(&text);
        if (asked->json) {
                r = output_json(&command_explain, recorded_json(record, asked->rules, asked->arena));
        } else {
                r = recorded_add_text(&text, record, asked->rules, asked->arena);
                r = r < 0 ? judge_failed(&command_explain, r, "the record") : output_text(&command_explain, &text);
        }
        if (r != EXIT_FINE)
                return r;
        return str_eqz(recorded_text(record, "answer"), "deny") ? EXIT_FINDINGS : EXIT_FINE;
}

static int explain_recorded(const struct asked *asked, struct str id) {
        const char *path = asked->records;
        struct recorded found;
        int r = recorded_find(&found, path, id);

        if (r < 0) {
                fprintf(stderr, "docksill explain: %s: %s\n", path, record_file_error(r));
                return EXIT_ENVIRONMENT;
        }
        if (found.n == 0) {
                fprintf(stderr, "docksill explain: %s: no decision %" STR_FMT "\n", path, STR_ARG(id));
                r = EXIT_ENVIRONMENT;
        } else {
                r = found.n > 1 ? several(&found, id) : print_recorded(asked, found.items[0]);
        }
        recorded_deinit(&found);
        return r;
}

/* -- the command -- */

/* Who copies an id out of a refusal need not know that records are a file of their own. */
static bool is_recorded(const char *argument) {
        return recorded_is_id(str_from(argument)) && access(argument, F_OK) < 0 && errno == ENOENT;
}

/* The question is what would be refused, so a host's audit mode is no answer to it unless it is asked for. */
static enum mode mode_of(const struct setup *setup) {
        enum mode mode = setup->config.mode_given ? setup->config.mode : ruleset_mode(setup->rules);

        return mode == MODE_AUDIT && !setup->flags.mode ? MODE_ENFORCE : mode;
}

static int explain(const struct invocation *in, const struct setup *setup, unsigned seconds, int64_t at) {
        cleanup_(arena_deinit) struct arena arena;
        const char *engine = setup->config.lookup_docker ? setup->config.lookup_docker : DOCKER_SOCKET;
        const struct asked asked = {
                .command = &command_explain,
                .rules = setup->rules,
                .config = &setup->config,
                .mode = mode_of(setup),
                .at = at,
                .json = in->json,
                .resolve = invocation_option(in, "resolve"),
                .arena = &arena,
                .engine = invocation_option(in, "ask") ? engine : NULL,
                .records = setup->config.records,
                .from = { setup->config.rules, setup->config.environment },
        };

        arena_init(&arena, EXPLAIN_MEMORY);
        if (in->dashes)
                return explain_client(&asked, (char *const *)(uintptr_t)in->arguments, seconds);
        /* The option names the same file as the setting of that name. */
        if (invocation_option(in, "records") || is_recorded(in->arguments[0]))
                return explain_recorded(&asked, str_from(in->arguments[0]));
        return explain_file(&asked, in->arguments[0], seconds);
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        unsigned seconds = seconds_of(invocation_option(in, "timeout"));
        bool recorded = invocation_option(in, "records");
        const char *day = invocation_option(in, "day");
        const char *misled = in->dashes ? explain_client_misled(in->arguments) : NULL;
        int64_t at = 0;
        int r;

        if (in->n != 1 && !in->dashes)
                return command_misused(&command_explain, "takes %s", command_explain.takes);
        if (misled)
                return command_misused(&command_explain, "%s %s", in->arguments[0], misled);
        if (seconds == 0)
                return command_misused(&command_explain, "--timeout is 1 to %d seconds", EXPLAIN_TIMEOUT_MOST);
        if (day && date_parse(str_from(day), &at) < 0)
                return command_misused(&command_explain, "--day is a day, like 2027-03-01");
        if (day && recorded)
                return command_misused(&command_explain, "--day goes with a request, not with a past decision");
        if (recorded && in->dashes)
                return command_misused(&command_explain, "--records goes with a decision's id, not with a client");
        if (recorded && !recorded_is_id(str_from(in->arguments[0])))
                return command_misused(&command_explain, "a decision's id has 16 hex digits, of which %d are enough",
                                       RECORDED_ID_LEAST);
        r = setup_load(&setup, in);
        return r == EXIT_FINE ? explain(in, &setup, seconds, at) : r;
}

const struct command command_explain = {
        .name = "explain",
        .arguments = "FILE|-|DECISION-ID|-- CLIENT [ARGUMENT…]",
        .least = 1,
        .most = ARGUMENTS_ANY,
        .takes = "one file, or - for standard input; or -- and a client's command",
        .doc = "Judge one request, existing container, compose file or command, and explain the verdict.\n"
               "The input is the body of a container create, a whole AuthZ call (an object with RequestMethod), or "
               "what\n"
               "`docker inspect` prints. With --records, the argument is the id of a past decision, as its refusal "
               "shows it.\n"
               "Behind -- stands a client's command, such as `docker run nginx`: it is started, talks to a socket of "
               "docksill's\n"
               "own (DOCKER_HOST), where nothing is done and everything works, and each call that it makes is judged. "
               "What exists\n"
               "on a real engine is not known there. A compose file is given to `docker compose` or docker-compose "
               "likewise.\n"
               "Exit status: 0 allowed, 1 denied; for several containers or calls, the worst; 4 if the client can't be "
               "started\n"
               "or sends nothing to be judged.",
        .options = options,
        .run = run,
};
