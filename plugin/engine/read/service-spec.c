#include "service-spec.h"
#include "go-type.h"

/* -- the container -- */

static const struct gojson_field selinux_context_fields[] = {
        GO_FIELD(selinux_context, "Disable", disable, gojson_bool),
        GO_FIELD(selinux_context, "User", user, gojson_string),
        GO_FIELD(selinux_context, "Role", role, gojson_string),
        GO_FIELD(selinux_context, "Type", type, gojson_string),
        GO_FIELD(selinux_context, "Level", level, gojson_string),
};
static const struct gojson_type selinux_context_type = GO_STRUCT(selinux_context);

static const struct gojson_field credential_spec_fields[] = {
        GO_FIELD(credential_spec, "Config", config, gojson_string),
        GO_FIELD(credential_spec, "File", file, gojson_string),
        GO_FIELD(credential_spec, "Registry", registry, gojson_string),
};
static const struct gojson_type credential_spec_type = GO_STRUCT(credential_spec);

static const struct gojson_field seccomp_opts_fields[] = {
        GO_FIELD(seccomp_opts, "Mode", mode, gojson_string),
        GO_FIELD(seccomp_opts, "Profile", profile, gojson_string),
};
static const struct gojson_type seccomp_opts_type = GO_STRUCT(seccomp_opts);

static const struct gojson_field apparmor_opts_fields[] = {
        GO_FIELD(apparmor_opts, "Mode", mode, gojson_string),
};
static const struct gojson_type apparmor_opts_type = GO_STRUCT(apparmor_opts);

static const struct gojson_field privileges_fields[] = {
        GO_FIELD(privileges, "CredentialSpec", credential_spec, credential_spec_type),
        GO_FIELD(privileges, "SELinuxContext", selinux_context, selinux_context_type),
        GO_FIELD(privileges, "Seccomp", seccomp, seccomp_opts_type),
        GO_FIELD(privileges, "AppArmor", apparmor, apparmor_opts_type),
        GO_FIELD(privileges, "NoNewPrivileges", no_new_privileges, gojson_bool),
};
static const struct gojson_type privileges_type = GO_STRUCT(privileges);

static const struct gojson_field dns_config_fields[] = {
        GO_FIELD(dns_config, "Nameservers", nameservers, gojson_strings),
        GO_FIELD(dns_config, "Search", search, gojson_strings),
        GO_FIELD(dns_config, "Options", options, gojson_strings),
};
static const struct gojson_type dns_config_type = GO_STRUCT(dns_config);

static const struct gojson_field reference_file_fields[] = {
        GO_FIELD(reference_file, "Name", name, gojson_string),
        GO_FIELD(reference_file, "UID", uid, gojson_string),
        GO_FIELD(reference_file, "GID", gid, gojson_string),
        GO_FIELD(reference_file, "Mode", mode, gojson_uint32),
};
static const struct gojson_type reference_file_type = GO_STRUCT(reference_file);

static const struct gojson_field secret_reference_fields[] = {
        GO_FIELD(data_reference, "File", file, reference_file_type),
        GO_FIELD(data_reference, "SecretID", id, gojson_string),
        GO_FIELD(data_reference, "SecretName", name, gojson_string),
};
static const struct gojson_field config_reference_fields[] = {
        GO_FIELD(data_reference, "File", file, reference_file_type),
        GO_FIELD(data_reference, "Runtime", runtime, empty_type),
        GO_FIELD(data_reference, "ConfigID", id, gojson_string),
        GO_FIELD(data_reference, "ConfigName", name, gojson_string),
};
static const struct gojson_type secret_reference_type = GO_STRUCT_BY(data_reference, secret_reference_fields);
static const struct gojson_type config_reference_type = GO_STRUCT_BY(data_reference, config_reference_fields);
static const struct gojson_type secrets_type = GO_LIST(secret_reference_type);
static const struct gojson_type configs_type = GO_LIST(config_reference_type);

