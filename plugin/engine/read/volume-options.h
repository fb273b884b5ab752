#pragma once
/*
 * volume-options: what a volume of the local driver is, by the options that it is made with.
 *
 * The driver mounts whatever they say, as root: a folder of the host, a disk, a server's file system (moby
 * volume/local, moby/sys/mount flags; PROTOCOL 6.2).
 */
#include "reading.h"

/* What a volume made with @options (a string map) is: kind, source, filesystem and reach of @m; one in memory is added
 * to facts.tmpfs. An `o` beyond MOUNT_OPTIONS_MOST makes the arena full. */
void volume_options_read(struct reading *in, struct mount_fact *m, const struct go_list *options);
