#pragma once
/*
 * elements: the facts that an element of a list has.
 *
 * The facts table (facts.c) names one of these tables in the row of each list; nobody else needs them.
 */
#include "docksill/engine/facts.h"

extern const struct fact pair_facts[], tmpfs_facts[], log_facts[], log_option_facts[], driver_facts[], image_facts[],
        image_name_facts[], fetch_facts[], block_limit_facts[], warning_facts[], component_facts[], port_facts[],
        device_facts[], device_rule_facts[], device_request_facts[], subnet_facts[], attachment_facts[], service_file_facts[],
        ulimit_facts[], variable_facts[], text_facts[], join_facts[], peer_facts[], unknown_facts[], privilege_facts[],
        mount_facts[];

/* How far a port reaches: of a published port, and of the address that a swarm's node listens on. */
extern const char *const reach_values[];

/* Of a user: yes: user 0 in any spelling | no: a number above 0 | unknown: a name. */
extern const char *const user_root_values[];
