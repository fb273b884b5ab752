#pragma once
/*
 * setup: what a command works with: the settings in force and the rule set they name.
 */
#include "docksill/cli/command.h"
#include "docksill/cli/config.h"

struct setup {
        struct config config;
        struct ruleset *rules; /* NULL until setup_rules() */
        struct diag diag;
};

/**
 * setup_open() - read the settings
 *
 * Says on stderr what is wrong. Returns EXIT_FINE, EXIT_USAGE or EXIT_INVALID; only after EXIT_FINE setup_close() it.
 */
must_check_ int setup_open(struct setup *out, const struct command *command, const struct config_flags *flags);

/* Loads the configured environment; every diagnostic goes to stderr. Returns EXIT_FINE or EXIT_INVALID. */
must_check_ int setup_rules(struct setup *s);

void setup_close(struct setup *s);

/* EXIT_FINE or EXIT_INVALID for what loading returned; prints @diag on stderr, and says when it was memory that failed.
 */
int setup_outcome(int error, const struct diag *diag);
