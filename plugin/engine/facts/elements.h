#pragma once
/*
 * elements: the facts that an element of a list has.
 *
 * The facts table (fact-table.c) names one of these tables in the row of each list; nobody else needs them.
 */
#include "docksill/engine/facts.h"
#include <stddef.h>

/* Type and place of a row, for its initializer: CELL(FACT_BOOL, facts, exec.tty). A member of another type than the row
 * says does not compile; read as what it is not, it would take pointer and length from its neighbours. */
typedef struct fact_bool CELL_FACT_BOOL;
typedef struct fact_int CELL_FACT_INT, CELL_FACT_BYTES, CELL_FACT_DURATION;
typedef struct fact_word CELL_FACT_ENUM;
typedef struct fact_str CELL_FACT_STRING, CELL_FACT_VERSION, CELL_FACT_ADDRESS, CELL_FACT_IMAGE, CELL_FACT_CAPABILITY;
typedef struct fact_path CELL_FACT_PATH;
typedef struct fact_port CELL_FACT_PORT;
typedef struct fact_set CELL_FACT_STRINGS, CELL_FACT_CAPABILITIES;
typedef struct fact_list CELL_FACT_LIST;

#define CELL(kind, of, member)                                                                                         \
        .type = kind,                                                                                                  \
        .at = offsetof(struct of, member) +                                                                            \
              0 * sizeof(struct {                                                                                      \
                      int is_of_that_type                                                                              \
                          : __builtin_types_compatible_p(__typeof__(((struct of *)0)->member), CELL_##kind)            \
                            ? 1                                                                                        \
                            : -1;                                                                                      \
              })

extern const struct fact pair_facts[], tmpfs_facts[], log_facts[], log_option_facts[], driver_facts[], image_facts[],
        image_name_facts[], fetch_facts[], block_limit_facts[], warning_facts[], component_facts[], port_facts[],
        device_facts[], device_rule_facts[], device_request_facts[], subnet_facts[], attachment_facts[],
        service_file_facts[], ulimit_facts[], variable_facts[], text_facts[], join_facts[], peer_facts[],
        history_facts[], unknown_facts[], privilege_facts[], mount_facts[], host_file_facts[], certificate_facts[],
        listener_facts[], stale_container_facts[];

/* How far a port reaches: of a published port, and of the address that a swarm's node listens on. */
extern const char *const reach_values[];

/* Of a user: yes: user 0 in any spelling | no: a number above 0 | unknown: a name. */
extern const char *const user_root_values[];
