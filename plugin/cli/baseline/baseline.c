#include "baseline-files.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "docksill/base/text.h"
#include "docksill/host/docker.h"
#include "frame/output.h"
#include "shrink.h"
#include "survey.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The containers, their calls and the plan: inspect has about 10 KB of one. */
#define BASELINE_MEMORY ((size_t)1 << 30)

#define DAYS_MOST 180 /* longer, and nobody knows any more what it was */

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "environment to let them through in; default production" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "exemptions that hold beside it; default " CONFIG_EXEMPTIONS },
        { "expires", "DAYS", "last day of the exemptions: so many days from now, such as 90d; 180d at most" },
        { "owner", "WHO", "who answers for the exemptions" },
        { "reason", "TEXT", "why they are there" },
        { "host", "SOCKET", "ask the engine there; default lookups.docker or " DOCKER_SOCKET },
        { "output", "FOLDER", "where to write the files; default ." },
        { "force", NULL, "replace the files if they are there" },
        { "shrink", NULL, "take out of FILE what the records RECORDS… did not use" },
        OPTION_ROW_FORMAT,
        { NULL },
};

/* -- what is asked -- */

/* "90d" or "90"; 0: it is neither, or too much. */
static unsigned days_of(const char *text) {
        struct str s = str_from(text);
        int64_t days;

        if (str_ends(s, STR_C("d")))
                s.n -= 1;
        return str_int(s, &days) < 0 || days < 1 || days > DAYS_MOST ? 0 : (unsigned)days;
}

static const char *socket_of(const struct invocation *in, const struct setup *setup) {
        const char *host = invocation_option(in, "host");

        if (!host)
                return setup->config.lookup_docker ? setup->config.lookup_docker : DOCKER_SOCKET;
        return strncmp(host, "unix://", 7) == 0 ? host + 7 : host;
}

/* A name as it is; of a file its absolute path, since the file that names it may go anywhere. */
static int extends_of(struct draw *draw, const struct setup *setup, const struct baseline_files *files,
                      struct arena *arena) {
        struct str given = str_from(setup->config.environment);
        cleanup_(freep) char *path = NULL;

        if (str_find(given, '/') == given.n && !str_ends(given, STR_C(".yaml"))) {
                draw->extends = given;
                return EXIT_FINE;
        }
        path = realpath(setup->config.environment, NULL);
        if (!path || arena_str(arena, str_from(path), &draw->extends) < 0) {
                fprintf(stderr, "docksill baseline: %s: %s\n", setup->config.environment, strerror(errno));
                return EXIT_ENVIRONMENT;
        }
        if (baseline_files_have(files, path))
                return command_misused(&command_baseline,
                                       "%s is the baseline itself; name the environment that it extends with "
                                       "--environment",
                                       path);
        return EXIT_FINE;
}

static int name_of(struct draw *draw, const struct setup *setup, struct arena *arena) {
        struct text t;

        text_init_arena(&t, arena);
        text_add(&t, str_first(ruleset_name(setup->rules), 54));
        text_addz(&t, "-baseline");
        draw->name = text_str(&t);
        return t.failed ? -ENOMEM : 0;
}

/* -- what is told -- */

static void add_indented(struct text *out, struct str lines) {
        while (lines.p && lines.n) {
                struct str line = str_cut(&lines, '\n');

                text_addf(out, "    %" STR_FMT "\n", STR_ARG(line));
        }
}

static const char *const phase_words[PHASES] = { "create", "start" };

static size_t count(const struct survey *s, enum verdict before, bool after) {
        size_t n = 0;

        for (size_t i = 0; i < s->containers->n; ++i) {
                bool was = false, is = false;

                for (enum phase k = 0; k < PHASES; ++k) {
                        was = was || s->items[i].phases[k].before == before;
                        is = is || s->items[i].phases[k].after == VERDICT_DENY;
                }
                n += was && is == after;
        }
        return n;
}

static size_t items_of(const struct plan *p) {
        size_t n = 0;

        for (size_t i = 0; i < p->lists.n; ++i)
                n += p->lists.items[i].n;
        return n;
}

static size_t entries_of(const struct plan *p) {
        size_t n = 0;

        for (size_t i = 0; i < p->entries.n; ++i)
                n += !p->entries.items[i].dead;
        return n;
}

/* The name of the image that a container would be made of now may lead elsewhere. */
static void add_refused(struct text *out, const struct survey *s) {
        bool told = false, hard = false;

        for (size_t i = 0; i < s->containers->n * PHASES; ++i) {
                const struct container *c = &s->containers->items[i / PHASES];
                struct str why = s->items[i / PHASES].phases[i % PHASES].why;

                if (!why.n)
                        continue;
                text_addz(out, told ? "" : "\nStill refused:\n");
                told = true;
                hard = hard || str_search(why, STR_C(" (hard): ")) < why.n;
                text_addz(out, "  ");
                text_add_visible(out, c->name, 80);
                text_addf(out, " (%s), image ", phase_words[i % PHASES]);
                text_add_visible(out, c->image, 120);
                text_addz(out, ":\n");
                add_indented(out, why);
        }
        if (hard)
                text_addz(out,
                          "\nWhat is hard is let through for an image that is named by its id or digest, runs as it "
                          "was built and has nothing else\nmounted; else for a user with a certificate "
                          "(rules/README.md, Exemptions), or for the start of one container.\n");
}