static const struct gojson_field container_spec_fields[] = {
        GO_FIELD(container_spec, "Image", image, gojson_string),
        GO_FIELD(container_spec, "Labels", labels, gojson_string_map),
        GO_FIELD(container_spec, "Command", command, gojson_strings),
        GO_FIELD(container_spec, "Args", args, gojson_strings),
        GO_FIELD(container_spec, "Hostname", hostname, gojson_string),
        GO_FIELD(container_spec, "Env", env, gojson_strings),
        GO_FIELD(container_spec, "Dir", dir, gojson_string),
        GO_FIELD(container_spec, "User", user, gojson_string),
        GO_FIELD(container_spec, "Groups", groups, gojson_strings),
        GO_FIELD(container_spec, "Privileges", privileges, privileges_type),
        GO_FIELD(container_spec, "Init", init, gojson_bool),
        GO_FIELD(container_spec, "StopSignal", stop_signal, gojson_string),
        GO_FIELD(container_spec, "TTY", tty, gojson_bool),
        GO_FIELD(container_spec, "OpenStdin", open_stdin, gojson_bool),
        GO_FIELD(container_spec, "ReadOnly", read_only, gojson_bool),
        GO_FIELD(container_spec, "Mounts", mounts, mounts_type),
        GO_FIELD(container_spec, "StopGracePeriod", stop_grace_period, gojson_int64),
        GO_FIELD(container_spec, "Healthcheck", healthcheck, health_config_type),
        GO_FIELD(container_spec, "Hosts", hosts, gojson_strings),
        GO_FIELD(container_spec, "DNSConfig", dns_config, dns_config_type),
        GO_FIELD(container_spec, "Secrets", secrets, secrets_type),
        GO_FIELD(container_spec, "Configs", configs, configs_type),
        GO_FIELD(container_spec, "Isolation", isolation, gojson_string),
        GO_FIELD(container_spec, "Sysctls", sysctls, gojson_string_map),
        GO_FIELD(container_spec, "CapabilityAdd", capability_add, gojson_strings),
        GO_FIELD(container_spec, "CapabilityDrop", capability_drop, gojson_strings),
        GO_FIELD(container_spec, "Ulimits", ulimits, ulimits_type),
        GO_FIELD(container_spec, "OomScoreAdj", oom_score_adj, gojson_int64),
};
static const struct gojson_type container_spec_type = GO_STRUCT(container_spec);

/* -- the task -- */

static const struct gojson_field limits_fields[] = {
        GO_FIELD(limit, "NanoCPUs", nano_cpus, gojson_int64),
        GO_FIELD(limit, "MemoryBytes", memory_bytes, gojson_int64),
        GO_FIELD(limit, "Pids", pids, gojson_int64),
};
static const struct gojson_type limits_type = GO_STRUCT_BY(limit, limits_fields);
static const struct gojson_field named_resource_fields[] = {
        GO_FIELD(named_resource, "Kind", kind, gojson_string),
        GO_FIELD(named_resource, "Value", value, gojson_string),
};
static const struct gojson_type named_resource_type = GO_STRUCT(named_resource);
static const struct gojson_field discrete_resource_fields[] = {
        GO_FIELD(discrete_resource, "Kind", kind, gojson_string),
        GO_FIELD(discrete_resource, "Value", value, gojson_int64),
};
static const struct gojson_type discrete_resource_type = GO_STRUCT(discrete_resource);
static const struct gojson_field generic_resource_fields[] = {
        GO_FIELD(generic_resource, "NamedResourceSpec", named, named_resource_type),
        GO_FIELD(generic_resource, "DiscreteResourceSpec", discrete, discrete_resource_type),
};
static const struct gojson_type generic_resource_type = GO_STRUCT(generic_resource);
static const struct gojson_type generic_resources_type = GO_LIST(generic_resource_type);
/* Before 20.10 limits were of the same type, but nothing ever read generic ones there. */
static const struct gojson_field reservations_fields[] = {
        GO_FIELD(limit, "NanoCPUs", nano_cpus, gojson_int64),
        GO_FIELD(limit, "MemoryBytes", memory_bytes, gojson_int64),
        GO_FIELD(limit, "GenericResources", generic_resources, generic_resources_type),
};
static const struct gojson_type reservations_type = GO_STRUCT_BY(limit, reservations_fields);

