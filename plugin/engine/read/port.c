#include "port.h"
#include "address.h"
#include "facts/cell.h"
#include "go-type.h"
#include "subnet.h"
#include "unknown.h"
#include <arpa/inet.h>

static const struct gojson_field port_binding_fields[] = {
        GO_FIELD(port_binding, "HostIp", host_ip, gojson_string),
        GO_FIELD(port_binding, "HostPort", host_port, gojson_string),
};
static const struct gojson_type port_binding_type = GO_STRUCT(port_binding);
static const struct gojson_type port_bindings_type = GO_LIST(port_binding_type);
const struct gojson_type port_map_type = GO_MAP(port_bindings_type);

static enum word reach_of_4(const uint8_t *ip) {
        if (ip[0] == 127)
                return WORD_LOOPBACK;
        return ip[0] | ip[1] | ip[2] | ip[3] ? WORD_ADDRESS : WORD_EVERYWHERE;
}

static enum word reach_of_6(const uint8_t *ip) {
        uint8_t any = 0;

        if (address_is_mapped(ip))
                return reach_of_4(ip + 12);
        for (size_t i = 0; i < 15; ++i)
                any |= ip[i];
        if (any)
                return WORD_ADDRESS;
        return ip[15] == 0 ? WORD_EVERYWHERE : ip[15] == 1 ? WORD_LOOPBACK : WORD_ADDRESS;
}

enum word port_reach(struct str address) {
        char text[INET6_ADDRSTRLEN + 1];
        uint8_t ip[16];

        if (address.n == 0 || !str_to_z(address, text, sizeof(text)) || memchr(text, '\0', address.n))
                return WORD_EVERYWHERE;

        /* Like Go's, this refuses zones, brackets, short forms and leading zeros. */
        if (address_range(address) == SUBNET_LINK_LOCAL)
                return WORD_LINK_LOCAL;
        if (inet_pton(AF_INET, text, ip) == 1)
                return reach_of_4(ip);
        if (inet_pton(AF_INET6, text, ip) == 1)
                return reach_of_6(ip);
        return WORD_EVERYWHERE;
}

/* Go's ParseUint(s, 10, 16): digits alone. */
static bool port_number(struct str s, int32_t *out) {
        int32_t n = 0;

        if (str_empty(s))
                return false;
        for (size_t i = 0; i < s.n; ++i) {
                if (!ascii_digit(s.p[i]))
                        return false;
                n = n * 10 + (s.p[i] - '0');
                if (n > UINT16_MAX)
                        return false;
        }
        *out = n;
        return true;
}

/* "80", "8000-8010" or nothing. Returns false for what dockerd refuses. */
static bool port_range(struct str s, struct fact_port *out) {
        struct str rest = s, lo = str_cut(&rest, '-'), hi = rest.p ? str_cut(&rest, '-') : lo;
        struct fact_port port = { .head.given = true };

        if (!str_empty(s)) {
                if (!port_number(lo, &port.lo) || !port_number(hi, &port.hi) || port.hi < port.lo)
                        return false;
        }
        *out = port;
        return true;
}

/* nat.SplitProtoPort: "80/udp"; without a protocol tcp, without a port nothing at all. */
static struct str port_and_protocol(struct str s, struct str *protocol) {
        struct str rest = s, port = str_cut(&rest, '/'), proto = rest.p ? str_cut(&rest, '/') : (struct str){ 0 };

        *protocol = str_empty(proto) ? STR_C("tcp") : proto;
        for (size_t i = 0; i < 3; ++i) {
                static const struct str known[] = { STR("tcp"), STR("udp"), STR("sctp") };

                if (str_eq_fold(*protocol, known[i]))
                        *protocol = known[i];
        }
        return port;
}

static void binding_read(struct reading *in, const struct port_map_entry *entry, size_t i,
                         const struct port_binding *binding) {
        struct facts *f = in->facts;
        struct port_fact p = {
                .origin = { "HostConfig.PortBindings", entry->key, (uint32_t)i, true },
                .address = cell_string(binding->host_ip),
                .reach = cell_word(port_reach(binding->host_ip.value)),
        };
        struct str protocol, ignored;

        if (!port_range(port_and_protocol(entry->key, &protocol), &p.container))
                unknown_value(in, p.origin, entry->key);
        p.protocol = cell_str(protocol);
        if (!port_range(port_and_protocol(binding->host_port.value, &ignored), &p.host))
                unknown_value(in, p.origin, binding->host_port.value);
        f->container.port_count.value += p.host.hi - p.host.lo + 1;
        FACT_ADD(in->arena, &f->container.ports, p);
}

void ports_read(struct reading *in, const struct go_list *ports) {
        static const struct port_binding nothing_said;

        in->facts->container.ports.head.given = ports->given;
        in->facts->container.port_count.head.given = ports->given;
        for (size_t i = 0; i < ports->n && !arena_full(in->arena); ++i) {
                const struct port_map_entry *entry = gojson_item(ports, i, sizeof(*entry));
                const struct port_binding *bindings = entry->bindings.items;

                /* Engines 28 and 29 publish a port with an empty or null list on a random port (before API 1.53). */
                if (entry->bindings.n == 0)
                        binding_read(in, entry, 0, &nothing_said);
                for (size_t j = 0; j < entry->bindings.n && !arena_full(in->arena); ++j)
                        binding_read(in, entry, j, &bindings[j]);
        }
}
