/*
 * The rows of what stands in lists: a mount, a port, a variable. Each table is sorted by name and ends with an empty
 * one; its list is a row of the facts table (facts.c).
 */
#include "elements.h"
#include <stddef.h>

const char *const reach_values[] = { "loopback", "address", "everywhere", NULL };
const char *const user_root_values[] = { "yes", "no", "unknown", NULL };
static const char *const variable_values[] = { "env", "build-arg", "image", NULL };
static const char *const join_values[] = { "network", "pid", "ipc", NULL };
static const char *const warning_values[] = { "tcp-plain", "tls-no-verify", "kernel", "other", NULL };
static const char *const range_values[] = { "ordinary", "loopback", "link-local", "unreadable", NULL };
static const char *const unknown_values[] = { "key", "value", "driver-path", NULL };
static const char *const mount_kinds[] = { "host",    "volume",       "anonymous",        "tmpfs",   "image",
                                           "cluster", "block-device", "other-filesystem", "unknown", NULL };
static const char *const mount_vias[] = { "bind",         "mount",  "volume-options", "volumes-from",
                                          "named-volume", "plugin", "tmpfs",          NULL };

/* A row takes two or three lines; clang-format would give each field its own. */
/* clang-format off */
const struct fact pair_facts[] = {
        { .name = STR("name"), .type = FACT_STRING, .at = offsetof(struct pair_fact, name), .doc = "key" },
        { .name = STR("value"), .type = FACT_STRING, .at = offsetof(struct pair_fact, value), .doc = "value" },
        { .name = STR("") },
};

const struct fact tmpfs_facts[] = {
        { .name = STR("name"), .type = FACT_STRING, .at = offsetof(struct tmpfs_fact, name), .doc = "path inside" },
        { .name = STR("options"), .type = FACT_STRINGS, .at = offsetof(struct tmpfs_fact, options),
          .doc = "the options one by one: noexec, size=64m …" },
        { .name = STR("value"), .type = FACT_STRING, .at = offsetof(struct tmpfs_fact, value),
          .doc = "the options in one, with commas" },
        { .name = STR("") },
};

const struct fact warning_facts[] = {
        { .name = STR("kind"), .type = FACT_ENUM, .at = offsetof(struct warning_fact, kind), .values = warning_values,
          .doc = "tcp-plain: the API listens without TLS | tls-no-verify: it takes any certificate | kernel: a limit "
                 "can't be enforced | other" },
        { .name = STR("text"), .type = FACT_STRING, .at = offsetof(struct warning_fact, text), .doc = "the line" },
        { .name = STR("") },
};

const struct fact component_facts[] = {
        { .name = STR("distribution"), .type = FACT_BOOL, .at = offsetof(struct component_fact, distribution),
          .doc = "a distribution's build: fixes may be in it that its number does not show" },
        { .name = STR("name"), .type = FACT_STRING, .at = offsetof(struct component_fact, name),
          .doc = "containerd, runc, docker-init …" },
        { .name = STR("version"), .type = FACT_VERSION, .at = offsetof(struct component_fact, version),
          .doc = "its version" },
        { .name = STR("") },
};

const struct fact port_facts[] = {
        { .name = STR("address"), .type = FACT_ADDRESS, .at = offsetof(struct port_fact, address),
          .doc = "host address as asked for; empty: the engine's default" },
        { .name = STR("container"), .type = FACT_PORT, .at = offsetof(struct port_fact, container),
          .doc = "port inside" },
        { .name = STR("host"), .type = FACT_PORT, .at = offsetof(struct port_fact, host),
          .doc = "port outside; 0: chosen by the engine" },
        { .name = STR("protocol"), .type = FACT_STRING, .at = offsetof(struct port_fact, protocol),
          .doc = "tcp, udp or sctp" },
        { .name = STR("reach"), .type = FACT_ENUM, .at = offsetof(struct port_fact, reach), .values = reach_values,
          .doc = "loopback | address: one address | everywhere; the engine's default binding counts as everywhere" },
        { .name = STR("") },
};