static const struct gojson_field resource_requirements_fields[] = {
        GO_FIELD(resource_requirements, "Limits", limits, limits_type),
        GO_FIELD(resource_requirements, "Reservations", reservations, reservations_type),
        GO_FIELD(resource_requirements, "SwapBytes", swap_bytes, gojson_int64),
        GO_FIELD(resource_requirements, "MemorySwappiness", memory_swappiness, gojson_int64),
};
static const struct gojson_type resource_requirements_type = GO_STRUCT(resource_requirements);

static const struct gojson_field task_restart_policy_fields[] = {
        GO_FIELD(task_restart_policy, "Condition", condition, gojson_string),
        GO_FIELD(task_restart_policy, "Delay", delay, gojson_int64),
        GO_FIELD(task_restart_policy, "MaxAttempts", max_attempts, gojson_uint64),
        GO_FIELD(task_restart_policy, "Window", window, gojson_int64),
};
static const struct gojson_type task_restart_policy_type = GO_STRUCT(task_restart_policy);

static const struct gojson_type any_list = GO_LIST(gojson_any);
static const struct gojson_field placement_fields[] = {
        GO_FIELD(placement, "Constraints", constraints, gojson_strings),
        GO_FIELD(placement, "Preferences", preferences, any_list),
        GO_FIELD(placement, "MaxReplicas", max_replicas, gojson_uint64),
        GO_FIELD(placement, "Platforms", platforms, any_list),
};
static const struct gojson_type placement_type = GO_STRUCT(placement);

static const struct gojson_field network_attachment_fields[] = {
        GO_FIELD(network_attachment, "Target", target, gojson_string),
        GO_FIELD(network_attachment, "Aliases", aliases, gojson_strings),
        GO_FIELD(network_attachment, "DriverOpts", driver_opts, gojson_string_map),
};
static const struct gojson_type network_attachment_type = GO_STRUCT(network_attachment);
static const struct gojson_type network_attachments_type = GO_LIST(network_attachment_type);

static const struct gojson_field swarm_driver_fields[] = {
        GO_FIELD(swarm_driver, "Name", name, gojson_string),
        GO_FIELD(swarm_driver, "Options", options, gojson_string_map),
};
const struct gojson_type swarm_driver_type = GO_STRUCT(swarm_driver);

static const struct gojson_field attachment_spec_fields[] = {
        GO_FIELD(attachment_spec, "ContainerID", container_id, gojson_string),
};
static const struct gojson_type attachment_spec_type = GO_STRUCT(attachment_spec);

static const struct gojson_field task_spec_fields[] = {
        GO_FIELD(task_spec, "ContainerSpec", container_spec, container_spec_type),
        GO_FIELD(task_spec, "PluginSpec", plugin_spec, plugin_spec_type),
        GO_FIELD(task_spec, "NetworkAttachmentSpec", attachment_spec, attachment_spec_type),
        GO_FIELD(task_spec, "Resources", resources, resource_requirements_type),
        GO_FIELD(task_spec, "RestartPolicy", restart_policy, task_restart_policy_type),
        GO_FIELD(task_spec, "Placement", placement, placement_type),
        GO_FIELD(task_spec, "Networks", networks, network_attachments_type),
        GO_FIELD(task_spec, "LogDriver", log_driver, swarm_driver_type),
        GO_FIELD(task_spec, "ForceUpdate", force_update, gojson_uint64),
        GO_FIELD(task_spec, "Runtime", runtime, gojson_string),
};
static const struct gojson_type task_spec_type = GO_STRUCT(task_spec);

/* -- the service -- */

