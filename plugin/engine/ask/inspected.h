#pragma once
/*
 * inspected: the engine's own answers about one image, volume, container, exec, network or plugin, as far as rules need
 * them.
 *
 * moby api/types, image/spec; the keys of 20.10 to 29 that are wanted, all others are passed over.
 */
#include "read/create.h"

struct inspected_config {
        bool given;
        struct go_string user, working_dir;
        struct go_bool open_stdin;
        struct go_string image;                     /* of a container: as who made it wrote it */
        struct go_list env, cmd, entrypoint, shell; /* of struct go_string */
        struct go_list volumes, exposed_ports;      /* of struct empty_entry */
        struct go_list labels;                      /* a string map */
        struct health_config healthcheck;
};
struct inspected_image {
        bool given;
        struct go_string id, created, os, architecture, variant;
        struct go_int size;
        struct go_list repo_digests;
        struct inspected_config config;
};
struct inspected_volume {
        bool given;
        struct go_string name, driver;
        struct go_list options; /* a string map */
};
struct inspected_mount {
        bool given;
        struct go_string type, name, source, destination, driver, mode, propagation;
        struct go_bool rw;
};
struct inspected_host_config {
        bool given;
        struct go_bool privileged;
        struct go_string network_mode, pid_mode, ipc_mode, userns_mode, uts_mode, cgroup_parent, runtime;
        struct go_list cap_add, security_opt, device_cgroup_rules, masked_paths,
                readonly_paths;         /* of struct go_string */
        struct go_list devices;         /* of struct device_mapping */
        struct go_list device_requests; /* of struct device_request */
        struct go_list tmpfs;           /* a string map */
};
struct inspected_state {
        bool given;
        struct go_string status, started_at;
};
struct inspected_container {
        bool given;
        struct go_string id, name, image; /* image: its id */
        struct inspected_state state;
        struct inspected_host_config host_config;
        struct inspected_config config;
        struct go_list mounts; /* of struct inspected_mount */
};
struct inspected_exec {
        bool given;
        struct go_string container_id;
};
struct inspected_network {
        bool given;
        struct go_string name, driver;
};
struct inspected_plugin {
        bool given;
        struct go_string reference; /* by digest only if it was pulled so */
};

extern const struct gojson_type inspected_image_type, inspected_volume_type, inspected_container_type,
        inspected_exec_type, inspected_network_type, inspected_plugin_type;

/**
 * inspected_read() - @json as one object
 * @out: a zeroed struct of @type, which begins with bool given
 *
 * False: it is not what an engine writes, or there is no memory for it, and the arena full.
 */
must_check_ bool inspected_read(void *out, const struct gojson_type *type, struct arena *arena, struct str json);
