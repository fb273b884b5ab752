#include "docksill/cli/command.h"
#include "docksill/base/diag.h"
#include "terminal.h"
#include <errno.h>

/* What every command knows without saying so in its rows. */
static const struct option_row option_help = { "help", NULL, "this text" };

static size_t options_count(const struct command *command) {
        size_t n = 0;

        while (command->options && command->options[n].name)
                ++n;
        return n;
}

static void add_options(struct text *out, const struct command *command) {
        size_t n = options_count(command);

        text_addz(out, "\nOptions:\n");
        for (size_t i = 0; i <= n; ++i) {
                const struct option_row *row = i < n ? &command->options[i] : &option_help;
                size_t before = out->n;

                text_addf(out, "  --%s", row->name);
                if (row->argument)
                        text_addf(out, " %s", row->argument);
                text_addf(out, "%*s%s\n", (int)(out->n - before < 28 ? 28 - (out->n - before) : 1), "", row->doc);
        }
}

/* "list" of "rules list": what is typed to choose among a family. */
static const char *last_word(const struct command *command) {
        const char *blank = strrchr(command->name, ' ');

        return blank ? blank + 1 : command->name;
}

/* One line a command, the first of its documentation. */
static void add_commands(struct text *out, const struct command *const *commands) {
        text_addz(out, "\nCommands:\n");
        for (; *commands; ++commands) {
                struct str doc = str_from((*commands)->doc);

                text_addf(out, "  %-13s%" STR_FMT "\n", last_word(*commands),
                          STR_ARG(str_first(doc, str_find(doc, '\n'))));
        }
}

void command_usage(struct text *out, const struct command *command) {
        if (command->commands) {
                text_addf(out, "Usage: docksill %s COMMAND [OPTION…] [ARGUMENT…]\n\n%s\n", command->name,
                          command->doc);
                add_commands(out, command->commands);
                text_addf(out, "\n`docksill help %s COMMAND` tells more.\n", command->name);
                return;
        }
        text_addf(out, "Usage: docksill %s [OPTION…]%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
                  command->arguments, command->doc);
        add_options(out, command);
}

static void commands_usage(struct text *out, const struct command *const *commands) {
        text_addz(out, "Usage: docksill COMMAND [OPTION…] [ARGUMENT…]\n\n"
                       "An authorization plugin for dockerd that judges requests by container hardening guidance.\n");
        add_commands(out, commands);
        text_addz(out, "\n`docksill help COMMAND` tells more; `docksill --version` prints the version.\n");
}

int command_misused(const struct command *command, const char *fmt, ...) {
        cleanup_(text_deinit) struct text t;
        va_list args;

        text_init(&t);
        text_addz(&t, "docksill ");
        text_addz(&t, command->name);
        text_addz(&t, ": ");
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        text_addf(&t, "\nTry `docksill help %s`.\n", command->name);
        (void)!terminal_write(STDERR_FILENO, &t);
        return EXIT_USAGE;
}

/* Appends "; did you mean X?" where a known name is close. */
static void add_suggestion(struct text *t, const struct nearest *nearest, const char *dashes) {
        struct str name = nearest_name(nearest);

        if (!str_empty(name))
                text_addf(t, "; did you mean %s%" STR_FMT "?", dashes, STR_ARG(name));
}

static int option_unknown(const struct command *command, struct str name) {
        cleanup_(text_deinit) struct text t;
        struct nearest nearest;

        nearest_init(&nearest, name);
        for (const struct option_row *row = command->options; row && row->name; ++row)
                nearest_offer(&nearest, str_from(row->name));
        text_init(&t);
        text_addz(&t, "no option --");
        text_add_visible(&t, name, 60);
        add_suggestion(&t, &nearest, "--");
        (void)command_misused(command, "%s", t.p ? t.p : "unknown option");
        return -EINVAL;
}

/* @argument: "--name" or "--name=value"; @next: what follows, or NULL. Returns how many arguments were used, or
 * -EINVAL. */
