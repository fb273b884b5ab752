#pragma once
/*
 * service-spec: Go's swarm.ServiceSpec, with the keys of all known versions.
 *
 * moby api/types/swarm service.go, task.go, container.go, api/types/swarm/runtime. What it says of a container has
 * other names here than in HostConfig, and other types: a profile in base64, ports as numbers.
 */
#include "create.h"
#include "mount.h"
#include "plugin.h"

struct selinux_context {
        bool given;
        struct go_bool disable;
        struct go_string user, role, type, level;
};
struct credential_spec {
        bool given;
        struct go_string config, file, registry;
};
struct seccomp_opts {
        bool given;
        struct go_string mode, profile; /* profile: base64 */
};
struct apparmor_opts {
        bool given;
        struct go_string mode;
};
struct privileges {
        bool given;
        struct credential_spec credential_spec;
        struct selinux_context selinux_context;
        struct seccomp_opts seccomp;
        struct apparmor_opts apparmor;
        struct go_bool no_new_privileges;
};
struct dns_config {
        bool given;
        struct go_list nameservers, search, options;
};
struct reference_file {
        bool given;
        struct go_string name, uid, gid;
        struct go_int mode;
};
/* Of a secret or a config. */
struct data_reference {
        bool given;
        struct reference_file file;
        struct cluster_options runtime;
        struct go_string id, name;
};
struct container_spec {
        bool given;
        struct go_string image, hostname, dir, user, stop_signal, isolation;
        struct go_list labels, command, args, env, groups, mounts, hosts, secrets, configs, sysctls, capability_add,
                capability_drop, ulimits;
        struct privileges privileges;
        struct go_bool init, tty, open_stdin, read_only;
        struct go_int stop_grace_period, oom_score_adj;
        struct health_config healthcheck;
        struct dns_config dns_config;
};
/* A device, or whatever else the nodes declare to have: by name, or how many. */
struct generic_resource {
        bool given;
        struct named_resource {
                bool given;
                struct go_string kind, value;
        } named;
        struct discrete_resource {
                bool given;
                struct go_string kind;
                struct go_int value;
        } discrete;
};
struct limit {
        bool given;
        struct go_int nano_cpus, memory_bytes, pids;
        struct go_list generic_resources;
};
struct resource_requirements {
        bool given;
        struct limit limits, reservations;
        struct go_int swap_bytes, memory_swappiness;
};
struct task_restart_policy {
        bool given;
        struct go_string condition;
        struct go_int delay, max_attempts, window;
};
struct placement {
        bool given;
        struct go_list constraints, preferences, platforms;
        struct go_int max_replicas;
};
struct network_attachment {
        bool given;
        struct go_string target;
        struct go_list aliases, driver_opts;
};
struct swarm_driver {
        bool given;
        struct go_string name;
        struct go_list options;
};
struct attachment_spec {
        bool given;
        struct go_string container_id;
};
struct task_spec {
        bool given;
        struct container_spec container_spec;
        struct plugin_spec plugin_spec;
        struct attachment_spec attachment_spec;
        struct resource_requirements resources;
        struct task_restart_policy restart_policy;
        struct placement placement;
        struct go_list networks;
        struct swarm_driver log_driver;
        struct go_int force_update;
        struct go_string runtime;
};
struct service_mode {
        bool given;
        struct {
                bool given;
                struct go_int replicas;
        } replicated;
        struct cluster_options global, global_job;
        struct {
                bool given;
                struct go_int max_concurrent, total_completions;
        } replicated_job;
};
struct update_config {
        bool given;
        struct go_int parallelism, delay, monitor;
        struct go_string failure_action, order;
        struct go_any max_failure_ratio; /* a fraction */
};
struct service_port {
        bool given;
        struct go_string name, protocol, publish_mode;
        struct go_int target_port, published_port;
};
struct endpoint_spec {
        bool given;
        struct go_string mode;
        struct go_list ports;
};
struct service_spec {
        bool given;
        struct go_string name;
        struct go_list labels, networks;
        struct task_spec task_template;
        struct service_mode mode;
        struct update_config update_config, rollback_config;
        struct endpoint_spec endpoint_spec;
};

extern const struct gojson_type service_spec_type, swarm_driver_type;
