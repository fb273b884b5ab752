#pragma once
/*
 * side: one of the two that are compared: what somebody names becomes settings and a rule set.
 *
 * A name, or a file of kind environment, is an environment of the rules in force; a folder is one of rules, read with
 * the environment in force where it has environments, else with the limits of lockdown; a file of kind configuration
 * brings its own rules, environment and exemptions.
 */
#include "frame/setup.h"

struct side {
        const char *given;  /* as typed */
        bool configuration; /* else the settings are those in force */
        struct setup setup; /* with rules */
};

/**
 * side_load() - read it
 * @which: "OLD", for what is said on stderr
 * @flags: of the command line: config, environment, rules, exemptions
 *
 * Says on stderr what is wrong. Returns EXIT_FINE, EXIT_INVALID or EXIT_ENVIRONMENT (no such file). side_close() it,
 * also after a failure.
 */
must_check_ int side_load(struct side *out, const char *given, const char *which, const struct config_flags *flags);
/* To judge in: audit changes answers and nothing else, so it is judged as enforced. */
enum mode side_mode(const struct side *s);

void side_close(struct side *s);
