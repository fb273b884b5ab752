/*
 * Rule files are shared by environments, so checking all of them meets each problem several times: one list of
 * diagnostics is kept over all loads and each is printed once. What is sound is told of at the end, and only where
 * nothing is wrong: of an error among twelve good lines nobody reads.
 */
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include "docksill/cli/command.h"
#include "docksill/rules/inactivity.h"
#include "exemptions.h"
#include "fewer.h"
#include "frame/document.h"
#include "frame/output.h"
#include "frame/setup.h"
#include "frame/terminal.h"
#include "places.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define CHECK_MEMORY (16u * 1024 * 1024)

static const struct option_row options[] = {
        OPTION_ROW_CONFIG,
        { "environment", "NAME|FILE", "environment to check first" },
        { "rules", "FOLDER", "folder of the rules and environments" },
        { "exemptions", "FOLDER|FILE", "exemptions to check as well; default " CONFIG_EXEMPTIONS },
        { "used-by", "RECORDS", "tell how often each exemption was used, by the decisions recorded there" },
        { "accept-fewer", NULL, "let the next reload drop the rules that these files no longer have" },
        { "quiet", NULL, "print only problems" },
        OPTION_ROW_FORMAT,
        { NULL },
};

struct paths {
        const char **items;
        size_t n, capacity;
};

/* What is to be checked. */
struct check {
        struct arena arena;
        struct paths environments, rules, configurations, exemptions;
        struct diag *diag;
        const struct config *config;
        const struct config_flags *flags; /* win over a configuration that is checked, as over the one in force */
        const char *folder;               /* of rules, for environments */
        size_t in_force;       /* so many environments, from the first, are checked with the exemptions in force */
        int error;             /* the worst that loading returned */
        struct text sound;     /* what is told of what is right */
        struct str off;        /* what was told last of rules that sleep */
        const struct use *use; /* of exemptions, by records; NULL: nobody asks */
};

static int push(struct check *c, struct paths *to, const char *path) {
        const char **slot;

        for (size_t i = 0; i < to->n; ++i)
                if (strcmp(to->items[i], path) == 0)
                        return 0;
        slot = ARENA_PUSH(&c->arena, to);
        if (!slot)
                return -ENOMEM;
        *slot = path;
        return 0;
}

static bool entry_eq(const struct diag_entry *a, const struct diag_entry *b) {
        return a->code == b->code && a->line == b->line && a->column == b->column && str_eq(a->name, b->name) &&
               str_eq(a->message, b->message);
}

static void drop_repeated(struct diag *diag) {
        size_t n = 0;

        for (size_t i = 0; i < diag->n; ++i) {
                size_t k = 0;

                while (k < n && !entry_eq(&diag->items[k], &diag->items[i]))
                        ++k;
                if (k == n)
                        diag->items[n++] = diag->items[i];
                else
                        --*(diag->items[i].error ? &diag->errors : &diag->warnings);
        }
        diag->n = n;
}

static void add_points(struct text *out, const char *verb, enum severity severity, unsigned points) {
        text_addf(out, ", %s at %" STR_FMT " or %u %s", verb, STR_ARG(severity_name(severity)), points,
                  points == 1 ? "point" : "points");
}

/* The mode that serve would judge by it in: a configuration's wins. */
static void add_environment(struct text *out, const struct ruleset *rules, const struct config *config,
                            const char *from) {
        static const char *const unknown[] = {
                [UNKNOWN_SKIP] = "cost nothing", [UNKNOWN_WARN] = "warn", [UNKNOWN_FAIL] = "are charged"
        };
        const struct limits *limits = ruleset_limits(rules);

        text_addf(out, "%" STR_FMT ": %zu rules", STR_ARG(ruleset_name(rules)), ruleset_rules(rules).n);
        add_points(out, "deny", limits->deny_severity, limits->deny_points);
        add_points(out, "warn", limits->warn_severity, limits->warn_points);
        text_addf(out, ", unknown facts %s, mode %" STR_FMT " (%s)\n", unknown[limits->unknown],
                  STR_ARG(mode_name(config->mode_given ? config->mode : ruleset_mode(rules))), from);
}

