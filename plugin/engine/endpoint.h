#pragma once
/*
 * endpoint: how a container hangs on a network: Go's network.EndpointSettings, with the keys of all known versions.
 *
 * moby api/types/network; in create's NetworkingConfig and in the body of a connect.
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

struct endpoint_ipam {
        bool given;
        struct go_string ipv4_address, ipv6_address;
        struct go_list link_local_ips;
};
struct endpoint_settings {
        bool given;
        struct endpoint_ipam ipam_config;
        struct go_list links, aliases, driver_opts, dns_names;
        struct go_string mac_address, network_id, endpoint_id, gateway, ip_address, ipv6_gateway, global_ipv6_address;
        struct go_int gw_priority, ip_prefix_len, global_ipv6_prefix_len;
};

extern const struct gojson_type endpoint_settings_type;

/* An endpoint's options (a string map), which stand in @field: free texts, and kernel parameters, which engine 27 and later
 * take there too. Returns 0 or -ENOMEM. */
must_check_ int endpoint_options_read(struct facts *f, struct arena *arena, const char *field,
                                      const struct go_list *options);