static int option_read(const struct command *command, const char *argument, const char *next, const char **values) {
        struct str rest = str_from(argument + 2), name = str_cut(&rest, '=');

        for (size_t i = 0; command->options && command->options[i].name; ++i) {
                const struct option_row *row = &command->options[i];

                if (!str_eqz(name, row->name))
                        continue;
                if (!row->argument) {
                        if (rest.p)
                                return (void)command_misused(command, "--%s takes no value", row->name), -EINVAL;
                        values[i] = "";
                        return 1;
                }
                if (rest.p) {
                        values[i] = rest.p;
                        return 1;
                }
                if (!next || strncmp(next, "--", 2) == 0)
                        return (void)command_misused(command, "--%s needs a value: %s", row->name, row->argument),
                               -EINVAL;
                values[i] = next;
                return 2;
        }
        return option_unknown(command, name);
}

int options_read(const struct command *command, int argc, char **argv, const char **values, const char **rest,
                 size_t *n_rest) {
        size_t n = 0;
        int i = 1;

        for (size_t k = 0; k < options_count(command); ++k)
                values[k] = NULL;
        while (i < argc) {
                int used;

                if (strcmp(argv[i], "--") == 0) {
                        ++i;
                        break;
                }
                if (argv[i][0] != '-' || argv[i][1] == '\0') {
                        rest[n++] = argv[i++];
                        continue;
                }
                if (argv[i][1] != '-') {
                        (void)command_misused(command, "options are written in full, with two dashes");
                        return -EINVAL;
                }
                used = option_read(command, argv[i], i + 1 < argc ? argv[i + 1] : NULL, values);
                if (used < 0)
                        return used;
                i += used;
        }
        while (i < argc)
                rest[n++] = argv[i++];
        *n_rest = n;
        return 0;
}

static const struct command *command_find(const struct command *const *commands, const char *word) {
        for (; *commands; ++commands)
                if (strcmp(last_word(*commands), word) == 0)
                        return *commands;
        return NULL;
}

/* @family: NULL among the program's own. */
static int command_unknown(const struct command *family, const struct command *const *commands, const char *word) {
        cleanup_(text_deinit) struct text t;
        struct nearest nearest;

        nearest_init(&nearest, str_from(word));
        for (; *commands; ++commands)
                nearest_offer(&nearest, str_from(last_word(*commands)));
        text_init(&t);
        text_addf(&t, "docksill%s%s: no command \"", family ? " " : "", family ? family->name : "");
        text_add_visible(&t, str_from(word), 60);
        text_addz(&t, "\"");
        add_suggestion(&t, &nearest, "");
        text_addf(&t, "\nTry `docksill help%s%s`.\n", family ? " " : "", family ? family->name : "");
        (void)!terminal_write(STDERR_FILENO, &t);
        return EXIT_USAGE;
}

/* Asked for, usage is an answer: stdout, exit 0. Given for want of a command, it is a complaint: stderr, exit 2. */
static int print_usage(const struct command *const *commands, const struct command *command, bool asked) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        if (command)
                command_usage(&t, command);
        else
                commands_usage(&t, commands);
        if (terminal_write(asked ? STDOUT_FILENO : STDERR_FILENO, &t) < 0)
                return EXIT_ENVIRONMENT;
        return asked ? EXIT_FINE : EXIT_USAGE;
}

static int print_version(void) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_addz(&t, "docksill " DOCKSILL_VERSION "\n");
        return terminal_write(STDOUT_FILENO, &t) < 0 ? EXIT_ENVIRONMENT : EXIT_FINE;
}

static bool is_help(const char *argument) {
        return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

/* @asked: for help, by the word before. A family's member is found by the next word. */
static int dispatch(const struct command *family, const struct command *const *commands, int argc, char **argv,
                    bool asked) {
        const struct command *command = command_find(commands, argv[1]);

        if (!command)
                return command_unknown(family, commands, argv[1]);
        if (command->commands && argc > 2 && !is_help(argv[2]))
                return dispatch(command, command->commands, argc - 1, argv + 1, asked);
        if (command->commands)
                return print_usage(NULL, command, asked || argc > 2);
        for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; ++i)
                asked = asked || is_help(argv[i]);
        return asked ? print_usage(NULL, command, true) : command->run(argc - 1, argv + 1);
}

int commands_run(const struct command *const *commands, int argc, char **argv) {
        bool asked;

        if (argc < 2)
                return print_usage(commands, NULL, false);
        if (strcmp(argv[1], "--version") == 0)
                return print_version();
        asked = is_help(argv[1]) || strcmp(argv[1], "help") == 0;
        if (asked && argc < 3)
                return print_usage(commands, NULL, true);
        return asked ? dispatch(NULL, commands, argc - 1, argv + 1, true) : dispatch(NULL, commands, argc, argv, false);
}