/* What is denied today, and what from which day on. */
static void add_steps(struct text *out, const struct ruleset *rules) {
        struct step_view steps = ruleset_steps(rules);

        if (!steps.n)
                return;
        text_addz(out, "  denied by steps: ");
        steps_add(out, steps, clock_wall());
        text_add_char(out, '\n');
}

/* Those that sleep, or those of which cases do. */
static void add_sleeping(struct text *out, const struct ruleset *rules, unsigned off, bool whole, const char *what) {
        struct rule_view view = ruleset_rules(rules);
        size_t n = 0;

        for (size_t i = 0; i < view.n; ++i) {
                struct inactivity d = rule_inactivity(view.items[i], off);

                if (whole ? d.rule : !d.rule && d.cases > 0)
                        text_addf(out, "%s%" STR_FMT, n++ ? ", " : what, STR_ARG(view.items[i]->id));
        }
        if (n)
                text_add_char(out, '\n');
}

/* What the settings of @config leave without an answer, so that nobody believes to be watched over by rules that sleep.
 * Environments that share their rules share this too, and it is told once, with the first of them. */
static void add_off(struct check *c, const struct ruleset *rules, const struct config *config) {
        cleanup_(text_deinit) struct text off;

        text_init(&off);
        if (!config->lookup_docker) {
                add_sleeping(&off, rules, SOURCE_ENGINE, true, "  off while lookups.docker is off: ");
                add_sleeping(&off, rules, SOURCE_ENGINE, false, "  some cases skipped while it is off: ");
        }
        if (!config->scans_folder) {
                add_sleeping(&off, rules, SOURCE_SCANS, true, "  off without scanners' reports (scans.folder): ");
                add_sleeping(&off, rules, SOURCE_SCANS, false, "  some cases skipped without them: ");
        }
        if (!config->lookup_paths)
                text_addz(&off, "  host paths are judged as written, not where they lead: lookups.paths is off\n");
        if (off.n == 0)
                return;
        if (c->off.p && str_eq(c->off, text_str(&off))) {
                text_addz(&c->sound, "  the same rules are off as above\n");
                return;
        }
        text_add(&c->sound, text_str(&off));
        if (arena_str(&c->arena, text_str(&off), &c->off) < 0)
                c->off = (struct str){ 0 };
}

/* What is captured says more than records do: nobody is to be surprised by it. */
static void add_capture(struct text *out, const struct config *config) {
        if (config->capture)
                text_addf(
                        out,
                        "  capture is on: judged calls are written to %s, secrets masked, %llu at most, %llu bytes at "
                        "most; switch it off when it is not needed\n",
                        config->capture, (unsigned long long)config->capture_keep,
                        (unsigned long long)config->capture_max);
}

/* By the settings of @config: the mode, and whether the engine is asked. @exemptions: NULL: none. */
static void check_environment(struct check *c, const struct config *config, const char *folder, const char *environment,
                              const char *exemptions) {
        const struct ruleset_options load = {
                .rules = folder,
                .environment = environment,
                .exemptions = exemptions,
                .at = environment == config->environment ? config_environment_at(config) : (struct position){ 0 },
        };
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        int r = ruleset_load(&rules, &load, c->diag);

        if (r == 0) {
                add_environment(&c->sound, rules, config, environment);
                add_steps(&c->sound, rules);
                add_off(c, rules, config);
                exemptions_add(&c->sound, rules, c->use, clock_wall(), c->diag);
                if (environment == config->environment)
                        add_capture(&c->sound, config);
        }
        if (r < 0)
                c->error = r;
}

static void check_rules(struct check *c) {
        cleanup_(ruleset_unrefp) struct ruleset *rules = NULL;
        int r;

        if (c->rules.n == 0)
                return;
        r = ruleset_load_rules(&rules, c->rules.items, c->rules.n, c->diag);
        if (r < 0)
                c->error = r;
        else
                text_addf(&c->sound, "%zu %s in %zu %s, read with the limits of lockdown\n", ruleset_rules(rules).n,
                          ruleset_rules(rules).n == 1 ? "rule" : "rules", c->rules.n,
                          c->rules.n == 1 ? "path" : "paths");
}

