#include "endpoint.h"
#include "go-type.h"

static const struct gojson_field endpoint_ipam_fields[] = {
        GO_FIELD(endpoint_ipam, "IPv4Address", ipv4_address, gojson_string),
        GO_FIELD(endpoint_ipam, "IPv6Address", ipv6_address, gojson_string),
        GO_FIELD(endpoint_ipam, "LinkLocalIPs", link_local_ips, gojson_strings),
};
static const struct gojson_type endpoint_ipam_type = GO_STRUCT(endpoint_ipam);

static const struct gojson_field endpoint_settings_fields[] = {
        GO_FIELD(endpoint_settings, "IPAMConfig", ipam_config, endpoint_ipam_type),
        GO_FIELD(endpoint_settings, "Links", links, gojson_strings),
        GO_FIELD(endpoint_settings, "Aliases", aliases, gojson_strings),
        GO_FIELD(endpoint_settings, "MacAddress", mac_address, gojson_string),
        GO_FIELD(endpoint_settings, "DriverOpts", driver_opts, gojson_string_map),
        GO_FIELD(endpoint_settings, "GwPriority", gw_priority, gojson_int64),
        GO_FIELD(endpoint_settings, "NetworkID", network_id, gojson_string),
        GO_FIELD(endpoint_settings, "EndpointID", endpoint_id, gojson_string),
        GO_FIELD(endpoint_settings, "Gateway", gateway, gojson_string),
        GO_FIELD(endpoint_settings, "IPAddress", ip_address, gojson_string),
        GO_FIELD(endpoint_settings, "IPPrefixLen", ip_prefix_len, gojson_int64),
        GO_FIELD(endpoint_settings, "IPv6Gateway", ipv6_gateway, gojson_string),
        GO_FIELD(endpoint_settings, "GlobalIPv6Address", global_ipv6_address, gojson_string),
        GO_FIELD(endpoint_settings, "GlobalIPv6PrefixLen", global_ipv6_prefix_len, gojson_int64),
        GO_FIELD(endpoint_settings, "DNSNames", dns_names, gojson_strings),
};
const struct gojson_type endpoint_settings_type = GO_STRUCT(endpoint_settings);
