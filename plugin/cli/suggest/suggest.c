#include "docksill/host/docker.h"
#include "frame/output.h"
#include "suggest-subjects.h"
#include "try/try.h"
#include <errno.h>
#include <stdio.h>

/* What the engine lists and files hold; and what one container is looked at with. */
#define SUBJECTS_MEMORY ((size_t)512 * 1024 * 1024)
#define ONE_MEMORY      ((size_t)512 * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "what the suggestion shall pass; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "folder or file of exemptions; default " CONFIG_EXEMPTIONS },
        { "host", "SOCKET", "the engine's socket; default lookups.docker or " DOCKER_SOCKET },
        { "all", NULL, "all containers of the engine" },
        OPTION_ROWS_TRY,
        OPTION_ROW_FORMAT,
        { NULL },
};

struct output {
        bool json;
        struct text text;
        json_t *list;
        size_t n, refused;
};

/* -- one after the other -- */

static int print_one(struct output *out, const struct suggested *s, struct arena *arena) {
        int r;

        ++out->n;
        out->refused += s->left.decision.verdict == VERDICT_DENY;
        if (out->json) {
                r = json_array_append_new(out->list, suggested_json(s, arena));
        } else {
                text_addz(&out->text, out->text.n ? "\n" : "");
                r = suggested_text(&out->text, s, arena);
        }
        return r < 0 ? judge_failed(&command_suggest, -ENOMEM, "printing") : EXIT_FINE;
}

static int suggest_each(struct output *out, struct suggesting *s, const struct suggest_subjects *subjects) {
        size_t gone = 0;

        for (size_t i = 0; i < subjects->n; ++i) {
                cleanup_(arena_deinit) struct arena arena;
                struct suggested one;
                int r;

                arena_init(&arena, ONE_MEMORY);
                s->arena = &arena;
                r = suggested_make(&one, s, &subjects->items[i]);
                if (r == EXIT_FINE)
                        r = print_one(out, &one, &arena);
                if (r == SUGGESTED_GONE)
                        ++gone;
                else if (r != EXIT_FINE)
                        return r;
        }
        return gone && gone == subjects->n ? EXIT_ENVIRONMENT : EXIT_FINE;
}

static void add_end(const struct output *out, struct text *t, const struct yardsticks *y) {
        if (out->n == 0)
                return;
        text_addf(t, "\n%zu of %zu would still be refused in ", out->refused, out->n);
        text_add_visible(t, y->items[y->chosen].name, 200);
        text_addz(t,
                  ", the environment in force (*).\n"
                  "sure: what was seen leaves no other way. likely: seen for a day or more, or how such programs are.\n"
                  "over time: only use over time can show, so watch it, or find out on copies (docksill suggest "
                  "--try).\n");
}

static int print(struct output *out, const struct yardsticks *y) {
        if (!out->json) {
                add_end(out, &out->text, y);
                return output_text(&command_suggest, &out->text);
        }
        return output_json(&command_suggest,
                           json_pack("{s:s, s:s, s:o, s:O, s:I}", "schema", "docksill.suggest/1", "docksill",
                                     DOCKSILL_VERSION, "environment", printable_json(y->items[y->chosen].name),
                                     "containers", out->list, "refused", (json_int_t)out->refused));
}

static int suggest_all(const struct invocation *in, struct suggesting *s, const struct suggest_subjects *subjects) {
        json_auto_t *list = json_array();
        struct output out = { .json = in->json, .list = list };
        int r, printed;

        if (!list)
                return judge_failed(&command_suggest, -ENOMEM, "printing");
        text_init(&out.text);
        r = suggest_each(&out, s, subjects);
        printed = r == EXIT_FINE ? print(&out, s->yardsticks) : r;
        text_deinit(&out.text);
        if (printed != EXIT_FINE)
                return printed;
        return out.refused ? EXIT_FINDINGS : EXIT_FINE;
}

/* -- what it is about -- */

static const char *socket_of(const struct invocation *in, const struct setup *setup) {
        const char *host = invocation_option(in, "host");

        if (!host)
                return setup->config.lookup_docker ? setup->config.lookup_docker : DOCKER_SOCKET;
        return strncmp(host, "unix://", 7) == 0 ? host + 7 : host;
}

