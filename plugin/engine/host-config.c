#include "host-config.h"
#include "block-limit.h"
#include "capability.h"
#include "cell.h"
#include "device.h"
#include "endpoint.h"
#include "free-text.h"
#include "gather.h"
#include "go-type.h"
#include "log.h"
#include "mount.h"
#include "namespace.h"
#include "port.h"
#include "security-opt.h"
#include "tmpfs.h"
#include "unknown.h"

/* -- Go's types -- */

static const struct gojson_field log_config_fields[] = {
        GO_FIELD(log_config, "Type", type, gojson_string),
        GO_FIELD(log_config, "Config", config, gojson_string_map),
};
static const struct gojson_type log_config_type = GO_STRUCT(log_config);

static const struct gojson_field restart_policy_fields[] = {
        GO_FIELD(restart_policy, "Name", name, gojson_string),
        GO_FIELD(restart_policy, "MaximumRetryCount", maximum_retry_count, gojson_int64),
};
const struct gojson_type restart_policy_type = GO_STRUCT(restart_policy);

static const struct gojson_field weight_device_fields[] = {
        GO_FIELD(weight_device, "Path", path, gojson_string),
        GO_FIELD(weight_device, "Weight", weight, gojson_uint16),
};
static const struct gojson_type weight_device_type = GO_STRUCT(weight_device);
const struct gojson_type weight_devices_type = GO_LIST(weight_device_type);

static const struct gojson_field throttle_device_fields[] = {
        GO_FIELD(throttle_device, "Path", path, gojson_string),
        GO_FIELD(throttle_device, "Rate", rate, gojson_uint64),
};
static const struct gojson_type throttle_device_type = GO_STRUCT(throttle_device);
const struct gojson_type throttle_devices_type = GO_LIST(throttle_device_type);

static const struct gojson_field ulimit_fields[] = {
        GO_FIELD(ulimit, "Name", name, gojson_string),
        GO_FIELD(ulimit, "Hard", hard, gojson_int64),
        GO_FIELD(ulimit, "Soft", soft, gojson_int64),
};
static const struct gojson_type ulimit_type = GO_STRUCT(ulimit);
const struct gojson_type ulimits_type = GO_LIST(ulimit_type);

static const struct gojson_type console_size_type = GO_LIST(gojson_uint64);

#define FIELD(json, member, kind) GO_FIELD(host_config, json, member, kind),
static const struct gojson_field host_config_fields[] = { HOST_CONFIG_ROWS(FIELD) };
#undef FIELD
const struct gojson_type host_config_type = GO_STRUCT(host_config);

/* -- facts -- */

void ulimits_read(struct arena *arena, struct fact_list *out, const char *field, const struct go_list *ulimits) {
        out->head.given = ulimits->given;
        for (size_t i = 0; i < ulimits->n; ++i) {
                const struct ulimit *limit = gojson_item(ulimits, i, sizeof(*limit));

                FACT_ADD(arena, out,
                         (struct ulimit_fact){
                                 .origin = { .field = field, .index = (uint32_t)i, .indexed = true },
                                 .name = cell_string(limit->name),
                                 .soft = cell_int(limit->soft),
                                 .hard = cell_int(limit->hard),
                         });
        }
}

bool restart_policy_known(struct str name) {
        static const char *const names[] = { "", "no", "always", "unless-stopped", "on-failure", NULL };

        return str_is_one_of(name, names);
}

static void read_restart_policy(struct request *request, struct arena *arena, const struct restart_policy *policy) {
        struct facts *f = &request->facts;

        f->container.restart_policy = cell_string_or(policy->name, STR_C("no"));
        f->container.restart_retries = cell_int(policy->maximum_retry_count);
        if (!restart_policy_known(policy->name.value))
                unknown_value(request, arena, (struct origin){ .field = "HostConfig.RestartPolicy.Name" },
                              policy->name.value);
}

void isolation_read(struct request *request, struct arena *arena, const char *field, struct str isolation) {
        if (!str_empty(isolation) && !str_eq_fold(isolation, STR_C("default")))
                unknown_value(request, arena, (struct origin){ .field = field }, isolation);
}

static bool list_has(const struct go_list *strings, struct str item) {
        for (size_t i = 0; i < strings->n; ++i)
                if (str_eq(string_item(strings, i), item))
                        return true;
        return false;
}

static bool lacks(const struct go_list *given, const struct str *defaults, size_t n) {
        if (!given->given)
                return false; /* null and absent mean the defaults, [] means none */
        for (size_t i = 0; i < n; ++i)
                if (!list_has(given, defaults[i]))
                        return true;
        return false;
}

