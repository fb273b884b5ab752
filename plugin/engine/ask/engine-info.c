#include "engine-info.h"
#include "facts/cell.h"
#include "read/body.h"
#include "read/go-type.h"

/* Below this, SecurityOptions lacks the profile of seccomp, so that the same engine looks like another (moby
 * daemon/server/router/system). */
#define API_SECURITY 25

/* From this engine on, SecurityOptions tells of no-new-privileges. */
#define ENGINE_TELLS_PRIVILEGES 24

struct go_plugins {
        bool given;
        struct go_list authorization;
};
static const struct gojson_field go_plugins_fields[] = {
        GO_FIELD(go_plugins, "Authorization", authorization, gojson_strings),
};
static const struct gojson_type go_plugins_type = GO_STRUCT(go_plugins);

struct go_index {
        bool given;
        struct go_bool secure;
};
static const struct gojson_field go_index_fields[] = { GO_FIELD(go_index, "Secure", secure, gojson_bool) };
static const struct gojson_type go_index_type = GO_STRUCT(go_index);
static const struct gojson_type go_indices_type = GO_MAP(go_index_type);

/* An entry of IndexConfigs. */
struct index_entry {
        struct str key;
        struct go_index index;
};

struct go_registries {
        bool given;
        struct go_list insecure, indices, mirrors;
};
static const struct gojson_field go_registries_fields[] = {
        GO_FIELD(go_registries, "InsecureRegistryCIDRs", insecure, gojson_strings),
        GO_FIELD(go_registries, "IndexConfigs", indices, go_indices_type),
        GO_FIELD(go_registries, "Mirrors", mirrors, gojson_strings),
};
static const struct gojson_type go_registries_type = GO_STRUCT(go_registries);

struct go_swarm {
        bool given;
        struct go_string state;
        struct go_int managers;
};
static const struct gojson_field go_swarm_fields[] = { GO_FIELD(go_swarm, "LocalNodeState", state, gojson_string),
                                                       GO_FIELD(go_swarm, "Managers", managers, gojson_int64) };
static const struct gojson_type go_swarm_type = GO_STRUCT(go_swarm);

static const struct gojson_type go_status_type = GO_LIST(gojson_strings);

struct go_containerd {
        bool given;
        struct go_string address;
};
static const struct gojson_field go_containerd_fields[] = {
        GO_FIELD(go_containerd, "Address", address, gojson_string),
};
static const struct gojson_type go_containerd_type = GO_STRUCT(go_containerd);

/* [["plugin-path", PATH], …] */
struct go_nri {
        bool given;
        struct go_list info;
};
static const struct gojson_field go_nri_fields[] = { GO_FIELD(go_nri, "Info", info, go_status_type) };
static const struct gojson_type go_nri_type = GO_STRUCT(go_nri);

struct go_info {
        bool given;
        struct go_int processors, memory;
        struct go_string driver, logging_driver, kernel, os, version;
        struct go_list driver_status, security_options, warnings;
        struct go_plugins plugins;
        struct go_bool memory_limit, swap_limit, cpu_quota, pids_limit, debug, experimental, live_restore;
        struct go_registries registries;
        struct go_swarm swarm;
        struct go_string data_root;
        struct go_list cdi_folders;
        struct go_containerd containerd;
        struct go_nri nri;
};

/* The others are of no use to a rule, and passed over. */
static const struct gojson_field go_info_fields[] = {
        GO_FIELD(go_info, "Driver", driver, gojson_string),
        GO_FIELD(go_info, "DriverStatus", driver_status, go_status_type),
        GO_FIELD(go_info, "Plugins", plugins, go_plugins_type),
        GO_FIELD(go_info, "MemoryLimit", memory_limit, gojson_bool),
        GO_FIELD(go_info, "SwapLimit", swap_limit, gojson_bool),
        GO_FIELD(go_info, "CpuCfsQuota", cpu_quota, gojson_bool),
        GO_FIELD(go_info, "PidsLimit", pids_limit, gojson_bool),
        GO_FIELD(go_info, "Debug", debug, gojson_bool),
        GO_FIELD(go_info, "LoggingDriver", logging_driver, gojson_string),
        GO_FIELD(go_info, "NCPU", processors, gojson_int64),
        GO_FIELD(go_info, "MemTotal", memory, gojson_int64),
        GO_FIELD(go_info, "KernelVersion", kernel, gojson_string),
        GO_FIELD(go_info, "OperatingSystem", os, gojson_string),
        GO_FIELD(go_info, "RegistryConfig", registries, go_registries_type),
        GO_FIELD(go_info, "ExperimentalBuild", experimental, gojson_bool),
        GO_FIELD(go_info, "ServerVersion", version, gojson_string),
        GO_FIELD(go_info, "Swarm", swarm, go_swarm_type),
        GO_FIELD(go_info, "LiveRestoreEnabled", live_restore, gojson_bool),
        GO_FIELD(go_info, "SecurityOptions", security_options, gojson_strings),
        GO_FIELD(go_info, "Warnings", warnings, gojson_strings),
        GO_FIELD(go_info, "DockerRootDir", data_root, gojson_string),
        GO_FIELD(go_info, "CDISpecDirs", cdi_folders, gojson_strings),
        GO_FIELD(go_info, "Containerd", containerd, go_containerd_type),
        GO_FIELD(go_info, "NRI", nri, go_nri_type),
};
static const struct gojson_type go_info_type = GO_STRUCT(go_info);