static void check_configuration(struct check *c, const char *path) {
        struct config_flags flags = *c->flags;
        struct config config;
        int r;

        flags.config = path;
        r = config_read(&config, &flags, c->diag);
        if (r < 0) {
                c->error = r;
                return;
        }
        text_addf(&c->sound, "configuration %s: environment %s, mode %" STR_FMT ", rules %s\n", path,
                  config.environment, STR_ARG(config.mode_given ? mode_name(config.mode) : STR_C("of the environment")),
                  config.rules);
        check_environment(c, &config, config.rules, config.environment, config.exemptions);
        if (places_check(&config, c->diag) < 0)
                c->error = -EINVAL;
        config_deinit(&config);
}

static void check_all(struct check *c) {
        for (size_t i = 0; i < c->environments.n; ++i)
                check_environment(c, c->config, c->folder, c->environments.items[i],
                                  i < c->in_force ? c->config->exemptions : NULL);
        for (size_t i = 0; i < c->exemptions.n; ++i)
                check_environment(c, c->config, c->folder, c->config->environment, c->exemptions.items[i]);
        check_rules(c);
        for (size_t i = 0; i < c->configurations.n; ++i)
                check_configuration(c, c->configurations.items[i]);
}

static int path_join(struct check *c, const char *folder, const char *name, const char **out) {
        struct text t;

        text_init_arena(&t, &c->arena);
        text_addz(&t, folder);
        text_add_char(&t, '/');
        text_addz(&t, name);
        *out = t.p;
        return t.failed ? -ENOMEM : 0;
}

/* "environments/production.yaml" is the environment that is called "production". */
static bool is_called(struct str path, const char *environment) {
        struct str name = str_skip(path, str_find_last(path, '/') + 1);

        return str_eqz(str_first(name, name.n - strlen(".yaml")), environment);
}

/* All environments of a rules folder but the one called @but; a folder without any is a folder of rules. */
static int add_environments(struct check *c, const char *folder, const char *but) {
        struct file_names names = { 0 };
        const char *where;
        int r;

        r = path_join(c, folder, "environments", &where);
        if (r < 0)
                return r;
        r = file_list(&c->arena, where, ".yaml", &names);
        if (r < 0)
                return r == -ENOMEM ? r : 0;
        for (size_t i = 0; i < names.n; ++i) {
                if (is_called(names.items[i], but))
                        continue;
                r = push(c, &c->environments, names.items[i].p);
                if (r < 0)
                        return r;
        }
        return 0;
}

static int add_path(struct check *c, const char *path) {
        struct stat st;
        struct str kind;

        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
                size_t before = c->environments.n;
                int r = add_environments(c, path, "");

                if (r < 0)
                        return r;
                if (c->environments.n > before)
                        c->folder = path;
                return push(c, &c->rules, path);
        }
        kind = document_kind(&c->arena, path);
        return push(c,
                    str_eqz(kind, "environment")     ? &c->environments
                    : str_eqz(kind, "configuration") ? &c->configurations
                    : str_eqz(kind, "exemptions")    ? &c->exemptions
                                                     : &c->rules,
                    path);
}

/* Without paths: what `serve` would read, then whatever else the rules folder offers. */
static int add_configured(struct check *c, const struct config *config) {
        int r = push(c, &c->environments, config->environment);

        return r < 0 ? r : add_environments(c, config->rules, config->environment);
}

static json_t *problems_json(const struct diag *diag) {
        json_auto_t *list = json_array();

        for (size_t i = 0; list && i < diag->n; ++i) {
                const struct diag_entry *e = &diag->items[i];

                if (json_array_append_new(list,
                                          json_pack("{s:s, s:s, s:o, s:i, s:i, s:o}", "code", diag_code_id(e->code),
                                                    "level", e->error ? "error" : "warning", "file",
                                                    printable_json(e->name), "line", (int)e->line, "column",
                                                    (int)e->column, "message", printable_json(e->message))) < 0)
                        return NULL;
        }
        return TAKE(list);
}

static json_t *check_json(const struct diag *diag, bool sound) {
        return json_pack("{s:s, s:b, s:i, s:i, s:o}", "schema", "docksill.check/1", "valid", sound, "errors",
                         (int)diag->errors, "warnings", (int)diag->warnings, "problems", problems_json(diag));
}

