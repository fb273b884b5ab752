#pragma once
/*
 * mount: every spelling by which a piece of the host, a volume or a file system comes into a container.
 *
 * moby volume/mounts, volume/local; PROTOCOL 6.1 to 6.3.
 */
#include "reading.h"

/* Go's mount.Mount and what hangs on it, with the keys of all known versions. */
struct volume_driver {
        bool given;
        struct go_string name;
        struct go_list options;
};
struct bind_options {
        bool given;
        struct go_string propagation;
        struct go_bool non_recursive, create_mountpoint, read_only_non_recursive, read_only_force_recursive;
};
struct volume_options {
        bool given;
        struct go_bool no_copy;
        struct go_list labels;
        struct go_string subpath;
        struct volume_driver driver_config;
};
struct image_options {
        bool given;
        struct go_string subpath;
};
struct tmpfs_options {
        bool given;
        struct go_int size_bytes, mode;
        struct go_list options;
};
struct cluster_options {
        bool given;
};
struct mount {
        bool given;
        struct go_string type, source, target;
        struct go_bool read_only;
        struct go_string consistency;
        struct bind_options bind_options;
        struct volume_options volume_options;
        struct image_options image_options;
        struct tmpfs_options tmpfs_options;
        struct cluster_options cluster_options;
};

/* []mount.Mount, and the empty struct that Volumes and ExposedPorts map to. */
extern const struct gojson_type mounts_type, empty_type;
struct empty_entry {
        struct str key;
        bool given;
};

/* Bytes of what mount(2) takes for options; longer ones no kernel sees whole. */
#define MOUNT_OPTIONS_MOST 4096

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

/* What a volume made by the local driver with @options (a string map) is: kind, source, filesystem and reach of @m; one
 * in memory is added to f->tmpfs. An `o` beyond MOUNT_OPTIONS_MOST makes the arena full. */
void volume_options_read(struct reading *in, struct mount_fact *m, const struct go_list *options);
