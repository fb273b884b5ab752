#pragma once
/*
 * go-host-config: Go's container.HostConfig.
 *
 * The members follow moby api/types/container/host_config.go of 20.10 with the keys that came later; types are Go's,
 * because a body that Go refuses must not be read here.
 */
#include "docksill/wire/gojson.h"

struct log_config {
        bool given;
        struct go_string type;
        struct go_list config;
};
struct restart_policy {
        bool given;
        struct go_string name;
        struct go_int maximum_retry_count;
};
struct weight_device {
        bool given;
        struct go_string path;
        struct go_int weight;
};
struct throttle_device {
        bool given;
        struct go_string path;
        struct go_int rate;
};
struct ulimit {
        bool given;
        struct go_string name;
        struct go_int hard, soft;
};

/* Go's container.Resources, which HostConfig embeds: X(Go's key, member, gojson type). */
#define RESOURCES_ROWS(X)                                                                                              \
        X("CpuShares", cpu_shares, gojson_int64)                                                                       \
        X("Memory", memory, gojson_int64)                                                                              \
        X("NanoCpus", nano_cpus, gojson_int64)                                                                         \
        X("CgroupParent", cgroup_parent, gojson_string)                                                                \
        X("BlkioWeight", blkio_weight, gojson_uint16)                                                                  \
        X("BlkioWeightDevice", blkio_weight_device, weight_devices_type)                                               \
        X("BlkioDeviceReadBps", blkio_device_read_bps, throttle_devices_type)                                          \
        X("BlkioDeviceWriteBps", blkio_device_write_bps, throttle_devices_type)                                        \
        X("BlkioDeviceReadIOps", blkio_device_read_iops, throttle_devices_type)                                        \
        X("BlkioDeviceWriteIOps", blkio_device_write_iops, throttle_devices_type)                                      \
        X("CpuPeriod", cpu_period, gojson_int64)                                                                       \
        X("CpuQuota", cpu_quota, gojson_int64)                                                                         \
        X("CpuRealtimePeriod", cpu_realtime_period, gojson_int64)                                                      \
        X("CpuRealtimeRuntime", cpu_realtime_runtime, gojson_int64)                                                    \
        X("CpusetCpus", cpuset_cpus, gojson_string)                                                                    \
        X("CpusetMems", cpuset_mems, gojson_string)                                                                    \
        X("Devices", devices, device_mappings_type)                                                                    \
        X("DeviceCgroupRules", device_cgroup_rules, gojson_strings)                                                    \
        X("DeviceRequests", device_requests, device_requests_type)                                                     \
        X("KernelMemory", kernel_memory, gojson_int64)                                                                 \
        X("KernelMemoryTCP", kernel_memory_tcp, gojson_int64)                                                          \
        X("MemoryReservation", memory_reservation, gojson_int64)                                                       \
        X("MemorySwap", memory_swap, gojson_int64)                                                                     \
        X("MemorySwappiness", memory_swappiness, gojson_int64)                                                         \
        X("OomKillDisable", oom_kill_disable, gojson_bool)                                                             \
        X("PidsLimit", pids_limit, gojson_int64)                                                                       \
        X("Ulimits", ulimits, ulimits_type)                                                                            \
        X("CpuCount", cpu_count, gojson_int64)                                                                         \
        X("CpuPercent", cpu_percent, gojson_int64)                                                                     \
        X("IOMaximumIOps", io_maximum_iops, gojson_uint64)                                                             \
        X("IOMaximumBandwidth", io_maximum_bandwidth, gojson_uint64)

/*
 * X(Go's key, member, gojson type), in the order of the Go struct. One list, because engines up to 26 know every one of
 * these keys at the top of a create body too, where each is a flaw (PROTOCOL 3.4).
 */
