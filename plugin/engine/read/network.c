#include "network.h"
#include "body.h"
#include "driver.h"
#include "endpoint.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "go-bool.h"
#include "go-type.h"
#include "port.h"
#include "subnet.h"
#include "unknown.h"

/* -- POST /networks/create -- */

struct ipam_config {
        bool given;
        struct go_string subnet, ip_range, gateway;
        struct go_list auxiliary;
};
struct ipam {
        bool given;
        struct go_string driver;
        struct go_list options, config;
};
struct config_reference {
        bool given;
        struct go_string network;
};
struct network_create {
        bool given;
        struct go_bool check_duplicate, enable_ipv4, enable_ipv6, internal, attachable, ingress, config_only;
        struct go_string driver, scope, name;
        struct ipam ipam;
        struct config_reference config_from;
        struct go_list options, labels;
};

static const struct gojson_field ipam_config_fields[] = {
        GO_FIELD(ipam_config, "Subnet", subnet, gojson_string),
        GO_FIELD(ipam_config, "IPRange", ip_range, gojson_string),
        GO_FIELD(ipam_config, "Gateway", gateway, gojson_string),
        GO_FIELD(ipam_config, "AuxiliaryAddresses", auxiliary, gojson_string_map),
};
static const struct gojson_type ipam_config_type = GO_STRUCT(ipam_config);
static const struct gojson_type ipam_configs_type = GO_LIST(ipam_config_type);

static const struct gojson_field ipam_fields[] = {
        GO_FIELD(ipam, "Driver", driver, gojson_string),
        GO_FIELD(ipam, "Options", options, gojson_string_map),
        GO_FIELD(ipam, "Config", config, ipam_configs_type),
};
static const struct gojson_type ipam_type = GO_STRUCT(ipam);

static const struct gojson_field config_reference_fields[] = {
        GO_FIELD(config_reference, "Network", network, gojson_string),
};
static const struct gojson_type config_reference_type = GO_STRUCT(config_reference);

static const struct gojson_field network_create_fields[] = {
        GO_FIELD(network_create, "CheckDuplicate", check_duplicate, gojson_bool),
        GO_FIELD(network_create, "Driver", driver, gojson_string),
        GO_FIELD(network_create, "Scope", scope, gojson_string),
        GO_FIELD(network_create, "EnableIPv4", enable_ipv4, gojson_bool),
        GO_FIELD(network_create, "EnableIPv6", enable_ipv6, gojson_bool),
        GO_FIELD(network_create, "IPAM", ipam, ipam_type),
        GO_FIELD(network_create, "Internal", internal, gojson_bool),
        GO_FIELD(network_create, "Attachable", attachable, gojson_bool),
        GO_FIELD(network_create, "Ingress", ingress, gojson_bool),
        GO_FIELD(network_create, "ConfigOnly", config_only, gojson_bool),
        GO_FIELD(network_create, "ConfigFrom", config_from, config_reference_type),
        GO_FIELD(network_create, "Options", options, gojson_string_map),
        GO_FIELD(network_create, "Labels", labels, gojson_string_map),
        GO_FIELD(network_create, "Name", name, gojson_string),
};
static const struct gojson_type network_create_type = GO_STRUCT(network_create);

/* One option of a driver that has a fact of its own. An unreadable Boolean is refused by dockerd; until then icc is on.
 */
static void read_option(struct facts *f, struct str name, struct str value) {
        bool yes = true, no = go_bool_parse(value, &yes) && !yes;

        if (str_eqz(name, "com.docker.network.bridge.enable_icc"))
                f->network.icc = cell_word(no ? WORD_OFF : WORD_ON);
        else if (str_eqz(name, "com.docker.network.bridge.host_binding_ipv4"))
                f->network.publish = cell_word(port_reach(value));
        else if (str_eqz(name, "parent"))
                f->network.parent = cell_str(value);
        else if (str_eqz(name, "encrypted"))
                /* Some engines look at the value, others at the key alone: what one may read as "no" is no. */
                f->network.encrypted = (struct fact_bool){ .head.given = true, .value = !no };
}

