#pragma once
/*
 * port: published ports. moby daemon/container.go, go-connections/nat; PROTOCOL 6.10.
 */
#include "reading.h"

/* nat.PortMap: a map of lists of struct port_binding. */
extern const struct gojson_type port_map_type;

/* An entry of nat.PortMap and an item of its list. */
struct port_map_entry {
        struct str key; /* "80/tcp" */
        struct go_list bindings;
};
struct port_binding {
        bool given;
        struct go_string host_ip, host_port;
};

/* container.ports and container.port_count from @ports, an nat.PortMap. */
void ports_read(struct reading *in, const struct go_list *ports);

/**
 * port_reach() - who can reach a port that is published on @address
 *
 * WORD_LOOPBACK, WORD_LINK_LOCAL: where a cloud's metadata service may be expected, WORD_ADDRESS or WORD_EVERYWHERE.
 *
 * As Go's net.ParseIP reads it: every spelling of the unspecified address is everywhere, and so is what it can't read,
 * because dockerd then binds as if nothing was said.
 */
enum word port_reach(struct str address);
