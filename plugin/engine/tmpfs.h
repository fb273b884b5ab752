#pragma once
/*
 * tmpfs: file systems in memory, by each door that makes one: HostConfig.Tmpfs, Mounts, a volume of the local driver.
 *
 * All become facts.tmpfs, each option a word of its own. moby volume/mounts/linux_parser.go, pkg/mount flags, volume/local.
 */
#include "docksill/engine/request.h"
#include "docksill/wire/gojson.h"

struct tmpfs_options;

/*
 * Each returns 0 or -ENOMEM, which stands for what is too much as well: options beyond MOUNT_OPTIONS_MOST, and more
 * than FACT_HEAVY_MOST of them in a request.
 */

/* HostConfig.Tmpfs: a string map of path to options. */
must_check_ int tmpfs_read(struct facts *f, struct arena *arena, const struct go_list *map);

/* A mount of type tmpfs, of a container or a service. */
must_check_ int tmpfs_mount_read(struct facts *f, struct arena *arena, const struct mount_fact *mount,
                                 const struct tmpfs_options *options);

/* A local volume of type tmpfs, by its option o. */
must_check_ int tmpfs_volume_read(struct facts *f, struct arena *arena, const struct mount_fact *mount, struct str o);
