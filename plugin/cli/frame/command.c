#include "docksill/cli/command.h"
#include "docksill/base/diag.h"
#include "terminal.h"

/* What every command knows without saying so in its rows. */
static const struct option_row option_help = { "help", NULL, "print this text" };

static void add_option(struct text *out, const struct option_row *row) {
        size_t before = out->n;

        text_addf(out, "  --%s", row->name);
        if (row->argument)
                text_addf(out, " %s", row->argument);
        text_addf(out, "%*s%s\n", (int)(out->n - before < 28 ? 28 - (out->n - before) : 1), "", row->doc);
}

static void add_options(struct text *out, const struct command *command) {
        text_addz(out, "\nOptions:\n");
        for (const struct option_row *row = command->options; row && row->name; ++row)
                add_option(out, row);
        add_option(out, &option_help);
}

const char *command_word(const struct command *command) {
        const char *blank = strrchr(command->name, ' ');

        return blank ? blank + 1 : command->name;
}

/* One line a command, the first of its documentation. */
static void add_commands(struct text *out, const struct command *const *commands) {
        text_addz(out, "\nCommands:\n");
        for (; *commands; ++commands)
                text_addf(out, "  %-13s%" STR_FMT "\n", command_word(*commands), STR_ARG(command_summary(*commands)));
}

const char *command_arguments(const struct command *command) {
        return command->arguments ? command->arguments : "";
}

struct str command_summary(const struct command *command) {
        struct str doc = str_from(command->doc);

        return str_first(doc, str_find(doc, '\n'));
}

void command_usage(struct text *out, const struct command *command) {
        if (command->commands) {
                text_addf(out, "Usage: docksill %s COMMAND [OPTION…] [ARGUMENT…]\n\n%s\n", command->name, command->doc);
                add_commands(out, command->commands);
                text_addf(out, "\nRun `docksill help %s COMMAND` for details.\n", command->name);
                return;
        }
        text_addf(out, "Usage: docksill %s [OPTION…]%s%s\n\n%s\n", command->name,
                  *command_arguments(command) ? " " : "", command_arguments(command), command->doc);
        add_options(out, command);
}

void commands_usage(struct text *out, const struct command *const *commands) {
        text_addz(out, "Usage: docksill COMMAND [OPTION…] [ARGUMENT…]\n\n"
                       "An authorization plugin for dockerd that judges requests by container hardening guidance.\n");
        add_commands(out, commands);
        text_addz(out, "\nRun `docksill help COMMAND` for details; `docksill --version` prints the version.\n");
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

int command_misnamed(const struct command *command, const char *what, const char *dashes,
                     const struct nearest *nearest) {
        cleanup_(text_deinit) struct text t;

        text_init(&t);
        text_addf(&t, "no %s \"%s", what, dashes);
        text_add_visible(&t, nearest->given, 60);
        text_add_char(&t, '"');
        add_suggestion(&t, nearest, dashes);
        return command_misused(command, "%s", t.p ? t.p : what);
}

const struct command *command_find(const struct command *const *commands, const char *word) {
        for (; *commands; ++commands)
                if (strcmp(command_word(*commands), word) == 0)
                        return *commands;
        return NULL;
}

int command_unknown(const struct command *family, const struct command *const *commands, const char *word) {
        cleanup_(text_deinit) struct text t;
        struct nearest nearest;

        nearest_init(&nearest, str_from(word));
        for (; *commands; ++commands)
                nearest_offer(&nearest, str_from(command_word(*commands)));
        text_init(&t);
        text_addf(&t, "docksill%s%s: no command \"", family ? " " : "", family ? family->name : "");
        text_add_visible(&t, str_from(word), 60);
        text_addz(&t, "\"");
        add_suggestion(&t, &nearest, "");
        text_addf(&t, "\nTry `docksill help%s%s`.\n", family ? " " : "", family ? family->name : "");
        (void)!terminal_write(STDERR_FILENO, &t);
        return EXIT_USAGE;
}