/* The names of containers among the arguments, ended by NULL. */
static const char **names_of(const struct invocation *in, struct arena *arena, size_t *n) {
        const char **names = ARENA_ARRAY(arena, const char *, in->n + 1);

        *n = 0;
        for (size_t i = 0; names && i < in->n; ++i)
                if (!suggest_is_file(in->arguments[i]))
                        names[(*n)++] = in->arguments[i];
        return names;
}

static int gather(struct suggest_subjects *out, struct suggesting *s, const struct invocation *in,
                  struct engine_api **engine) {
        const char *socket = socket_of(in, s->setup);
        bool all = invocation_option(in, "all");
        const char **names;
        size_t n;
        int r = EXIT_FINE;

        names = names_of(in, out->arena, &n);
        if (!names)
                return judge_failed(&command_suggest, -ENOMEM, "the arguments");
        if (n || all) {
                r = engine_api_new(engine, socket, NULL);
                if (r < 0)
                        return engine_failed(&command_suggest, socket, r, NULL);
                s->engine = *engine;
                r = suggest_subjects_ask(out, *engine, all ? NULL : names);
        }
        for (size_t i = 0; r == EXIT_FINE && i < in->n; ++i)
                if (suggest_is_file(in->arguments[i]))
                        r = suggest_subjects_read(out, in->arguments[i]);
        return r;
}

static int suggest(const struct invocation *in, const struct setup *setup) {
        static const struct host_places places = { "/proc", "/sys/fs/cgroup" };
        cleanup_(yardsticks_deinit) struct yardsticks yardsticks = { 0 };
        cleanup_(engine_api_freep) struct engine_api *engine = NULL;
        cleanup_(arena_deinit) struct arena arena;
        struct suggest_subjects subjects = { .arena = &arena };
        struct suggesting s = { .setup = setup, .yardsticks = &yardsticks, .places = &places };
        int r;

        arena_init(&arena, SUBJECTS_MEMORY);
        r = yardsticks_load(&yardsticks, setup);
        if (r == EXIT_FINE)
                r = gather(&subjects, &s, in, &engine);
        if (r == EXIT_FINE)
                r = suggest_all(in, &s, &subjects);
        suggest_subjects_deinit(&subjects);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        const char *host = invocation_option(in, "host");
        int r;

        if (host && host[0] != '/' && strncmp(host, "unix:///", 8) != 0)
                return command_misused(&command_suggest, "--host is the path of a Unix socket");
        if (invocation_option(in, "try"))
                return suggest_try(in);
        if (invocation_option(in, "check") || invocation_option(in, "seconds") || invocation_option(in, "attempts"))
                return command_misused(&command_suggest, "--check, --seconds and --attempts go with --try");
        if (!invocation_option(in, "all") && in->n == 0)
                return command_misused(&command_suggest, "takes %s", command_suggest.takes);
        r = setup_load(&setup, in);
        return r == EXIT_FINE ? suggest(in, &setup) : r;
}

const struct command command_suggest = {
        .name = "suggest",
        .arguments = "[CONTAINER…|--all] [FILE…] | --try IMAGE|CONTAINER [-- COMMAND…]",
        .least = 0,
        .most = ARGUMENTS_ANY,
        .takes = "containers, files or --all",
        .doc = "Suggest the least privileges that fit a container.\n"
               "A container that runs is looked at: what the engine tells (its processes, what differs from its image, "
               "what "
               "it uses)\n"
               "and, as root on the engine's host, /proc and its cgroup: users, capabilities, ports listened on, files "
               "open "
               "for\n"
               "writing, the most memory used. Printed are flags and a compose snippet that keep that, each with its "
               "evidence and\n"
               "how sure it is, and the verdict of each environment without and with it. Nothing is changed or "
               "started.\n"
               "Of a container that does not run, and of a FILE (a compose file, the body of a create, an AuthZ call, "
               "what\n"
               "`docker inspect` prints; - is standard input), it is what the rules offer. An argument with a slash in "
               "it, "
               "or that\n"
               "is a file, is one.\n"
               "With --try, copies of one container or image are made on the engine, started, watched and removed, "
               "until "
               "the\n"
               "least that it lives with is found.\n"
               "Exit status: 0 all would pass with what is suggested, 1 some would still be refused, 4 no engine, or "
               "the "
               "container\n"
               "ended meanwhile.",
        .options = options,
        .run = run,
};
