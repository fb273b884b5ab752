#include "log-commands.h"

const struct command command_log = {
        .name = "log",
        .doc = "Check that records are as they were written.",
        .commands = (const struct command *const[]){ &command_log_verify, NULL },
};
