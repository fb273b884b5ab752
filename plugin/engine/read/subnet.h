#pragma once
/*
 * subnet: what the addresses of a network's subnet are meant for.
 *
 * An engine gives its bridge an address of the subnet and so routes all of it there: whoever makes the network stands
 * where others look for a cloud's metadata service, for what listens on loopback, or for a server of the Internet (RFC
 * 3927, 4291, 5735).
 */
#include "docksill/base/cleanup.h"
#include "docksill/engine/facts.h"

/* The worst that any address of it belongs to. */
enum subnet_range { SUBNET_ORDINARY, SUBNET_PUBLIC, SUBNET_LOOPBACK, SUBNET_LINK_LOCAL, SUBNET_UNREADABLE };

/**
 * subnet_range() - of @text, an address and the length of its prefix
 *
 * As Go's net.ParseCIDR reads it, but for zeros before an octet's digits: Go has read them as decimal and now refuses
 * them, so they are unreadable. Bits behind the prefix do not count.
 */
enum subnet_range subnet_range(struct str text);

/* Of one address, as net.ParseIP reads it. */
enum subnet_range address_range(struct str text);

/* "ordinary", "link-local" …, as facts have them. */
struct fact_word subnet_range_cell(enum subnet_range range);

/* As subnet_add(), of one address. */
void subnet_add_address(struct arena *arena, struct fact_list *out, struct origin origin, struct str text);

/* Adds @text, which stands at @origin, to a list of struct subnet_fact; an empty one is chosen by the engine. */
void subnet_add(struct arena *arena, struct fact_list *out, struct origin origin, struct str text);
