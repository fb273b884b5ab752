#include "scan-commands.h"
#include <stdio.h>

const char *scan_commands_folder(const struct invocation *in, const struct config *config) {
        const char *folder = invocation_option(in, "folder") ? invocation_option(in, "folder") : config->scans_folder;

        if (!folder)
                fprintf(stderr,
                        "docksill %s: there is no folder for reports; name one in docksill.yaml (scans: {folder: "
                        "/var/lib/docksill/scans}), or with --folder\n",
                        in->command->name);
        return folder;
}

const struct command command_scan = {
        .name = "scan",
        .doc = "Put a scanner's report where rules find it, or list those that are there.",
        .commands = (const struct command *const[]){ &command_scan_add, &command_scan_list, NULL },
};
