#pragma once
/*
 * mount: every spelling by which a piece of the host, a volume or a file system comes into a container.
 *
 * moby volume/mounts, volume/local; PROTOCOL 6.1 to 6.3.
 */
#include "go-mount.h"
#include "reading.h"

/* One at @origin, of which nothing else is known yet. */
struct mount_fact mount_of(struct origin origin);

/* Appends @m to facts.mounts. More than FACT_HEAVY_MOST make the arena full. */
void mount_add(struct reading *in, const struct mount_fact *m);

/* Mounts, which stand in @field: of struct mount. */
void mounts_read(struct reading *in, const char *field, const struct go_list *mounts);

/* HostConfig.Binds: of struct go_string; @driver is HostConfig.VolumeDriver, which named volumes are made with. */
void binds_read(struct reading *in, const struct go_list *binds, struct go_string driver);

/* Config.Volumes: of struct empty_entry; an anonymous volume at each key. */
void volumes_read(struct reading *in, const struct go_list *volumes, struct go_string driver);

/* What the image declares as volumes, @driver makes too: which they are, the request does not say. */
void image_volumes_read(struct reading *in, struct go_string driver);

/* HostConfig.VolumesFrom, into container.volumes_from. */
void volumes_from_read(struct reading *in, const struct go_list *peers);

/* What a volume is that @driver makes with @options (a string map): kind and driver of @m, and what the local driver's
 * options mean. m->volume is its name already. */
void volume_driver_read(struct reading *in, struct mount_fact *m, struct go_string driver,
                        const struct go_list *options);
