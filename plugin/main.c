#include "docksill/cli/dispatch.h"

static const struct command *const commands[] = {
        &command_serve,   &command_check,      &command_test,     &command_explain,      &command_rules,
        &command_facts,   &command_operations, &command_config,   &command_explain_code, &command_diff,
        &command_suggest, &command_baseline,   &command_exempt,   &command_scan,         &command_enable,
        &command_disable, &command_confirm,    &command_status,   &command_doctor,       &command_log,
        &command_audit,   &command_report,     &command_commands, &command_completion,   NULL,
};

int main(int argc, char **argv) {
        return commands_run(commands, argc, argv);
}
