/*
 * The rows of what stands in lists: a mount, a port, a variable. Each table is sorted by name and ends with an empty
 * one; its list is a row of the facts table (fact-table.c).
 */
#include "elements.h"

const char *const reach_values[] = { "loopback", "address", "everywhere", "link-local", NULL };
const char *const user_root_values[] = { "yes", "no", "unknown", NULL };
static const char *const variable_values[] = { "env", "build-arg", "image", NULL };
static const char *const join_values[] = { "network", "pid", "ipc", NULL };
static const char *const warning_values[] = { "tcp-plain", "tls-no-verify", "kernel", "other", NULL };
static const char *const range_values[] = { "ordinary", "public", "loopback", "link-local", "unreadable", NULL };
static const char *const unknown_values[] = { "key", "value", "client-key", NULL };
static const char *const tmpfs_vias[] = { "tmpfs", "mount", "volume-options", "named-volume", NULL };
static const char *const mount_reaches[] = { "loopback", "link-local", "elsewhere", "unreadable", "none", NULL };
static const char *const fetch_reaches[] = { "loopback", "link-local", "elsewhere", "unreadable", NULL };
static const char *const fetch_whats[] = { "context", "image", "registry", NULL };
static const char *const log_kinds[] = { "none", "local", "remote", "engine", "plugin", NULL };
static const char *const log_option_kinds[] = { "plain", "record", "template", "address",
                                                "path",  "secret", "unknown",  NULL };
static const char *const log_reaches[] = { "socket",   "loopback",   "link-local", "elsewhere",
                                           "standard", "unreadable", "none",       NULL };
static const char *const template_values[] = { "plain", "other", "none", NULL };
static const char *const driver_kinds[] = { "network", "ipam", "log", "secret", NULL };
static const char *const engine_values[] = { "no", "data", "obeyed", NULL };
static const char *const image_vias[] = { "image", "mount", NULL };
static const char *const file_kinds[] = { "secret", "config", NULL };
static const char *const mount_kinds[] = { "host",    "volume",       "anonymous",        "tmpfs",   "image",
                                           "cluster", "block-device", "other-filesystem", "unknown", NULL };
static const char *const mount_vias[] = { "bind",         "mount",  "volume-options", "volumes-from",
                                          "named-volume", "plugin", "tmpfs",          NULL };

/* A row takes two or three lines; clang-format would give each field its own. */
/* clang-format off */
const struct fact pair_facts[] = {
        { .name = STR("name"), CELL(FACT_STRING, pair_fact, name), .doc = "key" },
        { .name = STR("value"), CELL(FACT_STRING, pair_fact, value), .doc = "value" },
        { .name = STR("") },
};

const struct fact tmpfs_facts[] = {
        { .name = STR("dev"), CELL(FACT_BOOL, tmpfs_fact, dev), .doc = "nodes of devices work there" },
        { .name = STR("exec"), CELL(FACT_BOOL, tmpfs_fact, exec), .doc = "programs start there" },
        { .name = STR("limit"), CELL(FACT_BOOL, tmpfs_fact, limit), .doc = "how much it may hold is said" },
        { .name = STR("name"), CELL(FACT_STRING, tmpfs_fact, name),
          .doc = "path inside as asked for; of a volume its name" },
        { .name = STR("option_names"), CELL(FACT_STRINGS, tmpfs_fact, option_names),
          .doc = "the options up to the =: noexec, size" },
        { .name = STR("options"), CELL(FACT_STRINGS, tmpfs_fact, options),
          .doc = "the options one by one: noexec, size=64m" },
        { .name = STR("suid"), CELL(FACT_BOOL, tmpfs_fact, suid), .doc = "set-user-ID programs work there" },
        { .name = STR("target"), CELL(FACT_PATH, tmpfs_fact, target),
          .doc = "path inside, cleaned; none for a volume's" },
        { .name = STR("via"), CELL(FACT_ENUM, tmpfs_fact, via), .values = tmpfs_vias,
          .doc = "the door it comes through" },
        { .name = STR("") },
};

