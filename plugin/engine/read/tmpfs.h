#pragma once
/*
 * tmpfs: file systems in memory, by each door that makes one: HostConfig.Tmpfs, Mounts, a volume of the local driver.
 *
 * All become facts.tmpfs, each option a word of its own. moby volume/mounts/linux_parser.go, pkg/mount flags,
 * volume/local.
 */
#include "docksill/wire/gojson.h"
#include "reading.h"

struct tmpfs_options;

/* Bytes of what mount(2) takes for options; longer ones no kernel sees whole. */
#define MOUNT_OPTIONS_MOST 4096

/* Options beyond MOUNT_OPTIONS_MOST, and more than FACT_HEAVY_MOST of them in a request, make the arena full. */

/* HostConfig.Tmpfs: a string map of path to options. */
void tmpfs_read(struct reading *in, const struct go_list *map);

/* A mount of type tmpfs, of a container or a service. */
void tmpfs_mount_read(struct reading *in, const struct mount_fact *mount, const struct tmpfs_options *options);

/* A local volume of type tmpfs, by its option o. */
void tmpfs_volume_read(struct reading *in, const struct mount_fact *mount, struct str o);