static void read_options(struct reading *in, const struct go_list *options) {
        gather_pairs(in->arena, &in->facts->network.options, "Options", options);
        for (size_t i = 0; i < options->n; ++i)
                read_option(in->facts, pair_item(options, i)->key, pair_item(options, i)->value.value);
}

static void read_subnets(struct reading *in, const struct go_list *configs) {
        struct facts *f = in->facts;

        for (size_t i = 0; i < configs->n && !arena_full(in->arena); ++i) {
                const struct ipam_config *config = gojson_item(configs, i, sizeof(*config));
                const struct origin origin = { .field = "IPAM.Config", .index = (uint32_t)i, .indexed = true };

                subnet_add(in->arena, &f->network.subnets, origin, config->subnet.value);
                subnet_add(in->arena, &f->network.subnets, origin, config->ip_range.value);
                subnet_add_address(in->arena, &f->network.subnets, origin, config->gateway.value);
                for (size_t k = 0; k < config->auxiliary.n && !arena_full(in->arena); ++k)
                        subnet_add_address(in->arena, &f->network.subnets, origin,
                                           pair_item(&config->auxiliary, k)->value.value);
        }
        f->network.subnets.head.given = f->network.subnets.n > 0;
}

void network_create_decode(struct reading *in) {
        struct facts *f = in->facts;
        struct network_create body = { 0 };

        if (!body_decode(in, &body, &network_create_type))
                return;

        f->network.name = cell_string(body.name);
        f->network.driver = cell_string_or(body.driver, STR_C("bridge"));
        f->network.internal = cell_bool(body.internal);
        f->network.ipv6 = cell_bool(body.enable_ipv6);
        f->network.attachable = cell_bool(body.attachable);
        f->network.ingress = cell_bool(body.ingress);
        f->network.config_only = cell_bool(body.config_only);
        f->network.config_from = cell_string(body.config_from.network);
        driver_read(in, WORD_NETWORK, "Driver", body.driver.value);
        driver_read(in, WORD_IPAM, "IPAM.Driver", body.ipam.driver.value);
        read_options(in, &body.options);
        read_subnets(in, &body.ipam.config);
        texts_read_map(in, "Options", &body.options);
        texts_read_map(in, "IPAM.Options", &body.ipam.options);
        texts_read_map(in, "Labels", &body.labels);
        gather_labels(in->arena, &f->network.labels, &body.labels);
}

/* -- POST /networks/{id}/connect, …/disconnect -- */

struct network_connect {
        bool given;
        struct go_string container;
        struct endpoint_settings endpoint;
};
struct network_disconnect {
        bool given;
        struct go_string container;
        struct go_bool force;
};

static const struct gojson_field network_connect_fields[] = {
        GO_FIELD(network_connect, "Container", container, gojson_string),
        GO_FIELD(network_connect, "EndpointConfig", endpoint, endpoint_settings_type),
};
static const struct gojson_type network_connect_type = GO_STRUCT(network_connect);

static const struct gojson_field network_disconnect_fields[] = {
        GO_FIELD(network_disconnect, "Container", container, gojson_string),
        GO_FIELD(network_disconnect, "Force", force, gojson_bool),
};
static const struct gojson_type network_disconnect_type = GO_STRUCT(network_disconnect);

void network_connect_decode(struct reading *in) {
        static const struct endpoint_place place = { { .field = "EndpointConfig" }, "EndpointConfig.DriverOpts" };
        struct network_connect body = { 0 };

        if (!body_decode(in, &body, &network_connect_type))
                return;
        in->facts->endpoint.container = cell_string(body.container);
        in->facts->endpoint.network = endpoint_read(in, &place, in->variables[0], &body.endpoint);
}

void network_disconnect_decode(struct reading *in) {
        struct network_disconnect body = { 0 };

        if (!body_decode(in, &body, &network_disconnect_type))
                return;
        in->facts->endpoint.network = cell_str(in->variables[0]);
        in->facts->endpoint.container = cell_string(body.container);
}