const struct fact log_facts[] = {
        { .name = STR("driver"), CELL(FACT_STRING, log_fact, driver), .doc = "driver chosen; empty: the engine's" },
        { .name = STR("kind"), CELL(FACT_ENUM, log_fact, kind), .values = log_kinds,
          .doc = "none | local: kept on this host | remote: dockerd sends it | engine: its own choice | plugin" },
        { .name = STR("option_names"), CELL(FACT_STRINGS, log_fact, option_names), .doc = "names of its options" },
        { .name = STR("") },
};

const struct fact log_option_facts[] = {
        { .name = STR("driver"), CELL(FACT_STRING, log_option_fact, driver),
          .doc = "driver it is of; empty: the engine's" },
        { .name = STR("host"), CELL(FACT_STRING, log_option_fact, host),
          .doc = "of an address: the host, in lower case" },
        { .name = STR("kind"), CELL(FACT_ENUM, log_option_fact, kind), .values = log_option_kinds,
          .doc = "plain | record: stands in each line, or chooses what does | template: a Go template that does | "
                 "address: dockerd goes there | path: dockerd reads the file | secret | unknown: the driver knows "
                 "none of that name" },
        { .name = STR("name"), CELL(FACT_STRING, log_option_fact, name),
          .doc = "name; empty: where the driver goes by itself" },
        { .name = STR("reach"), CELL(FACT_ENUM, log_option_fact, reach), .values = log_reaches,
          .doc = "of an address: socket of this host | loopback | link-local, the cloud's metadata among them | "
                 "elsewhere | standard: where the driver goes by itself | unreadable: engines read it differently "
                 "| none" },
        { .name = STR("server"), CELL(FACT_STRING, log_option_fact, server),
          .doc = "of an address: host:port, or host; of a socket unix://PATH" },
        { .name = STR("template"), CELL(FACT_ENUM, log_option_fact, template), .values = template_values,
          .doc = "plain: text and fields alone | other | none: it is no template" },
        { .name = STR("value"), CELL(FACT_STRING, log_option_fact, value), .confidential = true, .doc = "value" },
        { .name = STR("") },
};

const struct fact attachment_facts[] = {
        { .name = STR("addresses"), CELL(FACT_STRINGS, attachment_fact, addresses),
          .doc = "addresses asked for, out of those of the network" },
        { .name = STR("aliases"), CELL(FACT_STRINGS, attachment_fact, aliases),
          .doc = "names that others in the network find it by, beside its own" },
        { .name = STR("further_addresses"), CELL(FACT_STRINGS, attachment_fact, further_addresses),
          .doc = "addresses asked for beside those of the network" },
        { .name = STR("links"), CELL(FACT_STRINGS, attachment_fact, links),
          .doc = "other containers, by names of its own" },
        { .name = STR("mac"), CELL(FACT_STRING, attachment_fact, mac),
          .doc = "MAC address asked for; empty: the engine's choice" },
        { .name = STR("name"), CELL(FACT_STRING, attachment_fact, name),
          .doc = "network as asked for: default, bridge, none, host, container:X, a name or an id; unknown when an "
                 "id stands for a name" },
        { .name = STR("range"), CELL(FACT_ENUM, attachment_fact, range), .values = range_values,
          .doc = "the worst that an address asked for belongs to: ordinary | public | loopback | link-local | unreadable" },
        { .name = STR("") },
};

const struct fact service_file_facts[] = {
        { .name = STR("kind"), CELL(FACT_ENUM, service_file_fact, kind), .values = file_kinds,
          .doc = "secret | config" },
        { .name = STR("name"), CELL(FACT_STRING, service_file_fact, name), .doc = "name of the secret or config" },
        { .name = STR("set_id"), CELL(FACT_BOOL, service_file_fact, set_id),
          .doc = "a set-user-ID or set-group-ID file" },
        { .name = STR("target"), CELL(FACT_STRING, service_file_fact, target),
          .doc = "path inside, or name below /run/secrets" },
        { .name = STR("") },
};

