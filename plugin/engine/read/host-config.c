#include "host-config.h"
#include "block-limit.h"
#include "capability.h"
#include "device.h"
#include "endpoint.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "log.h"
#include "mount.h"
#include "namespace.h"
#include "port.h"
#include "security-opt.h"
#include "tmpfs.h"
#include "unknown.h"

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

static void read_restart_policy(struct reading *in, const struct restart_policy *policy) {
        struct facts *f = in->facts;

        f->container.restart_policy = cell_string_or(policy->name, STR_C("no"));
        f->container.restart_retries = cell_int(policy->maximum_retry_count);
        if (!restart_policy_known(policy->name.value))
                unknown_value(in, (struct origin){ .field = "HostConfig.RestartPolicy.Name" }, policy->name.value);
}

void isolation_read(struct reading *in, const char *field, struct str isolation) {
        if (!str_empty(isolation) && !str_eq_fold(isolation, STR_C("default")))
                unknown_value(in, (struct origin){ .field = field }, isolation);
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
bool host_config_unmasks(const struct go_list *masked_paths, const struct go_list *readonly_paths) {
        static const struct str masked[] = {
                STR("/proc/asound"),        STR("/proc/acpi"),       STR("/proc/kcore"),       STR("/proc/keys"),
                STR("/proc/latency_stats"), STR("/proc/timer_list"), STR("/proc/timer_stats"), STR("/proc/sched_debug"),
                STR("/proc/scsi"),          STR("/sys/firmware"),
        };
        static const struct str read_only[] = {
                STR("/proc/bus"), STR("/proc/fs"), STR("/proc/irq"), STR("/proc/sys"), STR("/proc/sysrq-trigger"),
        };

        return lacks(masked_paths, masked, ARRAY_SIZE(masked)) ||
               lacks(readonly_paths, read_only, ARRAY_SIZE(read_only));
}

/* What later engines mask: the power meter from 23.0.8, 24.0.7 and 25 on, the counts of interrupts from 28.0.2 on
 * (advisories GHSA-jq35-85cj-fj4p and GHSA-6fw5-f8r9-fgfm). The latter's thermal_throttle of each processor is left
 * out: they mask it only where the host has it. */
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
        f->container.unmasked_paths.value = host_config_unmasks(&h->masked_paths, &h->readonly_paths);
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

static void read_lists(struct reading *in, const struct host_config *h) {
        struct facts *f = in->facts;

        capabilities_read(in->arena, &h->cap_add, &f->container.capabilities_added);
        capabilities_read(in->arena, &h->cap_drop, &f->container.capabilities_dropped);
        gather_strings(in->arena, &f->container.groups, &h->group_add);
        gather_strings(in->arena, &f->container.links, &h->links);
        gather_strings(in->arena, &f->container.extra_hosts, &h->extra_hosts);
        gather_pairs(in->arena, &f->sysctls, "HostConfig.Sysctls", &h->sysctls);
        interface_sysctls_read(in);
        tmpfs_read(in, &h->tmpfs);
        block_limits_read(in, h);
        gather_pairs(in->arena, &f->container.annotations, "HostConfig.Annotations", &h->annotations);
        texts_read_map(in, "HostConfig.Annotations", &h->annotations);
        gather_pairs(in->arena, &f->container.storage_options, "HostConfig.StorageOpt", &h->storage_opt);
        ulimits_read(in->arena, &f->container.ulimits, "HostConfig.Ulimits", &h->ulimits);
}

void host_config_read(struct reading *in, const struct host_config *h) {
        static const struct log_place log = { "HostConfig.LogConfig.Type", "HostConfig.LogConfig.Config" };

        read_plain(in->facts, h);
        read_lists(in, h);
        namespaces_read(in, h);
        security_opt_read(in, &h->security_opt);
        read_restart_policy(in, &h->restart_policy);
        isolation_read(in, "HostConfig.Isolation", h->isolation.value);
        ports_read(in, &h->port_bindings);
        devices_read(in, &h->devices);
        device_rules_read(in, &h->device_cgroup_rules);
        device_requests_read(in, &h->device_requests);
        binds_read(in, &h->binds, h->volume_driver);
        mounts_read(in, "HostConfig.Mounts", &h->mounts);
        image_volumes_read(in, h->volume_driver);
        volumes_from_read(in, &h->volumes_from);
        log_read(in, &log, h->log_config.type, &h->log_config.config);
}