const struct fact device_facts[] = {
        { .name = STR("path"), .type = FACT_PATH, .at = offsetof(struct device_fact, path), .doc = "path on the host" },
        { .name = STR("permissions"), .type = FACT_STRING, .at = offsetof(struct device_fact, permissions),
          .doc = "cgroup permissions: r, w, m" },
        { .name = STR("requested"), .type = FACT_STRING, .at = offsetof(struct device_fact, requested),
          .doc = "path as asked for" },
        { .name = STR("") },
};

const struct fact device_rule_facts[] = {
        { .name = STR("major"), .type = FACT_STRING, .at = offsetof(struct device_rule_fact, major),
          .doc = "major number or *" },
        { .name = STR("minor"), .type = FACT_STRING, .at = offsetof(struct device_rule_fact, minor),
          .doc = "minor number or *" },
        { .name = STR("permissions"), .type = FACT_STRING, .at = offsetof(struct device_rule_fact, permissions),
          .doc = "r, w, m" },
        { .name = STR("text"), .type = FACT_STRING, .at = offsetof(struct device_rule_fact, text),
          .doc = "rule as asked for" },
        { .name = STR("type"), .type = FACT_STRING, .at = offsetof(struct device_rule_fact, type),
          .doc = "a: all | b: block | c: character" },
        { .name = STR("") },
};

const struct fact device_request_facts[] = {
        { .name = STR("driver"), .type = FACT_STRING, .at = offsetof(struct device_request_fact, driver),
          .doc = "driver asked" },
        { .name = STR("") },
};

const struct fact subnet_facts[] = {
        { .name = STR("range"), .type = FACT_ENUM, .at = offsetof(struct subnet_fact, range), .values = range_values,
          .doc = "ordinary | loopback | link-local: some of it, where clouds have their metadata service | unreadable" },
        { .name = STR("subnet"), .type = FACT_STRING, .at = offsetof(struct subnet_fact, subnet),
          .doc = "address and length of the prefix, as asked for" },
        { .name = STR("") },
};

const struct fact ulimit_facts[] = {
        { .name = STR("hard"), .type = FACT_INT, .at = offsetof(struct ulimit_fact, hard),
          .doc = "hard limit; -1: none" },
        { .name = STR("name"), .type = FACT_STRING, .at = offsetof(struct ulimit_fact, name),
          .doc = "name, such as nofile" },
        { .name = STR("soft"), .type = FACT_INT, .at = offsetof(struct ulimit_fact, soft),
          .doc = "soft limit; -1: none" },
        { .name = STR("") },
};

const struct fact variable_facts[] = {
        { .name = STR("from"), .type = FACT_ENUM, .at = offsetof(struct variable_fact, from), .values = variable_values,
          .looked_up_value = STR("image"),
          .doc = "env | build-arg | image: what the image sets, looked up" },
        { .name = STR("name"), .type = FACT_STRING, .at = offsetof(struct variable_fact, name), .doc = "name" },
        { .name = STR("value"), .type = FACT_STRING, .at = offsetof(struct variable_fact, value), .confidential = true,
          .doc = "value" },
        { .name = STR("") },
};

const struct fact text_facts[] = {
        { .name = STR("text"), .type = FACT_STRING, .at = offsetof(struct text_fact, text), .confidential = true,
          .doc = "the text" },
        { .name = STR("where"), .type = FACT_STRING, .at = offsetof(struct text_fact, where),
          .doc = "field it stands in" },
        { .name = STR("") },
};