static bool holds(struct str s, const char *part) {
        return str_search(s, str_from(part)) < s.n;
}

/* What an answer does not say is off: conditions on it are skipped. */
static struct fact_str answer_string(struct go_string v) {
        struct fact_str cell = cell_string(v);

        cell.head.state = v.given ? FACT_KNOWN : FACT_OFF;
        return cell;
}

static struct fact_bool answer_bool(struct go_bool v) {
        struct fact_bool cell = cell_bool(v);

        cell.head.state = v.given ? FACT_KNOWN : FACT_OFF;
        return cell;
}

/* "20.10.24+dfsg1", "1.6.20~ds1", "24.0.7-0ubuntu4" */
/* containerd says "v2.1.5". */
static struct go_string without_v(struct go_string version) {
        if (version.value.n > 1 && version.value.p[0] == 'v' && ascii_digit(version.value.p[1]))
                version.value = str_skip(version.value, 1);
        return version;
}

static bool is_distribution(struct str version) {
        return str_find(version, '+') < version.n || str_find(version, '~') < version.n || holds(version, "ubuntu");
}

static void tell_version(struct facts *f, struct go_string version, struct go_string kernel) {
        f->daemon.version = answer_string(without_v(version));
        f->daemon.kernel = answer_string(kernel);
        f->daemon.distribution = (struct fact_bool){ .value = is_distribution(version.value) };
}

static int64_t major(struct str version) {
        int64_t n;

        return str_int(str_first(version, str_find(version, '.')), &n) == 0 ? n : 0;
}

/* "name=seccomp,profile=default"; 23 and later write builtin for it. */
static enum word seccomp_profile(struct str option) {
        size_t at = str_search(option, STR_C("profile="));
        struct str profile = str_skip(option, at + 8 < option.n ? at + 8 : option.n);

        if (str_eqz(profile, "default") || str_eqz(profile, "builtin"))
                return WORD_DEFAULT;
        return str_eqz(profile, "unconfined") ? WORD_UNCONFINED : WORD_CUSTOM;
}

static void tell_security(struct facts *f, const struct go_list *options) {
        bool told = major(f->daemon.version.value) >= ENGINE_TELLS_PRIVILEGES;
        struct fact_word *privileges = &f->daemon.new_privileges;

        f->daemon.apparmor.head.given = f->daemon.selinux.head.given = options->given;
        f->daemon.seccomp = cell_word(WORD_OFF);
        *privileges = cell_word_standard(WORD_ALLOWED);
        privileges->head.state = told ? FACT_KNOWN : FACT_UNKNOWN;
        for (size_t i = 0; i < options->n; ++i) {
                struct str option = string_item(options, i), name = str_first(option, str_find(option, ','));

                if (str_eqz(name, "name=seccomp"))
                        f->daemon.seccomp = cell_word(seccomp_profile(option));
                else if (str_eqz(name, "name=apparmor"))
                        f->daemon.apparmor.value = true;
                else if (str_eqz(name, "name=selinux"))
                        f->daemon.selinux.value = true;
                else if (str_eqz(name, "name=userns"))
                        f->daemon.userns.value = true;
                else if (str_eqz(name, "name=rootless"))
                        f->daemon.rootless.value = true;
                else if (str_eqz(name, "name=no-new-privileges"))
                        *privileges = cell_word(WORD_DENIED);
        }
}

