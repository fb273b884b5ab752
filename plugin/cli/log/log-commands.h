#pragma once
/*
 * log-commands: the family of commands on the records.
 */
#include "docksill/cli/command.h"

extern const struct command command_log_show, command_log_follow, command_log_verify;
