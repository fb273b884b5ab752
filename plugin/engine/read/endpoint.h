#pragma once
/*
 * endpoint: how a container hangs on a network: Go's network.EndpointSettings, with the keys of all known versions.
 *
 * moby api/types/network; in create's NetworkingConfig and in the body of a connect.
 */
#include "reading.h"

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

struct endpoint_place {
        struct origin origin;
        const char *options; /* where its options stand; static */
};

/**
 * endpoint_read() - that a container is put in a network
 * @name: as the path or the map's key has it; an id among the settings wins (moby daemon/container_operations.go,
 *        getNetworkID)
 *
 * Adds to facts.networks, and what its options are. Returns the network's name as it is there.
 */
struct fact_str endpoint_read(struct reading *in, const struct endpoint_place *place, struct str name,
                              const struct endpoint_settings *settings);

/* To a network that is named so, of which nothing else is known yet. */
struct attachment_fact attachment_of(struct origin origin, struct str name);

/* Appends @a to facts.networks. */
void attachment_add(struct reading *in, const struct attachment_fact *a);

/* What is smuggled in the values of HostConfig.Sysctls (facts.sysctls so far): from 27 on an engine puts
 * "net.X.Y.eth0.Z" of a client below API 1.48 into the options of the endpoint, name and value as they came, where a
 * comma begins the next parameter (moby api/server/router/container, handleSysctlBC). */
void interface_sysctls_read(struct reading *in);

/* An endpoint's options (a string map), which stand in @field: free texts, and kernel parameters, which engine 27 and
 * later take there too. */
void endpoint_options_read(struct reading *in, const char *field, const struct go_list *options);
