#pragma once
/*
 * setup: what a command works with: the settings in force and the rule set they name.
 */
#include "docksill/cli/config.h"
#include "docksill/cli/invocation.h"
#include "own-places.h"

#define OPTION_ROW_CONFIG                                                                                              \
        { "config", "FILE", "settings; default " CONFIG_FILE }

struct setup {
        struct config_flags flags; /* as given; they win over any file */
        struct config config;
        struct own_in_use in_use; /* borrowed */
        struct ruleset *rules;    /* NULL until setup_rules() */
        bool last_good;           /* all of it is what was kept, not what the files say (operate/last-good.h) */
        struct diag diag;
};

/**
 * setup_open() - read the settings: the file, and the options over it that are called like a flag of serve
 *
 * Says on stderr what is wrong. Returns EXIT_FINE, EXIT_USAGE or EXIT_INVALID. setup_close() it, also after a failure.
 */
must_check_ int setup_open(struct setup *out, const struct invocation *in);

/* The same from @flags, whose texts are borrowed; for a reload. Returns EXIT_FINE or EXIT_INVALID. */
must_check_ int setup_read(struct setup *out, const struct config_flags *flags);

/* setup_open() and setup_rules(). */
must_check_ int setup_load(struct setup *out, const struct invocation *in);

/**
 * setup_ruleset() - ruleset_load() with what is docksill's own by the settings put on the lists that keep it shut
 * @options: .added is filled here
 *
 * Returns as ruleset_load().
 */
must_check_ int setup_ruleset(struct ruleset **out, const struct setup *s, struct ruleset_options options,
                              struct diag *diag);

/* Loads the configured environment; every diagnostic goes to stderr. Returns EXIT_FINE or EXIT_INVALID. */
must_check_ int setup_rules(struct setup *s);

void setup_close(struct setup *s);

/* EXIT_FINE or EXIT_INVALID for what loading returned; prints @diag on stderr, and says when it was memory that
 * failed. */
int setup_outcome(int error, const struct diag *diag);
