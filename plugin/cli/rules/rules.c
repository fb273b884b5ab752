#include "rules.h"

const struct command command_rules = {
        .name = "rules",
        .doc = "List rules, show one, check their style, show which controls they serve, or print the schema of a "
               "file.",
        .commands = (const struct command *const[]){ &command_rules_list, &command_rules_show, &command_rules_lint,
                                                     &command_rules_coverage, &command_rules_schema, NULL },
};
