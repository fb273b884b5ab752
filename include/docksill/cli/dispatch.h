#pragma once
/*
 * dispatch: from what somebody typed to the subcommand that runs.
 */
#include "docksill/cli/command.h"

/**
 * commands_run() - find the subcommand that argv[1] names, of a family argv[2] too, and run it
 * @commands: ended by NULL
 *
 * Answers help, --help and --version itself. Returns an enum exit_code.
 */
must_check_ int commands_run(const struct command *const *commands, int argc, char **argv);
