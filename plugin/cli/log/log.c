#include "log-commands.h"

const struct command command_log = {
        .name = "log",
        .doc = "Show the records of decisions, follow them, or check that they are as they were written.",
        .commands =
                (const struct command *const[]){ &command_log_show, &command_log_follow, &command_log_verify, NULL },
};