/* The defaults of 20.10 (moby oci/defaults.go): a list may lack what was added since, which is another fact. */
static bool unmasks_paths(const struct host_config *h) {
        static const struct str masked[] = {
                STR("/proc/asound"),        STR("/proc/acpi"),       STR("/proc/kcore"),       STR("/proc/keys"),
                STR("/proc/latency_stats"), STR("/proc/timer_list"), STR("/proc/timer_stats"), STR("/proc/sched_debug"),
                STR("/proc/scsi"),          STR("/sys/firmware"),
        };
        static const struct str read_only[] = {
                STR("/proc/bus"), STR("/proc/fs"), STR("/proc/irq"), STR("/proc/sys"), STR("/proc/sysrq-trigger"),
        };

        return lacks(&h->masked_paths, masked, ARRAY_SIZE(masked)) ||
               lacks(&h->readonly_paths, read_only, ARRAY_SIZE(read_only));
}

/* What later engines mask: the power meter from 23.0.8, 24.0.7 and 25 on, the counts of interrupts from 28.0.2 on (advisories
 * GHSA-jq35-85cj-fj4p and GHSA-6fw5-f8r9-fgfm). The latter's thermal_throttle of each processor is left out: they mask it only
 * where the host has it. */
static bool unmasks_sensors(const struct host_config *h) {
        static const struct str masked[] = { STR("/sys/devices/virtual/powercap"), STR("/proc/interrupts") };

        return lacks(&h->masked_paths, masked, ARRAY_SIZE(masked));
}

static void read_plain(struct facts *f, const struct host_config *h) {
        f->container.privileged = cell_bool(h->privileged);
        f->container.read_only = cell_bool(h->readonly_rootfs);
        f->container.publish_all_ports = cell_bool(h->publish_all_ports);
        f->container.oom_kill_disabled = cell_bool(h->oom_kill_disable);
        f->container.init = cell_bool(h->init);
        f->container.unmasked_paths.head.given = h->masked_paths.given || h->readonly_paths.given;
        f->container.unmasked_paths.value = unmasks_paths(h);
        f->container.unmasked_sensors.head.given = h->masked_paths.given;
        f->container.unmasked_sensors.value = unmasks_sensors(h);

        f->container.memory = cell_int(h->memory);
        f->container.memory_swap = cell_int(h->memory_swap);
        f->container.memory_reservation = cell_int(h->memory_reservation);
        f->container.nano_cpus = cell_int(h->nano_cpus);
        f->container.cpu_quota = cell_int(h->cpu_quota);
        f->container.cpu_period = cell_int(h->cpu_period);
        f->container.cpu_shares = cell_int(h->cpu_shares);
        f->container.pids_limit = cell_int(h->pids_limit);
        f->container.shm_size = cell_int(h->shm_size);
        f->container.oom_score = cell_int(h->oom_score_adj);
        f->container.real_time = cell_int(h->cpu_realtime_runtime);

        f->container.cpuset = cell_string(h->cpuset_cpus);
        f->container.cgroup_parent = cell_string(h->cgroup_parent);
        f->container.runtime = cell_string(h->runtime);
}

static void read_lists(struct facts *f, struct arena *arena, const struct host_config *h) {
        capabilities_read(arena, &h->cap_add, &f->container.capabilities_added);
        capabilities_read(arena, &h->cap_drop, &f->container.capabilities_dropped);
        gather_strings(arena, &f->container.groups, &h->group_add);
        gather_strings(arena, &f->container.links, &h->links);
        gather_strings(arena, &f->container.extra_hosts, &h->extra_hosts);
        gather_pairs(arena, &f->sysctls, "HostConfig.Sysctls", &h->sysctls);
        interface_sysctls_read(f, arena);
        tmpfs_read(f, arena, &h->tmpfs);
        block_limits_read(f, arena, h);
        gather_pairs(arena, &f->container.annotations, "HostConfig.Annotations", &h->annotations);
        texts_read_map(f, arena, "HostConfig.Annotations", &h->annotations);
        gather_pairs(arena, &f->container.storage_options, "HostConfig.StorageOpt", &h->storage_opt);
        ulimits_read(arena, &f->container.ulimits, "HostConfig.Ulimits", &h->ulimits);
}

void host_config_read(struct request *request, struct arena *arena, const struct host_config *h) {
        static const struct log_place log = { "HostConfig.LogConfig.Type", "HostConfig.LogConfig.Config" };

        read_plain(&request->facts, h);
        read_lists(&request->facts, arena, h);
        namespaces_read(request, arena, h);
        security_opt_read(request, arena, &h->security_opt);
        read_restart_policy(request, arena, &h->restart_policy);
        isolation_read(request, arena, "HostConfig.Isolation", h->isolation.value);
        ports_read(request, arena, &h->port_bindings);
        devices_read(request, arena, &h->devices);
        device_rules_read(request, arena, &h->device_cgroup_rules);
        device_requests_read(request, arena, &h->device_requests);
        binds_read(request, arena, &h->binds, h->volume_driver);
        mounts_read(request, arena, "HostConfig.Mounts", &h->mounts);
        image_volumes_read(request, arena, h->volume_driver);
        volumes_from_read(request, arena, &h->volumes_from);
        log_read(request, arena, &log, h->log_config.type, &h->log_config.config);
}