static void add_next(struct text *out, const struct survey *s, const struct baseline_files *files) {
        text_addf(out, "\nWritten: %s", files->environment);
        if (s->exemptions.n)
                text_addf(out, "\n         %s", files->exemptions);
        text_addz(out, "\nTo put them into force: name the first as environment: in the configuration, put the other "
                       "into the folder of exemptions,\n`docksill check`, and send SIGHUP.\n");
        if (!s->setup->config.lookup_docker && s->exemptions.n)
                text_addz(out, "lookups.docker is off in the configuration: turn it on, or most exemptions have no "
                               "effect, for an image is known by\nwhat the engine says of it.\n");
}

static void add_summary(struct text *out, const struct survey *s) {
        size_t refused = count(s, VERDICT_DENY, true), through = count(s, VERDICT_DENY, false);

        text_addf(out, "%zu container%s, judged by ", s->containers->n, s->containers->n == 1 ? "" : "s");
        text_add_visible(out, ruleset_name(s->setup->rules), 80);
        text_addf(out, ": %zu pass as they are, %zu with the baseline, %zu not\n", s->containers->n - through - refused,
                  through, refused);
        text_addf(out, "listed: %zu thing%s of the host; exempted: %zu rule%s of %zu image%s, until %" STR_FMT "\n",
                  items_of(&s->plan), items_of(&s->plan) == 1 ? "" : "s", entries_of(&s->plan),
                  entries_of(&s->plan) == 1 ? "" : "s", s->plan.images.n, s->plan.images.n == 1 ? "" : "s",
                  STR_ARG(s->draw.day));
        if (s->containers->gone)
                text_addf(out, "%zu were removed meanwhile\n", s->containers->gone);
        if (!s->engine)
                text_addz(out, "From files: what an image or a volume is was not asked.\n");
}

static json_t *phase_json(const struct surveyed *one, enum phase k) {
        return json_pack("{s:s, s:s, s:o}", "before", verdict_name(one->phases[k].before).p, "after",
                         verdict_name(one->phases[k].after).p, "why", printable_json(one->phases[k].why));
}

static json_t *survey_json(const struct survey *s, const struct baseline_files *files) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < s->containers->n; ++i) {
                const struct container *c = &s->containers->items[i];

                if (json_array_append_new(list,
                                          json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "name", printable_json(c->name),
                                                    "id", printable_json(c->id), "image", printable_json(c->image),
                                                    "image_id", printable_json(c->image_id), "create",
                                                    phase_json(&s->items[i], PHASE_CREATE), "start",
                                                    phase_json(&s->items[i], PHASE_START))) < 0)
                        return NULL;
        }
        if (!list)
                return NULL;
        return json_pack("{s:s, s:o, s:o, s:i, s:i, s:i, s:o, s:o, s:O}", "schema", "docksill.baseline/1",
                         "environment", printable_json(ruleset_name(s->setup->rules)), "expires",
                         printable_json(s->draw.day), "listed", (int)items_of(&s->plan), "exempted",
                         (int)entries_of(&s->plan), "refused", (int)count(s, VERDICT_DENY, true), "environment_file",
                         printable_json(str_from(files->environment)), "exemptions_file",
                         s->exemptions.n ? printable_json(str_from(files->exemptions)) : json_null(), "containers",
                         list);
}

static int print(const struct invocation *in, const struct survey *s, const struct baseline_files *files) {
        cleanup_(text_deinit) struct text out;
        int r;

        text_init(&out);
        if (in->json) {
                r = output_json(in->command, survey_json(s, files));
        } else {
                add_summary(&out, s);
                add_refused(&out, s);
                add_next(&out, s, files);
                r = output_text(in->command, &out);
        }
        return r == EXIT_FINE && count(s, VERDICT_DENY, true) ? EXIT_FINDINGS : r;
}

/* -- the run -- */

static int collect(struct containers *out, struct survey *s, const struct invocation *in, const char *socket) {
        int r = EXIT_FINE;

        if (in->n == 0) {
                r = engine_api_new(&s->engine, socket, NULL);
                return r < 0 ? engine_failed(in->command, socket, r, NULL)
                             : containers_ask(out, s->arena, s->engine, NULL, in->command);
        }
        for (size_t i = 0; r == EXIT_FINE && i < in->n; ++i)
                r = containers_read(out, s->arena, in->arguments[i], in->command);
        return r;
}

