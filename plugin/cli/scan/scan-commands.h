#pragma once
/*
 * scan-commands: the family of commands about scanners' reports, a file each.
 */
#include "docksill/cli/config.h"
#include "docksill/cli/invocation.h"

extern const struct command command_scan_add, command_scan_list;

/* The folder that --folder or the configuration names; NULL: neither does, and that was said on stderr. */
const char *scan_commands_folder(const struct invocation *in, const struct config *config);
