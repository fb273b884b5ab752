#include "explain.h"
#include "docksill/base/file.h"
#include "docksill/decide/decide.h"
#include "docksill/host/docker.h"
#include "docksill/host/machine.h"
#include "docksill/serve/server.h"
#include "lookup.h"
#include "output.h"
#include "recorded.h"
#include "road.h"
#include "setup.h"
#include "subject.h"
#include "terminal.h"
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
        { "mode", "audit|enforce", "mode to answer in; default enforce" },
        { "records", "FILE|-", "explain a decision recorded in this file" },
        { "resolve", NULL, "follow host paths and compare limits on this machine, as serve does" },
        { "ask", NULL, "ask the engine too, as serve does, at lookups.docker or " DOCKER_SOCKET },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* What is asked of one run. */
struct asked {
        const struct ruleset *rules;
        const struct config *config;
        enum mode mode;
        bool json, resolve;
        struct arena *arena;
        const char *engine;  /* its socket; NULL: it is not asked */
        const char *records; /* where recorded decisions are */
        struct road_rules from;
};

static int failed(int error, const char *what) {
        fprintf(stderr, "docksill explain: %s: %s\n", what, strerror(-error));
        return EXIT_ENVIRONMENT;
}

static int worst(int a, int b) {
        return a > b ? a : b;
}

/* -- a request -- */

static int input_read(const struct asked *asked, const char *path, struct subjects *out) {
        struct str text;
        int r = strcmp(path, "-") == 0 ? file_read_fd(asked->arena, STDIN_FILENO, SERVER_CALL_MAX, &text)
                                       : file_read(asked->arena, path, SERVER_CALL_MAX, &text);

        if (r == 0)
                r = subjects_read(asked->arena, text, out);
        if (r == 0)
                return EXIT_FINE;
        if (r == -ENOMSG)
                return command_misused(
                        &command_explain,
                        "%s: not JSON; a compose file? It takes the body of a create, an AuthZ call, or what "
                        "`docker inspect` prints",
                        strcmp(path, "-") == 0 ? "standard input" : path);
        if (r != -EINVAL)
                return failed(r, path);
        fprintf(stderr, "docksill explain: %s: a list, but not of containers as `docker inspect` prints them\n", path);
        return EXIT_ENVIRONMENT;
}

static int judge(struct explained *e, struct arena *arena, const struct asked *asked, struct str call) {
        enum envelope_refusal refusal;
        struct decision_ids ids;

        refusal = request_read(&e->request, arena, call);
        if (refusal != ENVELOPE_READ) {
                fprintf(stderr, "docksill explain: %s\n", envelope_refusal_text(refusal));
                return EXIT_ENVIRONMENT;
        }
        /* What comes with another container may have host paths too. */
        if (asked->engine && lookup_engine(&e->request, arena, asked->engine) != EXIT_FINE)
                return EXIT_ENVIRONMENT;
        if (asked->resolve) {
                struct host_size size;

                lookup_paths(&e->request, arena);
                machine_size(&size);
                host_size_tell(&size, &e->request);
        }
        decide(&e->decision, e->rules, &e->request, asked->mode, arena);
        e->style = explain_style_of(&e->request, asked->config->refusal, str_from(asked->config->contact));
        e->decision.id = decision_ids_init(&ids) == 0 ? decision_ids_next(&ids) : 0;
        if (e->decision.verdict == VERDICT_DENY &&
            remedy_find(&e->remedy, &e->decision, &e->request, ruleset_limits(e->rules), asked->arena) < 0)
                return failed(-ENOMEM, "the smallest set of flags");
        return EXIT_FINE;
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
        return explained ? json_pack("{s:o, s:o, s:o, s:o}", "name", shown_json(s->name), "id", shown_json(s->id),
                                     "notes", shown_list_json(&s->note, s->note.n ? 1 : 0), "explained", explained)
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
                return failed(-ENOMEM, "printing");
        return e.decision.allow ? EXIT_FINE : EXIT_FINDINGS;
}