/* Structs without a name have no GO_STRUCT: of @of's member @member, by the rows. */
#define INNER(of, member, rows)                                                                                        \
        {                                                                                                              \
                .kind = GOJSON_STRUCT, .size = sizeof(((struct of *)0)->member), .fields = rows,                       \
                .n_fields = ARRAY_SIZE(rows)                                                                           \
        }
#define INNER_FIELD(of, json, inner, member, kind)                                                                     \
        { .name = STR(json), .type = &(kind), .at = offsetof(struct of, inner.member) - offsetof(struct of, inner) }

static const struct gojson_field replicated_fields[] = {
        INNER_FIELD(service_mode, "Replicas", replicated, replicas, gojson_uint64),
};
static const struct gojson_type replicated_type = INNER(service_mode, replicated, replicated_fields);
static const struct gojson_field replicated_job_fields[] = {
        INNER_FIELD(service_mode, "MaxConcurrent", replicated_job, max_concurrent, gojson_uint64),
        INNER_FIELD(service_mode, "TotalCompletions", replicated_job, total_completions, gojson_uint64),
};
static const struct gojson_type replicated_job_type = INNER(service_mode, replicated_job, replicated_job_fields);

static const struct gojson_field service_mode_fields[] = {
        GO_FIELD(service_mode, "Replicated", replicated, replicated_type),
        GO_FIELD(service_mode, "Global", global, empty_type),
        GO_FIELD(service_mode, "ReplicatedJob", replicated_job, replicated_job_type),
        GO_FIELD(service_mode, "GlobalJob", global_job, empty_type),
};
static const struct gojson_type service_mode_type = GO_STRUCT(service_mode);

static const struct gojson_field update_config_fields[] = {
        GO_FIELD(update_config, "Parallelism", parallelism, gojson_uint64),
        GO_FIELD(update_config, "Delay", delay, gojson_int64),
        GO_FIELD(update_config, "FailureAction", failure_action, gojson_string),
        GO_FIELD(update_config, "Monitor", monitor, gojson_int64),
        GO_FIELD(update_config, "MaxFailureRatio", max_failure_ratio, gojson_any),
        GO_FIELD(update_config, "Order", order, gojson_string),
};
static const struct gojson_type update_config_type = GO_STRUCT(update_config);

static const struct gojson_field service_port_fields[] = {
        GO_FIELD(service_port, "Name", name, gojson_string),
        GO_FIELD(service_port, "Protocol", protocol, gojson_string),
        GO_FIELD(service_port, "TargetPort", target_port, gojson_uint32),
        GO_FIELD(service_port, "PublishedPort", published_port, gojson_uint32),
        GO_FIELD(service_port, "PublishMode", publish_mode, gojson_string),
};
static const struct gojson_type service_port_type = GO_STRUCT(service_port);
static const struct gojson_type service_ports_type = GO_LIST(service_port_type);

static const struct gojson_field endpoint_spec_fields[] = {
        GO_FIELD(endpoint_spec, "Mode", mode, gojson_string),
        GO_FIELD(endpoint_spec, "Ports", ports, service_ports_type),
};
static const struct gojson_type endpoint_spec_type = GO_STRUCT(endpoint_spec);

static const struct gojson_field service_spec_fields[] = {
        GO_FIELD(service_spec, "Name", name, gojson_string),
        GO_FIELD(service_spec, "Labels", labels, gojson_string_map),
        GO_FIELD(service_spec, "TaskTemplate", task_template, task_spec_type),
        GO_FIELD(service_spec, "Mode", mode, service_mode_type),
        GO_FIELD(service_spec, "UpdateConfig", update_config, update_config_type),
        GO_FIELD(service_spec, "RollbackConfig", rollback_config, update_config_type),
        GO_FIELD(service_spec, "Networks", networks, network_attachments_type),
        GO_FIELD(service_spec, "EndpointSpec", endpoint_spec, endpoint_spec_type),
};
const struct gojson_type service_spec_type = GO_STRUCT(service_spec);
