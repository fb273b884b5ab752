#include "rules.h"

const struct command command_rules = {
        .name = "rules",
        .doc = "List rules, show one, or check their style.",
        .commands =
                (const struct command *const[]){ &command_rules_list, &command_rules_show, &command_rules_lint, NULL },
};
