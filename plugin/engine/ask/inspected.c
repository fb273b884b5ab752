#include "inspected.h"
#include "read/body.h"
#include "read/device.h"
#include "read/go-type.h"
#include "read/mount.h"
#include <assert.h>

static const struct gojson_type empty_map = GO_MAP(empty_type);

static const struct gojson_field inspected_config_fields[] = {
        GO_FIELD(inspected_config, "User", user, gojson_string),
        GO_FIELD(inspected_config, "ExposedPorts", exposed_ports, empty_map),
        GO_FIELD(inspected_config, "OpenStdin", open_stdin, gojson_bool),
        GO_FIELD(inspected_config, "Env", env, gojson_strings),
        GO_FIELD(inspected_config, "Cmd", cmd, gojson_strings),
        GO_FIELD(inspected_config, "Healthcheck", healthcheck, health_config_type),
        GO_FIELD(inspected_config, "Image", image, gojson_string),
        GO_FIELD(inspected_config, "Volumes", volumes, empty_map),
        GO_FIELD(inspected_config, "WorkingDir", working_dir, gojson_string),
        GO_FIELD(inspected_config, "Entrypoint", entrypoint, gojson_strings),
        GO_FIELD(inspected_config, "Labels", labels, gojson_string_map),
        GO_FIELD(inspected_config, "Shell", shell, gojson_strings),
};
static const struct gojson_type inspected_config_type = GO_STRUCT(inspected_config);

static const struct gojson_field inspected_image_fields[] = {
        GO_FIELD(inspected_image, "Id", id, gojson_string),
        GO_FIELD(inspected_image, "RepoDigests", repo_digests, gojson_strings),
        GO_FIELD(inspected_image, "Created", created, gojson_string),
        GO_FIELD(inspected_image, "Config", config, inspected_config_type),
        GO_FIELD(inspected_image, "Architecture", architecture, gojson_string),
        GO_FIELD(inspected_image, "Variant", variant, gojson_string),
        GO_FIELD(inspected_image, "Os", os, gojson_string),
        GO_FIELD(inspected_image, "Size", size, gojson_int64),
};
const struct gojson_type inspected_image_type = GO_STRUCT(inspected_image);

static const struct gojson_field inspected_volume_fields[] = {
        GO_FIELD(inspected_volume, "Driver", driver, gojson_string),
        GO_FIELD(inspected_volume, "Name", name, gojson_string),
        GO_FIELD(inspected_volume, "Options", options, gojson_string_map),
};
const struct gojson_type inspected_volume_type = GO_STRUCT(inspected_volume);

static const struct gojson_field inspected_mount_fields[] = {
        GO_FIELD(inspected_mount, "Type", type, gojson_string),
        GO_FIELD(inspected_mount, "Name", name, gojson_string),
        GO_FIELD(inspected_mount, "Source", source, gojson_string),
        GO_FIELD(inspected_mount, "Destination", destination, gojson_string),
        GO_FIELD(inspected_mount, "Driver", driver, gojson_string),
        GO_FIELD(inspected_mount, "Mode", mode, gojson_string),
        GO_FIELD(inspected_mount, "RW", rw, gojson_bool),
        GO_FIELD(inspected_mount, "Propagation", propagation, gojson_string),
};
static const struct gojson_type inspected_mount_type = GO_STRUCT(inspected_mount);
static const struct gojson_type inspected_mounts_type = GO_LIST(inspected_mount_type);

static const struct gojson_field inspected_host_config_fields[] = {
        GO_FIELD(inspected_host_config, "NetworkMode", network_mode, gojson_string),
        GO_FIELD(inspected_host_config, "CapAdd", cap_add, gojson_strings),
        GO_FIELD(inspected_host_config, "IpcMode", ipc_mode, gojson_string),
        GO_FIELD(inspected_host_config, "PidMode", pid_mode, gojson_string),
        GO_FIELD(inspected_host_config, "Privileged", privileged, gojson_bool),
        GO_FIELD(inspected_host_config, "SecurityOpt", security_opt, gojson_strings),
        GO_FIELD(inspected_host_config, "Tmpfs", tmpfs, gojson_string_map),
        GO_FIELD(inspected_host_config, "UTSMode", uts_mode, gojson_string),
        GO_FIELD(inspected_host_config, "UsernsMode", userns_mode, gojson_string),
        GO_FIELD(inspected_host_config, "Runtime", runtime, gojson_string),
        GO_FIELD(inspected_host_config, "CgroupParent", cgroup_parent, gojson_string),
        GO_FIELD(inspected_host_config, "Devices", devices, device_mappings_type),
        GO_FIELD(inspected_host_config, "DeviceCgroupRules", device_cgroup_rules, gojson_strings),
        GO_FIELD(inspected_host_config, "DeviceRequests", device_requests, device_requests_type),
        GO_FIELD(inspected_host_config, "MaskedPaths", masked_paths, gojson_strings),
        GO_FIELD(inspected_host_config, "ReadonlyPaths", readonly_paths, gojson_strings),
};
static const struct gojson_type inspected_host_config_type = GO_STRUCT(inspected_host_config);

static const struct gojson_field inspected_state_fields[] = {
        GO_FIELD(inspected_state, "Status", status, gojson_string),
        GO_FIELD(inspected_state, "StartedAt", started_at, gojson_string),
};
static const struct gojson_type inspected_state_type = GO_STRUCT(inspected_state);

static const struct gojson_field inspected_container_fields[] = {
        GO_FIELD(inspected_container, "Id", id, gojson_string),
        GO_FIELD(inspected_container, "State", state, inspected_state_type),
        GO_FIELD(inspected_container, "Image", image, gojson_string),
        GO_FIELD(inspected_container, "Name", name, gojson_string),
        GO_FIELD(inspected_container, "HostConfig", host_config, inspected_host_config_type),
        GO_FIELD(inspected_container, "Mounts", mounts, inspected_mounts_type),
        GO_FIELD(inspected_container, "Config", config, inspected_config_type),
};
const struct gojson_type inspected_container_type = GO_STRUCT(inspected_container);

static const struct gojson_field inspected_exec_fields[] = {
        GO_FIELD(inspected_exec, "ContainerID", container_id, gojson_string),
};
const struct gojson_type inspected_exec_type = GO_STRUCT(inspected_exec);

static const struct gojson_field inspected_network_fields[] = {
        GO_FIELD(inspected_network, "Name", name, gojson_string),
        GO_FIELD(inspected_network, "Driver", driver, gojson_string),
};
const struct gojson_type inspected_network_type = GO_STRUCT(inspected_network);

static const struct gojson_field inspected_plugin_fields[] = {
        GO_FIELD(inspected_plugin, "PluginReference", reference, gojson_string),
};
const struct gojson_type inspected_plugin_type = GO_STRUCT(inspected_plugin);

bool inspected_read(void *out, const struct gojson_type *type, struct arena *arena, struct str json) {
        struct flaws flaws = { 0 };

        assert(type->kind == GOJSON_STRUCT);
        json_read_apart(arena, &flaws, out, type, json);
        /* dockerd writes down what it holds, and what a health check printed may hold a NUL. */
        flaws.set &= ~(UINT64_C(1) << FLAW_NUL);
        return !arena_full(arena) && !flaws_any(&flaws) && *(const bool *)out;
}
