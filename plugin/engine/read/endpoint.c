#include "endpoint.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "go-type.h"
#include "subnet.h"

#define ID_LEAST 6 /* characters: nobody calls a network by so many of an id by chance */

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
static void read_sysctls(struct reading *in, struct origin origin, struct str rest) {
        struct facts *f = in->facts;

        while (!str_empty(rest) && !arena_full(in->arena)) {
                struct str value = str_cut(&rest, ','), name = str_cut(&value, '=');

                FACT_ADD(in->arena, &f->sysctls,
                         (struct pair_fact){ .origin = origin, .name = cell_str(name), .value = cell_str(value) });
                f->sysctls.head.given = true;
        }
}

/* net.X.Y.ethN.Z */
static bool is_of_interface(struct str name) {
        struct str rest = name;

        if (!str_eq(str_cut(&rest, '.'), STR_C("net")))
                return false;
        (void)str_cut(&rest, '.');
        (void)str_cut(&rest, '.');
        return str_starts(rest, STR_C("eth"));
}

void interface_sysctls_read(struct reading *in) {
        struct facts *f = in->facts;

        for (size_t i = 0, n = f->sysctls.n; i < n && !arena_full(in->arena); ++i) {
                struct pair_fact p = ((const struct pair_fact *)f->sysctls.items)[i];
                struct str rest = p.value.value;

                if (!is_of_interface(p.name.value))
                        continue;
                (void)str_cut(&rest, ',');
                read_sysctls(in, p.origin, rest);
        }
}

void endpoint_options_read(struct reading *in, const char *field, const struct go_list *options) {
        texts_read_map(in, field, options);
        for (size_t i = 0; i < options->n && !arena_full(in->arena); ++i)
                if (str_eqz(pair_item(options, i)->key, "com.docker.network.endpoint.sysctls"))
                        read_sysctls(in, (struct origin){ .field = field, .key = pair_item(options, i)->key },
                                     pair_item(options, i)->value.value);
}

/* Whether an engine's id, or the beginning of one, may stand there: of names those are not that nobody gives. */
static bool may_be_id(struct str name) {
        for (size_t i = 0; i < name.n; ++i)
                if (!ascii_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'f'))
                        return false;
        return name.n >= ID_LEAST;
}

struct attachment_fact attachment_of(struct origin origin, struct str name) {
        return (struct attachment_fact){
                .origin = origin,
                .name = { .head = { .given = true, .state = may_be_id(name) ? FACT_UNKNOWN : FACT_KNOWN },
                          .value = name },
                .range = subnet_range_cell(SUBNET_ORDINARY),
        };
}

void attachment_add(struct reading *in, const struct attachment_fact *a) {
        struct facts *f = in->facts;

        FACT_ADD(in->arena, &f->networks, *a);
        f->networks.head.given = true;
}

/* The worst that any address asked for belongs to. */
static struct fact_word range_of(const struct attachment_fact *a) {
        const struct fact_set *sets[] = { &a->addresses, &a->further_addresses };
        enum subnet_range worst = SUBNET_ORDINARY;

        for (size_t k = 0; k < ARRAY_SIZE(sets); ++k)
                for (size_t i = 0; i < sets[k]->n; ++i) {
                        enum subnet_range range = address_range(sets[k]->items[i]);

                        if (range == SUBNET_LINK_LOCAL || (range > worst && worst != SUBNET_LINK_LOCAL))
                                worst = range;
                }
        return subnet_range_cell(worst);
}

static void read_addresses(struct arena *arena, struct fact_set *out, const struct endpoint_ipam *ipam) {
        if (!str_empty(ipam->ipv4_address.value))
                fact_set_add(arena, out, ipam->ipv4_address.value);
        if (!str_empty(ipam->ipv6_address.value))
                fact_set_add(arena, out, ipam->ipv6_address.value);
}

struct fact_str endpoint_read(struct reading *in, const struct endpoint_place *place, struct str name,
                              const struct endpoint_settings *settings) {
        struct str id = settings->network_id.value;
        struct attachment_fact a = attachment_of(place->origin, str_empty(id) ? name : id);

        a.mac = cell_string(settings->mac_address);
        gather_strings(in->arena, &a.aliases, &settings->aliases);
        gather_strings(in->arena, &a.links, &settings->links);
        read_addresses(in->arena, &a.addresses, &settings->ipam_config);
        gather_strings(in->arena, &a.further_addresses, &settings->ipam_config.link_local_ips);
        a.range = range_of(&a);
        attachment_add(in, &a);
        endpoint_options_read(in, place->options, &settings->driver_opts);
        return a.name;
}