/* Problems on stderr, and last how many; what is right on stdout. */
static int report(const struct invocation *in, const struct check *c, bool sound) {
        const struct diag *diag = c->diag;

        if (in->json) {
                int r = output_json(in->command, check_json(diag, sound));

                return r != EXIT_FINE ? r : sound ? EXIT_FINE : EXIT_INVALID;
        }
        terminal_diag(diag);
        if (!sound) {
                fprintf(stderr, "docksill check: %u %s\n", diag->errors, diag->errors == 1 ? "error" : "errors");
                return EXIT_INVALID;
        }
        return invocation_option(in, "quiet") ? EXIT_FINE : output_text(in->command, &c->sound);
}

static int check(struct setup *setup, const struct invocation *in, const struct use *use) {
        struct check c = { .diag = &setup->diag,
                           .config = &setup->config,
                           .flags = &setup->flags,
                           .folder = setup->config.rules,
                           .use = use };
        const char **paths = in->arguments;
        size_t n = in->n;
        int r = 0, result;

        arena_init(&c.arena, CHECK_MEMORY);
        text_init(&c.sound);
        for (size_t i = 0; r == 0 && i < n; ++i)
                r = add_path(&c, paths[i]);
        c.in_force = !n ? 1 : setup->config.origins.exemptions.flag ? c.environments.n : 0;
        if (n == 0)
                r = add_configured(&c, &setup->config);
        if (r == 0)
                check_all(&c);
        if (r == 0 && n == 0 && places_check(&setup->config, &setup->diag) < 0)
                c.error = -EINVAL;
        drop_repeated(&setup->diag);
        if (r == -ENOMEM || c.error == -ENOMEM)
                fputs("docksill: no memory\n", stderr);
        result = report(in, &c, r == 0 && c.error == 0 && setup->diag.errors == 0);
        text_deinit(&c.sound);
        arena_deinit(&c.arena);
        return result;
}

static int check_with_use(struct setup *setup, const struct invocation *in) {
        const char *records = invocation_option(in, "used-by");
        struct use use;
        int r;

        if (!records)
                return check(setup, in, NULL);
        r = use_init(&use) < 0 ? EXIT_ENVIRONMENT : use_read_file(&use, records, in->command);
        if (r == EXIT_FINE)
                r = check(setup, in, &use);
        use_deinit(&use);
        return r;
}

static unsigned hard_rules(const struct ruleset *rules) {
        struct rule_view view = ruleset_rules(rules);
        unsigned n = 0;

        for (size_t i = 0; i < view.n; ++i)
                n += rule_refuses_everywhere(view.items[i]);
        return n;
}

/* Only what is sound, and what `serve` with the same flags would read. */
static int accept_fewer(struct setup *setup) {
        int r = setup_rules(setup);

        if (r != EXIT_FINE)
                return r;
        r = fewer_accept(setup->rules, setup->config.state);
        if (r < 0) {
                fprintf(stderr, "docksill: %s: can't store the acceptance there: %s\n", setup->config.state,
                        strerror(-r));
                return EXIT_ENVIRONMENT;
        }
        printf("accepted: %zu rules, %u of which refuse everywhere, digest %.16s; SIGHUP puts them in force\n",
               ruleset_rules(setup->rules).n, hard_rules(setup->rules), ruleset_digest(setup->rules).p);
        return EXIT_FINE;
}

static int run(const struct invocation *in) {
        cleanup_(setup_close) struct setup setup;
        int r = setup_open(&setup, in);

        if (r != EXIT_FINE)
                return r;
        if (!invocation_option(in, "accept-fewer"))
                return check_with_use(&setup, in);
        if (in->n > 0)
                return command_misused(in->command, "--accept-fewer is for the files in force, and takes no PATH");
        return accept_fewer(&setup);
}

const struct command command_check = {
        .name = "check",
        .arguments = "[PATH…]",
        .most = ARGUMENTS_ANY,
        .doc = "Check rules, environments and settings, and report every problem.\n"
               "A PATH is a rule file, an environment, a configuration, a file of exemptions, or a folder of rules.\n"
               "Without a PATH, check reads the environment in force and all others in the rules folder. It also "
               "tries the\n"
               "socket, the record file and the engine's socket of the settings, as serve would.\n"
               "A reload keeps the old rules if a rule that refuses everywhere would be lost. --accept-fewer "
               "accepts\n"
               "the new ones.",
        .options = options,
        .run = run,
};
