#pragma once
/*
 * rules: the family of commands about rules, a file each.
 */
#include "docksill/cli/command.h"

extern const struct command command_rules_list, command_rules_show, command_rules_lint, command_rules_coverage,
        command_rules_schema;