#define HOST_CONFIG_ROWS(X)                                                                                            \
        X("Binds", binds, gojson_strings)                                                                              \
        X("ContainerIDFile", container_id_file, gojson_string)                                                         \
        X("LogConfig", log_config, log_config_type)                                                                    \
        X("NetworkMode", network_mode, gojson_string)                                                                  \
        X("PortBindings", port_bindings, port_map_type)                                                                \
        X("RestartPolicy", restart_policy, restart_policy_type)                                                        \
        X("AutoRemove", auto_remove, gojson_bool)                                                                      \
        X("VolumeDriver", volume_driver, gojson_string)                                                                \
        X("VolumesFrom", volumes_from, gojson_strings)                                                                 \
        X("Annotations", annotations, gojson_string_map)                                                               \
        X("CapAdd", cap_add, gojson_strslice)                                                                          \
        X("CapDrop", cap_drop, gojson_strslice)                                                                        \
        X("CgroupnsMode", cgroupns_mode, gojson_string)                                                                \
        X("Dns", dns, gojson_strings)                                                                                  \
        X("DnsOptions", dns_options, gojson_strings)                                                                   \
        X("DnsSearch", dns_search, gojson_strings)                                                                     \
        X("ExtraHosts", extra_hosts, gojson_strings)                                                                   \
        X("GroupAdd", group_add, gojson_strings)                                                                       \
        X("IpcMode", ipc_mode, gojson_string)                                                                          \
        X("Cgroup", cgroup, gojson_string)                                                                             \
        X("Links", links, gojson_strings)                                                                              \
        X("OomScoreAdj", oom_score_adj, gojson_int64)                                                                  \
        X("PidMode", pid_mode, gojson_string)                                                                          \
        X("Privileged", privileged, gojson_bool)                                                                       \
        X("PublishAllPorts", publish_all_ports, gojson_bool)                                                           \
        X("ReadonlyRootfs", readonly_rootfs, gojson_bool)                                                              \
        X("SecurityOpt", security_opt, gojson_strings)                                                                 \
        X("StorageOpt", storage_opt, gojson_string_map)                                                                \
        X("Tmpfs", tmpfs, gojson_string_map)                                                                           \
        X("UTSMode", uts_mode, gojson_string)                                                                          \
        X("UsernsMode", userns_mode, gojson_string)                                                                    \
        X("ShmSize", shm_size, gojson_int64)                                                                           \
        X("Sysctls", sysctls, gojson_string_map)                                                                       \
        X("Runtime", runtime, gojson_string)                                                                           \
        X("ConsoleSize", console_size, console_size_type)                                                              \
        X("Isolation", isolation, gojson_string)                                                                       \
        RESOURCES_ROWS(X)                                                                                              \
        X("Mounts", mounts, mounts_type)                                                                               \
        X("MaskedPaths", masked_paths, gojson_strings)                                                                 \
        X("ReadonlyPaths", readonly_paths, gojson_strings)                                                             \
        X("Init", init, gojson_bool)

struct host_config {
        bool given;
        struct go_bool auto_remove, privileged, publish_all_ports, readonly_rootfs, oom_kill_disable, init;
        struct go_string container_id_file, network_mode, volume_driver, cgroupns_mode, ipc_mode, cgroup, pid_mode,
                uts_mode, userns_mode, runtime, isolation, cgroup_parent, cpuset_cpus, cpuset_mems;
        struct go_int oom_score_adj, shm_size, cpu_shares, memory, nano_cpus, blkio_weight, cpu_period, cpu_quota,
                cpu_realtime_period, cpu_realtime_runtime, kernel_memory, kernel_memory_tcp, memory_reservation,
                memory_swap, memory_swappiness, pids_limit, cpu_count, cpu_percent, io_maximum_iops,
                io_maximum_bandwidth;
        struct go_list binds, port_bindings, volumes_from, annotations, cap_add, cap_drop, dns, dns_options, dns_search,
                extra_hosts, group_add, links, security_opt, storage_opt, tmpfs, sysctls, console_size,
                blkio_weight_device, blkio_device_read_bps, blkio_device_write_bps, blkio_device_read_iops,
                blkio_device_write_iops, devices, device_cgroup_rules, device_requests, ulimits, mounts, masked_paths,
                readonly_paths;
        struct log_config log_config;
        struct restart_policy restart_policy;
};

/* The last are what rows name that others decode too. */
extern const struct gojson_type host_config_type, restart_policy_type, weight_devices_type, throttle_devices_type,
        ulimits_type;
