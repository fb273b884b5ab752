#include "endpoint.h"
#include "cell.h"
#include "free-text.h"
#include "go-type.h"
#include <errno.h>

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

/* "NAME=VALUE,…", IFNAME in the name (moby libnetwork netlabel.EndpointSysctls). */
static int read_sysctls(struct facts *f, struct arena *arena, const char *field, const struct go_pair *pair) {
        struct str rest = pair->value.value;

        while (!str_empty(rest)) {
                struct str value = str_cut(&rest, ','), name = str_cut(&value, '=');
                struct pair_fact *p = fact_list_push(arena, &f->sysctls, sizeof(*p));

                if (!p)
                        return -ENOMEM;
                *p = (struct pair_fact){ .origin = { .field = field, .key = pair->key },
                                         .name = cell_str(name),
                                         .value = cell_str(value) };
                f->sysctls.head.given = true;
        }
        return 0;
}

int endpoint_options_read(struct facts *f, struct arena *arena, const char *field, const struct go_list *options) {
        int r = texts_read_map(f, arena, field, options);

        for (size_t i = 0; r == 0 && i < options->n; ++i)
                if (str_eqz(pair_item(options, i)->key, "com.docker.network.endpoint.sysctls"))
                        r = read_sysctls(f, arena, field, pair_item(options, i));
        return r;
}
