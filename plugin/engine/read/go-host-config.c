#include "go-host-config.h"
#include "device.h"
#include "go-mount.h"
#include "go-type.h"
#include "port.h"

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