static int explain_requests(const struct asked *asked, const char *path) {
        cleanup_(text_deinit) struct text text;
        struct subjects subjects;
        json_t *tree = NULL;
        int r, printed;

        text_init(&text);
        r = input_read(asked, path, &subjects);
        if (r != EXIT_FINE)
                return r;
        if (asked->json && subjects.inspected)
                tree = json_array();
        for (size_t i = 0; i < subjects.n; ++i)
                r = worst(r, explain_one(asked, &subjects, &subjects.items[i], &text, &tree));
        if (r > EXIT_FINDINGS) {
                json_decref(tree);
                return r;
        }
        if (asked->json && subjects.inspected)
                tree = json_pack("{s:s, s:o}", "schema", "docksill.explain-inspect/1", "containers", tree);
        printed = asked->json ? output_json(&command_explain, tree) : output_text(&command_explain, &text);
        return worst(r, printed);
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
                r = r < 0 ? failed(r, "the record") : output_text(&command_explain, &text);
        }
        if (r != EXIT_FINE)
                return r;
        return str_eqz(recorded_text(record, "answer"), "deny") ? EXIT_FINDINGS : EXIT_FINE;
}

static int explain_recorded(const struct asked *asked, struct str id) {
        const char *path = asked->records;
        FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
        struct recorded found;
        int r = file ? recorded_find(&found, file, id) : -errno;

        if (file && file != stdin)
                fclose(file);
        if (r == -ENOTSUP) {
                fprintf(stderr,
                        "docksill explain: %s: compressed; unpack it: zcat -f %s | docksill explain --records - "
                        "%" STR_FMT "\n",
                        path, path, STR_ARG(id));
                return EXIT_ENVIRONMENT;
        }
        if (r < 0)
                return failed(r, path);
        if (found.n == 0) {
                fprintf(stderr, "docksill explain: %s: no decision %" STR_FMT "\n", path, STR_ARG(id));
                r = EXIT_ENVIRONMENT;
        } else {
                r = found.n > 1 ? several(&found, id) : print_recorded(asked, found.items[0]);
        }
        recorded_deinit(&found);
        return r;
}

/* Who copies an id out of a refusal need not know that records are a file of their own. */
static bool is_recorded(const char *argument) {
        return recorded_is_id(str_from(argument)) && access(argument, F_OK) < 0 && errno == ENOENT;
}

/* @recorded: with --records, which names the same file as the setting of that name. */
static int explain(const struct invocation *in, const struct setup *setup, bool recorded) {
        cleanup_(arena_deinit) struct arena arena;
        const char *engine = setup->config.lookup_docker ? setup->config.lookup_docker : DOCKER_SOCKET;
        /* The question is what would be refused, so a host's audit mode is no answer to it unless it is asked for. */
        const struct asked asked = {
                .rules = setup->rules,
                .config = &setup->config,
                .mode = setup->flags.mode ? setup->config.mode : MODE_ENFORCE,
                .json = in->json,
                .resolve = invocation_option(in, "resolve"),
                .arena = &arena,
                .engine = invocation_option(in, "ask") ? engine : NULL,
                .records = setup->config.records,
                .from = { setup->config.rules, setup->config.environment },
        };

        arena_init(&arena, EXPLAIN_MEMORY);
        return recorded || is_recorded(in->arguments[0]) ? explain_recorded(&asked, str_from(in->arguments[0]))
                                                         : explain_requests(&asked, in->arguments[0]);
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        bool recorded = invocation_option(in, "records");
        int r;

        if (recorded && !recorded_is_id(str_from(in->arguments[0])))
                return command_misused(&command_explain, "a decision's id has 16 hex digits, of which %d are enough",
                                       RECORDED_ID_LEAST);
        r = setup_load(&setup, in);
        return r == EXIT_FINE ? explain(in, &setup, recorded) : r;
}

const struct command command_explain = {
        .name = "explain",
        .arguments = "FILE|-|DECISION-ID",
        .least = 1,
        .most = 1,
        .takes = "one file, or - for standard input",
        .doc = "Judge one request or existing container, and explain the verdict.\n"
               "The input is the body of a container create, a whole AuthZ call (an object with RequestMethod), or "
               "what\n"
               "`docker inspect` prints. With --records, the argument is the id of a past decision, as its refusal "
               "shows it.\n"
               "Exit status: 0 allowed, 1 denied; for several containers, the worst.",
        .options = options,
        .run = run,
};
