#pragma once
/*
 * device: host devices in three spellings: nodes, cgroup rules, requests to a driver. PROTOCOL 6.4.
 */
#include "reading.h"

/* Go's container.DeviceMapping and container.DeviceRequest. */
struct device_mapping {
        bool given;
        struct go_string path_on_host, path_in_container, cgroup_permissions;
};
struct device_request {
        bool given;
        struct go_string driver;
        struct go_int count;
        struct go_list device_ids, capabilities, options;
};

/* []DeviceMapping, []DeviceRequest. */
extern const struct gojson_type device_mappings_type, device_requests_type;

/* container.devices, .device_rules, .device_requests. */
void devices_read(struct reading *in, const struct go_list *mappings);
void device_rules_read(struct reading *in, const struct go_list *rules);
void device_requests_read(struct reading *in, const struct go_list *requests);

/* One that a swarm's task reserves, "KIND:VALUE" or "KIND:N"; -> container.device_requests. */
void device_reserve(struct reading *in, struct origin origin, struct str kind, struct str value);
