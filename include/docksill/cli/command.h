#pragma once
/*
 * command: one row a subcommand; usage is printed from the rows.
 */
#include "docksill/base/cleanup.h"
#include "docksill/base/text.h"
#include <stdint.h>

/* Stable: scripts go by them. */
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

struct invocation;
struct nearest;

#define ARGUMENTS_ANY SIZE_MAX

struct command {
        const char *name, *arguments, *doc; /* name: of a family's member "rules list", typed as two words; arguments:
                                               NULL where it takes none */
        size_t least, most;                 /* how many arguments it takes */
        const char *takes;                  /* said to who gives fewer or more: "one rule's id"; NULL: none at all */
        const struct option_row *options;   /* ended by a row without a name */
        int (*run)(const struct invocation *in); /* returns an enum exit_code */
        const struct command *const *commands;   /* a family has these, ended by NULL, and no run() */
};

/* Says on stderr what is wrong with the arguments and where the manual is. Always returns EXIT_USAGE. */
printf_(2, 3) int command_misused(const struct command *command, const char *fmt, ...);

/* The same of a name that is none of those offered: `no option "--fromat"; did you mean --format?`. @dashes: "--" of an
 * option, "" of all else. */
int command_misnamed(const struct command *command, const char *what, const char *dashes,
                     const struct nearest *nearest);

/* "list" of "rules list": what is typed to choose among a family. */
const char *command_word(const struct command *command);

/* The first line of its documentation; its arguments, "" where it takes none. */
struct str command_summary(const struct command *command);
const char *command_arguments(const struct command *command);

/* The one of @commands that @word names, or NULL. */
const struct command *command_find(const struct command *const *commands, const char *word);

/* Says on stderr that none of @commands is called @word; @family: NULL among the program's own. Always returns
 * EXIT_USAGE. */
int command_unknown(const struct command *family, const struct command *const *commands, const char *word);

/* What `docksill help NAME` prints, and `docksill help`. */
void command_usage(struct text *out, const struct command *command);
void commands_usage(struct text *out, const struct command *const *commands);

extern const struct command command_serve, command_check, command_test, command_explain, command_explain_code,
        command_rules, command_facts, command_operations, command_config, command_diff, command_suggest,
        command_baseline, command_exempt, command_scan, command_enable, command_disable, command_confirm,
        command_status, command_doctor, command_log, command_audit, command_report;
extern const struct command command_commands, command_completion;
