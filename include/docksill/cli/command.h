#pragma once
/*
 * command: one row a subcommand; usage is printed from the rows.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/text.h"

/* DESIGN 8; stable. */
enum exit_code {
        EXIT_FINE = 0,
        EXIT_FINDINGS = 1, /* findings or denied at the asked level */
        EXIT_USAGE = 2,
        EXIT_INVALID = 3,     /* rules or configuration */
        EXIT_ENVIRONMENT = 4, /* socket, permission, I/O */
        EXIT_FAULT = 70,
};

/* An option of a subcommand. Long names alone; "--name VALUE" and "--name=VALUE". */
struct option_row {
        const char *name;     /* "environment" */
        const char *argument; /* "NAME|FILE"; NULL: a switch */
        const char *doc;
};

struct command {
        const char *name, *arguments, *doc; /* name: of a family's member "rules list", typed as two words */
        const struct option_row *options;   /* ended by a row without a name */
        int (*run)(int argc, char **argv);  /* argv[0] is the name's last word; returns an enum exit_code */
        const struct command *const *commands; /* a family has these, ended by NULL, and no run() */
};

/**
 * options_read() - split a subcommand's arguments
 * @values: one per row, NULL where not given; a switch's value is ""; of an option given twice the last counts
 * @rest:   the arguments that are no options; room for argc
 *
 * "--" ends options; "-" is an argument. Says what is wrong on stderr, with a suggestion. Returns 0 or -EINVAL (usage).
 */
must_check_ int options_read(const struct command *command, int argc, char **argv, const char **values,
                             const char **rest, size_t *n_rest);

/* Says on stderr what is wrong with the arguments and where the manual is. Always returns EXIT_USAGE. */
printf_(2, 3) int command_misused(const struct command *command, const char *fmt, ...);

/**
 * commands_run() - find the subcommand that argv[1] names, of a family argv[2] too, and run it
 * @commands: ended by NULL
 *
 * Answers help, --help and --version itself. Returns an enum exit_code.
 */
must_check_ int commands_run(const struct command *const *commands, int argc, char **argv);

/* What `docksill help NAME` prints. */
void command_usage(struct text *out, const struct command *command);

extern const struct command command_serve, command_check, command_test, command_explain, command_explain_code,
        command_rules, command_facts, command_operations, command_config;