static enum word warning_kind(struct str text) {
        if (holds(text, "API is accessible on http://"))
                return WORD_TCP_PLAIN;
        if (holds(text, "without TLS client verification"))
                return WORD_TLS_NO_VERIFY;
        if (holds(text, "No ") && (holds(text, " support") || holds(text, " limit")))
                return WORD_KERNEL;
        return WORD_OTHER;
}

/* Of a warning with an essay below it the first line. */
static void tell_warnings(struct reading *in, const struct go_list *lines) {
        for (size_t i = 0; i < lines->n; ++i) {
                struct str text = string_item(lines, i);

                text = str_first(text, str_find(text, '\n'));
                FACT_ADD(in->arena, &in->facts->daemon.warnings,
                         (struct warning_fact){
                                 .origin = { .field = "Warnings", .index = (uint32_t)i, .indexed = true },
                                 .kind = cell_word(warning_kind(text)),
                                 .text = cell_str(text),
                         });
        }
}

/* This machine itself is trusted by every engine. */
static bool is_loopback(struct str cidr) {
        return str_eqz(cidr, "127.0.0.0/8") || str_eqz(cidr, "::1/128");
}

static void tell_registries(struct reading *in, const struct go_registries *registries) {
        struct fact_set *set = &in->facts->daemon.insecure_registries;

        for (size_t i = 0; i < registries->insecure.n; ++i)
                if (!is_loopback(string_item(&registries->insecure, i)))
                        fact_set_add(in->arena, set, string_item(&registries->insecure, i));
        for (size_t i = 0; i < registries->mirrors.n; ++i)
                fact_set_add(in->arena, &in->facts->daemon.registry_mirrors, string_item(&registries->mirrors, i));
        for (size_t i = 0; i < registries->indices.n; ++i) {
                const struct index_entry *entry = gojson_item(&registries->indices, i, sizeof(*entry));

                if (entry->index.secure.given && !entry->index.secure.value)
                        fact_set_add(in->arena, set, entry->key);
        }
}

static void tell_limits(struct reading *in, const struct go_info *info) {
        const struct {
                struct go_bool there;
                struct str name;
        } limits[] = {
                { info->memory_limit, STR("memory") },
                { info->swap_limit, STR("swap") },
                { info->cpu_quota, STR("processor time") },
                { info->pids_limit, STR("processes") },
        };

        for (size_t i = 0; i < ARRAY_SIZE(limits); ++i)
                if (limits[i].there.given && !limits[i].there.value)
                        fact_set_add(in->arena, &in->facts->daemon.missing_limits, limits[i].name);
}

/* devicemapper in a file: "Data loop file" (moby daemon/graphdriver/devmapper). */
static bool on_loop_devices(const struct go_list *status) {
        for (size_t i = 0; i < status->n; ++i) {
                const struct go_list *row = gojson_item(status, i, sizeof(*row));

                if (row->n > 0 && str_eqz(string_item(row, 0), "Data loop file"))
                        return true;
        }
        return false;
}

/* Sockets drive it; what lies in the others is run or obeyed (moby daemon/internal/nri). */
static void tell_nri(struct reading *in, const struct go_list *rows) {
        struct facts *f = in->facts;

        for (size_t i = 0; i < rows->n; ++i) {
                const struct go_list *row = gojson_item(rows, i, sizeof(*row));
                bool socket;

                if (row->n < 2 || str_empty(string_item(row, 1)))
                        continue;
                socket = str_eqz(string_item(row, 0), "socket-path");
                fact_set_add(in->arena, socket ? &f->daemon.folders : &f->daemon.obeyed_folders, string_item(row, 1));
        }
}

static void tell_folders(struct reading *in, const struct go_info *info) {
        struct facts *f = in->facts;
        const struct str own[] = { info->data_root.value, info->containerd.address.value };

        tell_nri(in, &info->nri.info);
        for (size_t i = 0; i < ARRAY_SIZE(own); ++i)
                if (!str_empty(own[i]))
                        fact_set_add(in->arena, &f->daemon.folders, own[i]);
        for (size_t i = 0; i < info->cdi_folders.n; ++i)
                fact_set_add(in->arena, &f->daemon.obeyed_folders, string_item(&info->cdi_folders, i));
}

