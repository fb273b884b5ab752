#pragma once
/*
 * log: where a container's output goes: a driver, and each option of it.
 *
 * dockerd itself, as root, connects to the address that stands there and reads the files that are named (moby
 * daemon/logger). One row a driver and option of moby's own says what an option is; log.c has them.
 */
#include "reading.h"

/* Where it stands: the field of the driver's name, and that of its options. */
struct log_place {
        const char *driver, *options;
};

/**
 * log_read() - add to facts.logs, .log_options and .drivers
 * @options: a string map
 *
 * Control bytes in what is copied into each line are a flaw of the request. Nothing chosen adds nothing.
 */
void log_read(struct reading *in, const struct log_place *place, struct go_string driver,
              const struct go_list *options);