const struct fact driver_facts[] = {
        { .name = STR("kind"), CELL(FACT_ENUM, driver_fact, kind), .values = driver_kinds,
          .doc = "network | ipam: addresses | log | secret" },
        { .name = STR("name"), CELL(FACT_STRING, driver_fact, name), .doc = "name, without :latest" },
        { .name = STR("own"), CELL(FACT_BOOL, driver_fact, own), .doc = "one of Docker's own" },
        { .name = STR("plugin"), CELL(FACT_STRING, driver_fact, plugin), .looked_up = true,
          .doc = "reference that the plugin of that name was installed from" },
        { .name = STR("") },
};

const struct fact image_name_facts[] = {
        { .name = STR("name"), CELL(FACT_IMAGE, image_name_fact, name), .doc = "registry and path, normalised" },
        { .name = STR("reference"), CELL(FACT_STRING, image_name_fact, reference),
          .doc = "the name as it was given" },
        { .name = STR("source"), CELL(FACT_IMAGE, image_name_fact, source),
          .doc = "of a tag: registry and path that the image had so far; unknown when an id may stand there" },
        { .name = STR("") },
};

const struct fact fetch_facts[] = {
        { .name = STR("host"), CELL(FACT_STRING, fetch_fact, host), .doc = "where dockerd goes, in lower case" },
        { .name = STR("reach"), CELL(FACT_ENUM, fetch_fact, reach), .values = fetch_reaches,
          .doc = "loopback: the host itself | link-local: a cloud's metadata | elsewhere | unreadable" },
        { .name = STR("what"), CELL(FACT_ENUM, fetch_fact, what), .values = fetch_whats,
          .doc = "context: what is built | image: a file to import | registry" },
        { .name = STR("") },
};

const struct fact image_facts[] = {
        { .name = STR("digest"), CELL(FACT_STRING, image_fact, digest), .doc = "digest of the reference, sha256:…" },
        { .name = STR("name"), CELL(FACT_IMAGE, image_fact, name),
          .doc = "registry and path, normalised: docker.io/library/nginx" },
        { .name = STR("pinned"), CELL(FACT_BOOL, image_fact, pinned), .doc = "named by digest or by image id" },
        { .name = STR("reference"), CELL(FACT_STRING, image_fact, reference), .doc = "reference as asked for" },
        { .name = STR("registry"), CELL(FACT_STRING, image_fact, registry), .doc = "registry the name belongs to" },
        { .name = STR("tag"), CELL(FACT_STRING, image_fact, tag), .doc = "tag of the reference" },
        { .name = STR("via"), CELL(FACT_ENUM, image_fact, via), .values = image_vias,
          .doc = "image: what runs, is pulled or pushed | mount: comes in beside it" },
        { .name = STR("") },
};

const struct fact block_limit_facts[] = {
        { .name = STR("path"), CELL(FACT_PATH, block_limit_fact, path), .doc = "path on the host" },
        { .name = STR("requested"), CELL(FACT_STRING, block_limit_fact, requested), .doc = "path as asked for" },
        { .name = STR("") },
};

const struct fact warning_facts[] = {
        { .name = STR("kind"), CELL(FACT_ENUM, warning_fact, kind), .values = warning_values,
          .doc = "tcp-plain: the API listens without TLS | tls-no-verify: it takes any certificate | kernel: a "
                 "limit can't be enforced | other" },
        { .name = STR("text"), CELL(FACT_STRING, warning_fact, text), .doc = "the line" },
        { .name = STR("") },
};

const struct fact component_facts[] = {
        { .name = STR("distribution"), CELL(FACT_BOOL, component_fact, distribution),
          .doc = "a distribution's build: fixes may be in it that its number does not show" },
        { .name = STR("name"), CELL(FACT_STRING, component_fact, name), .doc = "containerd, runc, docker-init …" },
        { .name = STR("version"), CELL(FACT_VERSION, component_fact, version), .doc = "its version" },
        { .name = STR("") },
};

