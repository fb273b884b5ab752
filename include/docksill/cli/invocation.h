#pragma once
/*
 * invocation: a subcommand as somebody typed it: its options and arguments, checked by what its row says of them.
 */
#include "docksill/cli/command.h"

#define OPTION_ROW_FORMAT                                                                                              \
        { "format", "text|json", "how to print it; default text" }

/* An option as it was typed. */
struct option_given {
        const char *name, *value; /* value: "" of a switch */
};

struct invocation {
        const struct command *command;
        const struct command *const *program; /* all that the program has; set by commands_run() */
        const char **values;                  /* of its options, one a row; invocation_option() finds them by name */
        const char **arguments;               /* what is no option, and NULL behind it */
        size_t n;                             /* arguments */
        struct option_given *given;           /* its options, as often as they were typed */
        size_t n_given;
        bool dashes; /* "--" stood before them */
        bool json;   /* --format json */
};

/**
 * invocation_read() - split a subcommand's arguments and check them
 * @out:  borrows the texts of @argv; invocation_deinit() it, also after a failure
 * @argv: argv[0] is the command's name
 *
 * "--name VALUE" and "--name=VALUE"; "--" ends options and, where it stands before all arguments, is told; "-" is an
 * argument; of an option given twice the last counts, unless all are asked for by invocation_next(). Says what is wrong
 * on stderr, with a suggestion. Returns EXIT_FINE or EXIT_USAGE.
 */
must_check_ int invocation_read(struct invocation *out, const struct command *command, int argc, char **argv);
void invocation_deinit(struct invocation *in);

/* The value of --NAME, "" of a switch; NULL when it was not given, or is no option of this command. */
const char *invocation_option(const struct invocation *in, const char *name);

/* The values of an option that may be given more than once, one at each call, as they were typed; NULL behind the last.
 * @at: 0 before the first call. */
const char *invocation_next(const struct invocation *in, const char *name, size_t *at);
