#pragma once
/*
 * command: one row a subcommand; usage is printed from the rows.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/text.h"

/* DESIGN 8; stable. */
enum exit_code {
        EXIT_FINE = 0,
        EXIT_FINDINGS = 1,    /* findings or denied at the asked level */
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
        const char *name, *arguments, *doc;
        const struct option_row *options; /* ended by a row without a name */
        int (*run)(int argc, char **argv);
};

/**
 * options_read() - split a subcommand's arguments
 * @values: one per row, NULL where not given; a switch's value is ""
 * @rest:   the arguments that are no options; room for argc
 *
 * "--" ends options; "-" is an argument. Says what is wrong on stderr, with a suggestion. Returns 0 or -EINVAL (usage).
 */
must_check_ int options_read(const struct command *command, int argc, char **argv, const char **values,
                             const char **rest, size_t *n_rest);

extern const struct command command_serve, command_check, command_test, command_explain;