const struct fact join_facts[] = {
        { .name = STR("namespace"), .type = FACT_ENUM, .at = offsetof(struct join_fact, namespace),
          .values = join_values, .doc = "network | pid | ipc" },
        { .name = STR("peer"), .type = FACT_STRING, .at = offsetof(struct join_fact, peer),
          .doc = "container joined, as named" },
        { .name = STR("peer.capabilities.added"), .type = FACT_CAPABILITIES, .at = offsetof(struct join_fact, view.capabilities_added),
          .looked_up = true, .doc = "capabilities it was given" },
        { .name = STR("peer.ipc"), .type = FACT_STRING, .at = offsetof(struct join_fact, view.ipc),
          .looked_up = true, .doc = "its IPC mode" },
        { .name = STR("peer.network"), .type = FACT_STRING, .at = offsetof(struct join_fact, view.network),
          .looked_up = true, .doc = "its network mode" },
        { .name = STR("peer.pid"), .type = FACT_STRING, .at = offsetof(struct join_fact, view.pid),
          .looked_up = true, .doc = "its PID namespace" },
        { .name = STR("peer.privileged"), .type = FACT_BOOL, .at = offsetof(struct join_fact, view.privileged),
          .looked_up = true, .doc = "it runs without isolation" },
        { .name = STR("peer.user"), .type = FACT_STRING, .at = offsetof(struct join_fact, view.user),
          .looked_up = true, .doc = "user[:group] that it runs as" },
        { .name = STR("peer.user.root"), .type = FACT_ENUM, .at = offsetof(struct join_fact, view.user_root),
          .values = user_root_values, .looked_up = true, .doc = "yes | no | unknown: a name" },
        { .name = STR("peer.userns"), .type = FACT_STRING, .at = offsetof(struct join_fact, view.userns),
          .looked_up = true, .doc = "its user namespace" },
        { .name = STR("") },
};

const struct fact peer_facts[] = {
        { .name = STR("mode"), .type = FACT_STRING, .at = offsetof(struct peer_fact, mode), .doc = "ro, rw or empty" },
        { .name = STR("peer"), .type = FACT_STRING, .at = offsetof(struct peer_fact, peer),
          .doc = "container, as named" },
        { .name = STR("") },
};

const struct fact unknown_facts[] = {
        { .name = STR("kind"), .type = FACT_ENUM, .at = offsetof(struct unknown_fact, kind), .values = unknown_values,
          .doc = "key | value | driver-path: a driver outside the plugins' folder" },
        { .name = STR("value"), .type = FACT_STRING, .at = offsetof(struct unknown_fact, value),
          .doc = "the value, where one is odd" },
        { .name = STR("where"), .type = FACT_STRING, .at = offsetof(struct unknown_fact, where), .doc = "place" },
        { .name = STR("") },
};

const struct fact privilege_facts[] = {
        { .name = STR("name"), .type = FACT_STRING, .at = offsetof(struct privilege_fact, name),
          .doc = "network, mount, device, allow-all-devices, capabilities, host ipc namespace, host pid namespace" },
        { .name = STR("values"), .type = FACT_STRINGS, .at = offsetof(struct privilege_fact, values),
          .doc = "what of it: paths, capabilities, host, true" },
        { .name = STR("") },
};

const struct fact mount_facts[] = {
        { .name = STR("driver"), .type = FACT_STRING, .at = offsetof(struct mount_fact, driver),
          .doc = "volume driver; empty: local" },
        { .name = STR("filesystem"), .type = FACT_STRING, .at = offsetof(struct mount_fact, filesystem),
          .doc = "type option of a local volume" },
        { .name = STR("kind"), .type = FACT_ENUM, .at = offsetof(struct mount_fact, kind), .values = mount_kinds,
          .doc = "what comes in" },
        { .name = STR("mode"), .type = FACT_STRING, .at = offsetof(struct mount_fact, mode),
          .doc = "mode text of a bind" },
        { .name = STR("propagation"), .type = FACT_STRING, .at = offsetof(struct mount_fact, propagation),
          .doc = "shared, rshared, slave, rslave, private, rprivate or empty" },
        { .name = STR("read_only"), .type = FACT_BOOL, .at = offsetof(struct mount_fact, read_only),
          .doc = "cannot be written" },
        { .name = STR("requested"), .type = FACT_STRING, .at = offsetof(struct mount_fact, requested),
          .doc = "source as asked for" },
        { .name = STR("source"), .type = FACT_PATH, .at = offsetof(struct mount_fact, source),
          .doc = "host path: cleaned, /var/run folded to /run; also resolved on the host where that is on" },
        { .name = STR("target"), .type = FACT_STRING, .at = offsetof(struct mount_fact, target), .doc = "path inside" },
        { .name = STR("via"), .type = FACT_ENUM, .at = offsetof(struct mount_fact, via), .values = mount_vias,
          .doc = "the door it comes through" },
        { .name = STR("volume"), .type = FACT_STRING, .at = offsetof(struct mount_fact, volume),
          .doc = "volume name; empty: none" },
        { .name = STR("") },
};
/* clang-format on */
