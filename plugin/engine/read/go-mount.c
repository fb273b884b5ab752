#include "go-mount.h"
#include "docksill/base/str.h"
#include "go-type.h"

static const struct gojson_type strings_list = GO_LIST(gojson_strings);

static const struct gojson_field bind_options_fields[] = {
        GO_FIELD(bind_options, "Propagation", propagation, gojson_string),
        GO_FIELD(bind_options, "NonRecursive", non_recursive, gojson_bool),
        GO_FIELD(bind_options, "CreateMountpoint", create_mountpoint, gojson_bool),
        GO_FIELD(bind_options, "ReadOnlyNonRecursive", read_only_non_recursive, gojson_bool),
        GO_FIELD(bind_options, "ReadOnlyForceRecursive", read_only_force_recursive, gojson_bool),
};
static const struct gojson_type bind_options_type = GO_STRUCT(bind_options);

static const struct gojson_field volume_driver_fields[] = {
        GO_FIELD(volume_driver, "Name", name, gojson_string),
        GO_FIELD(volume_driver, "Options", options, gojson_string_map),
};
static const struct gojson_type volume_driver_type = GO_STRUCT(volume_driver);

static const struct gojson_field volume_options_fields[] = {
        GO_FIELD(volume_options, "NoCopy", no_copy, gojson_bool),
        GO_FIELD(volume_options, "Labels", labels, gojson_string_map),
        GO_FIELD(volume_options, "Subpath", subpath, gojson_string),
        GO_FIELD(volume_options, "DriverConfig", driver_config, volume_driver_type),
};
static const struct gojson_type volume_options_type = GO_STRUCT(volume_options);

static const struct gojson_field image_options_fields[] = {
        GO_FIELD(image_options, "Subpath", subpath, gojson_string),
};
static const struct gojson_type image_options_type = GO_STRUCT(image_options);

static const struct gojson_field tmpfs_options_fields[] = {
        GO_FIELD(tmpfs_options, "SizeBytes", size_bytes, gojson_int64),
        GO_FIELD(tmpfs_options, "Mode", mode, gojson_uint32),
        GO_FIELD(tmpfs_options, "Options", options, strings_list),
};
static const struct gojson_type tmpfs_options_type = GO_STRUCT(tmpfs_options);

const struct gojson_type empty_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct cluster_options) };

static const struct gojson_field mount_fields[] = {
        GO_FIELD(mount, "Type", type, gojson_string),
        GO_FIELD(mount, "Source", source, gojson_string),
        GO_FIELD(mount, "Target", target, gojson_string),
        GO_FIELD(mount, "ReadOnly", read_only, gojson_bool),
        GO_FIELD(mount, "Consistency", consistency, gojson_string),
        GO_FIELD(mount, "BindOptions", bind_options, bind_options_type),
        GO_FIELD(mount, "VolumeOptions", volume_options, volume_options_type),
        GO_FIELD(mount, "ImageOptions", image_options, image_options_type),
        GO_FIELD(mount, "TmpfsOptions", tmpfs_options, tmpfs_options_type),
        GO_FIELD(mount, "ClusterOptions", cluster_options, empty_type),
};
static const struct gojson_type mount_type = GO_STRUCT(mount);
const struct gojson_type mounts_type = GO_LIST(mount_type);

bool is_propagation(struct str word) {
        static const struct str words[] = {
                STR("private"), STR("rprivate"), STR("shared"), STR("rshared"), STR("slave"), STR("rslave"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(words); ++i)
                if (str_eq(word, words[i]))
                        return true;
        return false;
}
