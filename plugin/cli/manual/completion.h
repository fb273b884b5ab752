#pragma once
/*
 * completion: what a shell needs to complete docksill's commands, options and their values, printed from the table of
 * commands alone. One function a shell.
 */
#include "docksill/cli/command.h"

void completion_bash(struct text *out, const struct command *const *commands);
void completion_fish(struct text *out, const struct command *const *commands);
void completion_zsh(struct text *out, const struct command *const *commands);

/* Each command that runs: @commands, and the members of families among them. */
void completion_each(struct text *out, const struct command *const *commands,
                     void (*add)(struct text *out, const struct command *command));