const struct fact port_facts[] = {
        { .name = STR("address"), CELL(FACT_ADDRESS, port_fact, address),
          .doc = "host address as asked for; empty: the engine's default" },
        { .name = STR("container"), CELL(FACT_PORT, port_fact, container), .doc = "port inside" },
        { .name = STR("host"), CELL(FACT_PORT, port_fact, host), .doc = "port outside; 0: chosen by the engine" },
        { .name = STR("protocol"), CELL(FACT_STRING, port_fact, protocol), .doc = "tcp, udp or sctp" },
        { .name = STR("reach"), CELL(FACT_ENUM, port_fact, reach), .values = reach_values,
          .doc = "loopback | address: one address | everywhere; the engine's default binding counts as everywhere" },
        { .name = STR("") },
};

const struct fact device_facts[] = {
        { .name = STR("path"), CELL(FACT_PATH, device_fact, path), .doc = "path on the host" },
        { .name = STR("permissions"), CELL(FACT_STRING, device_fact, permissions),
          .doc = "cgroup permissions: r, w, m" },
        { .name = STR("requested"), CELL(FACT_STRING, device_fact, requested), .doc = "path as asked for" },
        { .name = STR("") },
};

const struct fact device_rule_facts[] = {
        { .name = STR("major"), CELL(FACT_STRING, device_rule_fact, major), .doc = "major number or *" },
        { .name = STR("minor"), CELL(FACT_STRING, device_rule_fact, minor), .doc = "minor number or *" },
        { .name = STR("permissions"), CELL(FACT_STRING, device_rule_fact, permissions), .doc = "r, w, m" },
        { .name = STR("text"), CELL(FACT_STRING, device_rule_fact, text), .doc = "rule as asked for" },
        { .name = STR("type"), CELL(FACT_STRING, device_rule_fact, type), .doc = "a: all | b: block | c: character" },
        { .name = STR("") },
};

const struct fact device_request_facts[] = {
        { .name = STR("all"), CELL(FACT_BOOL, device_request_fact, all), .doc = "all that there are" },
        { .name = STR("device"), CELL(FACT_STRING, device_request_fact, device),
          .doc = "vendor.com/class=name of CDI; else driver:id, driver:number or driver:all, such as gpu:all" },
        { .name = STR("driver"), CELL(FACT_STRING, device_request_fact, driver), .doc = "driver asked" },
        { .name = STR("") },
};

const struct fact subnet_facts[] = {
        { .name = STR("range"), CELL(FACT_ENUM, subnet_fact, range), .values = range_values,
          .doc = "ordinary | public: some of it belongs to others on the Internet | loopback | link-local: some of it, where clouds have their metadata service | unreadable" },
        { .name = STR("subnet"), CELL(FACT_STRING, subnet_fact, subnet),
          .doc = "address and length of the prefix, as asked for" },
        { .name = STR("") },
};

const struct fact ulimit_facts[] = {
        { .name = STR("hard"), CELL(FACT_INT, ulimit_fact, hard), .doc = "hard limit; -1: none" },
        { .name = STR("name"), CELL(FACT_STRING, ulimit_fact, name), .doc = "name, such as nofile" },
        { .name = STR("soft"), CELL(FACT_INT, ulimit_fact, soft), .doc = "soft limit; -1: none" },
        { .name = STR("") },
};

const struct fact variable_facts[] = {
        { .name = STR("from"), CELL(FACT_ENUM, variable_fact, from), .values = variable_values,
          .looked_up_value = STR("image"), .doc = "env | build-arg | image: what the image sets, looked up" },
        { .name = STR("name"), CELL(FACT_STRING, variable_fact, name), .doc = "name" },
        { .name = STR("value"), CELL(FACT_STRING, variable_fact, value), .confidential = true, .doc = "value" },
        { .name = STR("") },
};

const struct fact text_facts[] = {
        { .name = STR("text"), CELL(FACT_STRING, text_fact, text), .confidential = true, .doc = "the text" },
        { .name = STR("where"), CELL(FACT_STRING, text_fact, where), .doc = "field it stands in" },
        { .name = STR("") },
};

