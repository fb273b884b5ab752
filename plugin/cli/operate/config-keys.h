#pragma once
/*
 * config-keys: the command that lists which keys a configuration knows.
 */
#include "docksill/cli/command.h"

extern const struct command command_config_keys;