bool engine_info_read(struct reading *in) {
        struct facts *f = in->facts;
        struct go_info info = { 0 };

        if (reading_api_below(in, API_SECURITY))
                return false;
        json_read(in, &info, &go_info_type, in->body, STR_C(""));
        if (!info.given)
                return false;
        tell_version(f, info.version, info.kernel);
        tell_security(f, &info.security_options);
        f->daemon.os = answer_string(info.os);
        f->daemon.storage_driver = answer_string(info.driver);
        f->daemon.loop_devices.value = on_loop_devices(&info.driver_status);
        f->daemon.logging_driver = answer_string(info.logging_driver);
        f->daemon.swarm = answer_string(info.swarm.state);
        f->daemon.managers = cell_int(info.swarm.managers);
        f->daemon.live_restore = answer_bool(info.live_restore);
        f->daemon.experimental = answer_bool(info.experimental);
        f->daemon.debug = answer_bool(info.debug);
        f->daemon.memory = cell_int(info.memory);
        f->daemon.processors = cell_int(info.processors);
        tell_warnings(in, &info.warnings);
        tell_registries(in, &info.registries);
        tell_limits(in, &info);
        for (size_t i = 0; i < info.plugins.authorization.n; ++i)
                fact_set_add(in->arena, &f->daemon.authorization_plugins, string_item(&info.plugins.authorization, i));
        tell_folders(in, &info);
        return true;
}

struct go_component {
        bool given;
        struct go_string name, version;
};
static const struct gojson_field go_component_fields[] = {
        GO_FIELD(go_component, "Name", name, gojson_string),
        GO_FIELD(go_component, "Version", version, gojson_string),
};
static const struct gojson_type go_component_type = GO_STRUCT(go_component);
static const struct gojson_type go_components_type = GO_LIST(go_component_type);

struct go_version {
        bool given;
        struct go_string version, kernel;
        struct go_list components;
};
static const struct gojson_field go_version_fields[] = {
        GO_FIELD(go_version, "Components", components, go_components_type),
        GO_FIELD(go_version, "Version", version, gojson_string),
        GO_FIELD(go_version, "KernelVersion", kernel, gojson_string),
};
static const struct gojson_type go_version_type = GO_STRUCT(go_version);

bool engine_version_read(struct reading *in) {
        struct facts *f = in->facts;
        struct go_version body = { 0 };

        json_read(in, &body, &go_version_type, in->body, STR_C(""));
        if (!body.given)
                return false;
        tell_version(f, body.version, body.kernel);
        for (size_t i = 0; i < body.components.n; ++i) {
                const struct go_component *from = gojson_item(&body.components, i, sizeof(*from));

                FACT_ADD(in->arena, &f->daemon.components,
                         (struct component_fact){
                                 .origin = { .field = "Components", .index = (uint32_t)i, .indexed = true },
                                 .name = cell_string(from->name),
                                 .version = cell_string(without_v(from->version)),
                                 .distribution.value = is_distribution(from->version.value),
                         });
        }
        return true;
}

struct go_network {
        bool given;
        struct go_string name, driver;
        struct go_list options;
};
static const struct gojson_field go_network_fields[] = {
        GO_FIELD(go_network, "Name", name, gojson_string),
        GO_FIELD(go_network, "Driver", driver, gojson_string),
        GO_FIELD(go_network, "Options", options, gojson_string_map),
};
static const struct gojson_type go_network_type = GO_STRUCT(go_network);
static const struct gojson_type go_networks_type = GO_LIST(go_network_type);

/* Only the network that is named so is the engine's default one; the option is absent where nobody asked. */
static bool tell_network(struct facts *f, const struct go_network *network) {
        if (!str_eqz(network->name.value, "bridge") || !str_eqz(network->driver.value, "bridge"))
                return false;
        f->daemon.icc = cell_word(WORD_ON);
        for (size_t i = 0; i < network->options.n; ++i) {
                const struct go_pair *option = pair_item(&network->options, i);

                if (str_eqz(option->key, "com.docker.network.bridge.enable_icc") &&
                    str_eqz(option->value.value, "false"))
                        f->daemon.icc = cell_word(WORD_OFF);
        }
        return true;
}

bool engine_network_read(struct reading *in) {
        struct go_network body = { 0 };

        json_read(in, &body, &go_network_type, in->body, STR_C(""));
        return tell_network(in->facts, &body);
}

bool engine_networks_read(struct reading *in) {
        struct go_list body = { 0 };
        bool told = false;

        json_read(in, &body, &go_networks_type, in->body, STR_C(""));
        for (size_t i = 0; i < body.n && !told; ++i)
                told = tell_network(in->facts, gojson_item(&body, i, sizeof(struct go_network)));
        return told;
}