const struct fact history_facts[] = {
        { .name = STR("instruction"), CELL(FACT_STRING, history_fact, instruction),
          .doc = "RUN, COPY, ADD …; empty where the history does not say" },
        { .name = STR("line"), CELL(FACT_STRING, history_fact, line), .confidential = true,
          .doc = "the line, with what an argument of the build put into it" },
        { .name = STR("step"), CELL(FACT_INT, history_fact, step), .doc = "which line it is, from the base image's first on" },
        { .name = STR("") },
};

const struct fact join_facts[] = {
        { .name = STR("namespace"), CELL(FACT_ENUM, join_fact, namespace), .values = join_values,
          .doc = "network | pid | ipc" },
        { .name = STR("peer"), CELL(FACT_STRING, join_fact, peer), .doc = "container joined, as named" },
        { .name = STR("peer.capabilities.added"), CELL(FACT_CAPABILITIES, join_fact, view.capabilities_added),
          .doc = "capabilities it was given" },
        { .name = STR("peer.ipc"), CELL(FACT_STRING, join_fact, view.ipc), .doc = "its IPC mode" },
        { .name = STR("peer.network"), CELL(FACT_STRING, join_fact, view.network), .doc = "its network mode" },
        { .name = STR("peer.pid"), CELL(FACT_STRING, join_fact, view.pid), .doc = "its PID namespace" },
        { .name = STR("peer.privileged"), CELL(FACT_BOOL, join_fact, view.privileged),
          .doc = "it runs without isolation" },
        { .name = STR("peer.user"), CELL(FACT_STRING, join_fact, view.user), .doc = "user[:group] that it runs as" },
        { .name = STR("peer.user.root"), CELL(FACT_ENUM, join_fact, view.user_root), .values = user_root_values,
          .doc = "yes | no | unknown: a name" },
        { .name = STR("peer.userns"), CELL(FACT_STRING, join_fact, view.userns), .doc = "its user namespace" },
        { .name = STR("") },
};

const struct fact peer_facts[] = {
        { .name = STR("mode"), CELL(FACT_STRING, peer_fact, mode), .doc = "ro, rw or empty" },
        { .name = STR("peer"), CELL(FACT_STRING, peer_fact, peer), .doc = "container, as named" },
        { .name = STR("") },
};

const struct fact unknown_facts[] = {
        { .name = STR("client"), CELL(FACT_STRING, unknown_fact, client),
          .doc = "of a client-key: the client that adds it" },
        { .name = STR("kind"), CELL(FACT_ENUM, unknown_fact, kind), .values = unknown_values,
          .doc = "key | value | client-key: one that a known client adds, and no engine reads" },
        { .name = STR("value"), CELL(FACT_STRING, unknown_fact, value), .doc = "the value, where one is odd" },
        { .name = STR("where"), CELL(FACT_STRING, unknown_fact, where), .doc = "place" },
        { .name = STR("") },
};

const struct fact privilege_facts[] = {
        { .name = STR("name"), CELL(FACT_STRING, privilege_fact, name),
          .doc = "network, mount, device, allow-all-devices, capabilities, host ipc namespace, host pid namespace" },
        { .name = STR("values"), CELL(FACT_STRINGS, privilege_fact, values),
          .doc = "what of it: paths, capabilities, host, true" },
        { .name = STR("") },
};

