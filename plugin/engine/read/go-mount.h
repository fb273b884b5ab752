#pragma once
/*
 * go-mount: Go's mount.Mount and what hangs on it, with the keys of all known versions.
 */
#include "docksill/wire/gojson.h"

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

/* Is it a way to propagate mounts, exactly so spelt? */
bool is_propagation(struct str word);