/* What it could not tell any more was judged as unknown, and would be exempted as that. */
static int still_answers(struct survey *s, const struct command *command) {
        struct engine_answer answer = { 0 };
        int r = EXIT_FINE;

        if (s->engine)
                r = engine_api_call(s->engine, &answer,
                                    &(struct engine_call){ .method = "GET", .target = STR("/_ping") });
        if (r < 0 || (s->engine && answer.status != 200))
                r = engine_failed(command, engine_api_socket(s->engine), r, &answer);
        engine_answer_deinit(&answer);
        return r;
}

static int survey(const struct invocation *in, struct survey *s, const struct baseline_files *files) {
        struct containers containers = { 0 };
        struct told_engine told = { 0 };
        const char *socket = socket_of(in, s->setup);
        int r = extends_of(&s->draw, s->setup, files, s->arena);

        if (r == EXIT_FINE)
                r = collect(&containers, s, in, socket);
        if (r == EXIT_FINE && containers.n == 0) {
                fprintf(stderr, "docksill baseline: no containers: there is nothing to begin from\n");
                r = EXIT_ENVIRONMENT;
        }
        if (r == EXIT_FINE && s->engine)
                r = told_engine_ask(&told, s->engine, in->command);
        s->scales.command = in->command;
        s->scales.told = s->engine ? &told : NULL;
        s->containers = s->draw.containers = s->scales.containers = s->plan.containers = &containers;
        s->scales.engine = s->engine ? socket : NULL;
        s->scales.config = &s->setup->config;
        s->scales.paths = s->engine && s->setup->config.lookup_paths;
        s->draw.source = s->engine ? str_from(socket) : STR_C("files that docker inspect printed");
        if (r == EXIT_FINE && name_of(&s->draw, s->setup, s->arena) < 0)
                r = EXIT_ENVIRONMENT;
        if (r == EXIT_FINE)
                r = survey_run(s);
        if (r == EXIT_FINE)
                r = still_answers(s, in->command);
        if (r == EXIT_FINE)
                r = baseline_files_write(files, text_str(&s->environment), text_str(&s->exemptions));
        if (r == EXIT_FINE)
                r = print(in, s, files);
        engine_api_free(s->engine);
        told_engine_deinit(&told);
        containers_deinit(&containers);
        return r;
}

static int run_survey(const struct invocation *in, const struct setup *setup, unsigned days) {
        cleanup_(arena_deinit) struct arena arena;
        const char *owner = invocation_option(in, "owner"), *reason = invocation_option(in, "reason");
        struct survey s = { .setup = setup, .arena = &arena, .plan.arena = &arena };
        struct baseline_files files;
        struct text day;
        int r;

        arena_init(&arena, BASELINE_MEMORY);
        r = baseline_files_init(&files, &arena, invocation_option(in, "output"), invocation_option(in, "force"));
        if (r != EXIT_FINE)
                return r;
        text_init_arena(&day, &arena);
        draft_add_day(&day, days);
        s.draw.day = text_str(&day);
        /* What is denied, or too old, by then is let through from the beginning. */
        if (date_parse(s.draw.day, &s.scales.at) < 0)
                s.scales.at = clock_wall();
        s.draw.owner = str_from(owner ? owner : "");
        s.draw.reason = str_from(reason ? reason : "");
        s.replaced = files.exemptions;
        text_init(&s.environment);
        text_init(&s.exemptions);
        r = survey(in, &s, &files);
        text_deinit(&s.environment);
        text_deinit(&s.exemptions);
        return r;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup = { 0 };
        const char *expires = invocation_option(in, "expires");
        unsigned days;
        int r;

        if (invocation_option(in, "shrink"))
                return shrink_run(in);
        if (!expires)
                return command_misused(in->command, "--expires says how long the exemptions last, such as 90d");
        days = days_of(expires);
        if (days == 0)
                return command_misused(in->command, "--expires is 1d to %dd", DAYS_MOST);
        r = setup_load(&setup, in);
        return r == EXIT_FINE ? run_survey(in, &setup, days) : r;
}

const struct command command_baseline = {
        .name = "baseline",
        .arguments = "[INSPECT-FILE…] | --shrink RECORDS… FILE",
        .most = ARGUMENTS_ANY,
        .takes = "files that `docker inspect` printed, or none",
        .doc = "Write an environment and exemptions that let through what runs today, and nothing worse.\n"
               "All containers of the engine are looked at, running or not, or those in the files. What they use of "
               "the "
               "host is listed\n"
               "in FOLDER/baseline.yaml, which extends the environment; what it would still refuse is exempted in\n"
               "FOLDER/exemptions/baseline.yaml, for each image by its content and with the very values. Both are "
               "tried "
               "before they are\n"
               "written. With --shrink, exemptions that no decision in the records used are taken out of FILE.\n"
               "Exit status: 0 all pass, 1 some would still be refused, as printed; 4 if there is no engine, or a file "
               "is there already.",
        .options = options,
        .run = run,
};