const struct fact mount_facts[] = {
        { .name = STR("driver"), CELL(FACT_STRING, mount_fact, driver),
          .doc = "volume driver, without :latest; empty: local" },
        { .name = STR("engine"), CELL(FACT_ENUM, mount_fact, engine), .values = engine_values,
          .doc = "at, below or above a folder of the engine's own, wherever that was set up to be: no | data: its "
                 "data and its sockets | obeyed: what stands there it obeys; no as well where neither it nor the "
                 "host's files told of any" },
        { .name = STR("filesystem"), CELL(FACT_STRING, mount_fact, filesystem),
          .doc = "type option of a local volume" },
        { .name = STR("kind"), CELL(FACT_ENUM, mount_fact, kind), .values = mount_kinds, .doc = "what comes in" },
        { .name = STR("mode"), CELL(FACT_STRING, mount_fact, mode), .doc = "mode text of a bind" },
        { .name = STR("plugin"), CELL(FACT_STRING, mount_fact, plugin), .looked_up = true,
          .doc = "reference that the plugin behind the driver was installed from" },
        { .name = STR("propagation"), CELL(FACT_STRING, mount_fact, propagation),
          .doc = "shared, rshared, slave, rslave, private, rprivate or empty" },
        { .name = STR("reach"), CELL(FACT_ENUM, mount_fact, reach), .values = mount_reaches,
          .doc = "of a file system's server: loopback: the host itself | link-local: a cloud's metadata | elsewhere | unreadable | none" },
        { .name = STR("read_only"), CELL(FACT_BOOL, mount_fact, read_only), .doc = "cannot be written" },
        { .name = STR("requested"), CELL(FACT_STRING, mount_fact, requested), .doc = "source as asked for" },
        { .name = STR("socket"), CELL(FACT_BOOL, mount_fact, socket),
          .doc = "of a host path: a socket lies there; false where nobody followed it" },
        { .name = STR("source"), CELL(FACT_PATH, mount_fact, source),
          .doc = "host path: cleaned, /var/run folded to /run; also resolved on the host where that is on" },
        { .name = STR("target"), CELL(FACT_STRING, mount_fact, target), .doc = "path inside" },
        { .name = STR("via"), CELL(FACT_ENUM, mount_fact, via), .values = mount_vias,
          .doc = "the door it comes through" },
        { .name = STR("volume"), CELL(FACT_STRING, mount_fact, volume), .doc = "volume name; empty: none" },
        { .name = STR("") },
};

const struct fact host_file_facts[] = {
        { .name = STR("group"), CELL(FACT_STRING, host_file_fact, group), .doc = "group, by name where it has one" },
        { .name = STR("kind"), CELL(FACT_STRING, host_file_fact, kind),
          .doc = "config | unit | folder | authority, certificate, key: of TLS | registry: certificate of one | socket" },
        { .name = STR("mode"), CELL(FACT_STRING, host_file_fact, mode), .doc = "mode: 0644" },
        { .name = STR("owner"), CELL(FACT_STRING, host_file_fact, owner), .doc = "owner, by name where it has one" },
        { .name = STR("path"), CELL(FACT_STRING, host_file_fact, path), .doc = "path on the host" },
        { .name = STR("permissions"), CELL(FACT_STRINGS, host_file_fact, permissions),
          .doc = "the mode in words: owner-write, group-read, others-execute, set-user-id, set-group-id, sticky …" },
        { .name = STR("") },
};

const struct fact certificate_facts[] = {
        { .name = STR("lasts"), CELL(FACT_DURATION, certificate_fact, lasts), .doc = "from its first day to its last" },
        { .name = STR("left"), CELL(FACT_DURATION, certificate_fact, left), .doc = "until it expires; below 0: it has" },
        { .name = STR("path"), CELL(FACT_STRING, certificate_fact, path), .doc = "path on the host" },
        { .name = STR("") },
};

const struct fact listener_facts[] = {
        { .name = STR("address"), CELL(FACT_STRING, listener_fact, address), .doc = "as it is told: tcp://0.0.0.0:2376" },
        { .name = STR("reach"), CELL(FACT_STRING, listener_fact, reach),
          .doc = "of tcp: loopback | address: of one interface | everywhere; else none" },
        { .name = STR("scheme"), CELL(FACT_STRING, listener_fact, scheme), .doc = "unix | tcp | fd | other" },
        { .name = STR("") },
};

const struct fact stale_container_facts[] = {
        { .name = STR("image"), CELL(FACT_STRING, stale_container_fact, image), .doc = "name of its image" },
        { .name = STR("name"), CELL(FACT_STRING, stale_container_fact, name), .doc = "name of the container" },
        { .name = STR("") },
};
/* clang-format on */
