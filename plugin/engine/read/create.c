#include "create.h"
#include "body.h"
#include "endpoint.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "go-type.h"
#include "host-path.h"
#include "image.h"
#include "mount.h"
#include "program.h"
#include "user.h"
#include "variable.h"

/* -- Go's types -- */

static const struct gojson_field health_config_fields[] = {
        GO_FIELD(health_config, "Test", test, gojson_strings),
        GO_FIELD(health_config, "Interval", interval, gojson_int64),
        GO_FIELD(health_config, "Timeout", timeout, gojson_int64),
        GO_FIELD(health_config, "StartPeriod", start_period, gojson_int64),
        GO_FIELD(health_config, "StartInterval", start_interval, gojson_int64),
        GO_FIELD(health_config, "Retries", retries, gojson_int64),
};
const struct gojson_type health_config_type = GO_STRUCT(health_config);

static const struct gojson_type endpoints_config_type = GO_MAP(endpoint_settings_type);

static const struct gojson_field networking_config_fields[] = {
        GO_FIELD(networking_config, "EndpointsConfig", endpoints_config, endpoints_config_type),
};
static const struct gojson_type networking_config_type = GO_STRUCT(networking_config);

static const struct gojson_type empty_map = GO_MAP(empty_type);

/*
 * Engines up to 26 read HostConfig's keys here too: all of them where there is no HostConfig, else a few of which it
 * says nothing. Go's zero changes nothing either way, but for two lists: empty ones are another thing than none (moby
 * runconfig/config_unix.go, getHostConfig).
 */
#define EMPTY_COUNTS(member)                                                                                           \
        (offsetof(struct host_config, member) == offsetof(struct host_config, masked_paths) ||                         \
         offsetof(struct host_config, member) == offsetof(struct host_config, readonly_paths))
#define TOP_LEVEL(json, member, kind)                                                                                  \
        { .name = STR(json),                                                                                           \
          .type = &gojson_any,                                                                                         \
          .at = offsetof(struct create_body, top_level),                                                               \
          .flaw = FLAW_TOPLEVEL_HOSTCONFIG + 1,                                                                        \
          .zero_in = &host_config_type,                                                                                \
          .empty_counts = EMPTY_COUNTS(member) },

static const struct gojson_field create_body_fields[] = {
        GO_FIELD(create_body, "Hostname", hostname, gojson_string),
        GO_FIELD(create_body, "Domainname", domainname, gojson_string),
        GO_FIELD(create_body, "User", user, gojson_string),
        GO_FIELD(create_body, "AttachStdin", attach_stdin, gojson_bool),
        GO_FIELD(create_body, "AttachStdout", attach_stdout, gojson_bool),
        GO_FIELD(create_body, "AttachStderr", attach_stderr, gojson_bool),
        GO_FIELD(create_body, "ExposedPorts", exposed_ports, empty_map),
        GO_FIELD(create_body, "Tty", tty, gojson_bool),
        GO_FIELD(create_body, "OpenStdin", open_stdin, gojson_bool),
        GO_FIELD(create_body, "StdinOnce", stdin_once, gojson_bool),
        GO_FIELD(create_body, "Env", env, gojson_strings),
        GO_FIELD(create_body, "Cmd", cmd, gojson_strslice),
        GO_FIELD(create_body, "Healthcheck", healthcheck, health_config_type),
        GO_FIELD(create_body, "ArgsEscaped", args_escaped, gojson_bool),
        GO_FIELD(create_body, "Image", image, gojson_string),
        GO_FIELD(create_body, "Volumes", volumes, empty_map),
        GO_FIELD(create_body, "WorkingDir", working_dir, gojson_string),
        GO_FIELD(create_body, "Entrypoint", entrypoint, gojson_strslice),
        GO_FIELD(create_body, "NetworkDisabled", network_disabled, gojson_bool),
        GO_FIELD(create_body, "MacAddress", mac_address, gojson_string),
        GO_FIELD(create_body, "OnBuild", on_build, gojson_strings),
        GO_FIELD(create_body, "Labels", labels, gojson_string_map),
        GO_FIELD(create_body, "StopSignal", stop_signal, gojson_string),
        GO_FIELD(create_body, "StopTimeout", stop_timeout, gojson_int64),
        GO_FIELD(create_body, "Shell", shell, gojson_strslice),
        GO_FIELD(create_body, "HostConfig", host_config, host_config_type),
        GO_FIELD(create_body, "NetworkingConfig", networking_config, networking_config_type),
        TOP_LEVEL("Cpuset", cpuset_cpus, ) HOST_CONFIG_ROWS(TOP_LEVEL)
};
const struct gojson_type create_body_type = GO_STRUCT(create_body);

/* -- facts -- */

/* Without a user it is the image's: root, unless a lookup tells. */
void container_user_read(struct facts *f, struct go_string user) {
        f->container.user = cell_string(user);
        f->container.user_root = user_root_cell(user.value);
        f->container.user_root.head.given = user.given;
        if (!cell_is(&f->container.user_root, WORD_YES))
                f->container.group_root =
                        (struct fact_bool){ .head.given = true, .value = user_group_root(user.value) };
}

/*
 * What the image says is replaced: dockerd keeps the image's Entrypoint for null alone, an empty list takes it away; an
 * empty Cmd is none, and any Entrypoint takes the image's Cmd away (moby daemon/commit.go, merge). Shell is what runs
 * the image's own health check (daemon/health.go). A program that is named by no whole path, "./run" or "app.py", is
 * found in the folder it starts in, which may be memory that another container shares; and a shell that is left its
 * input runs what it is told there.
 */
static void read_overrides(struct reading *in, const struct create_body *body) {
        struct facts *f = in->facts;

        in->inherits_entrypoint = !body->entrypoint.given;
        in->inherits_command = body->entrypoint.n == 0 && body->cmd.n == 0;
        f->container.entrypoint_given.value = body->entrypoint.given || body->shell.n > 0;
        f->container.entrypoint_given.head.given = f->container.entrypoint_given.value;
        f->container.command_given.value = body->cmd.n > 0;
        f->container.command_given.head.given = f->container.command_given.value;
        f->container.user_given.value = body->user.value.n > 0;
        f->container.user_given.head.given = f->container.user_given.value;
        f->image.as_built.value = !f->container.entrypoint_given.value && !f->container.command_given.value &&
                                  !f->container.user_given.value && body->env.n == 0 && body->healthcheck.test.n == 0 &&
                                  str_empty(body->working_dir.value) && !body->open_stdin.value;
}

/* What begins with any other word dockerd never runs, which its own log alone says (moby daemon/health.go). */
enum word healthcheck_word(const struct health_config *health) {
        struct str first;

        if (health->test.n == 0)
                return WORD_UNSET; /* an empty test is the image's */
        first = string_item(&health->test, 0);
        return str_eqz(first, "CMD") || str_eqz(first, "CMD-SHELL") ? WORD_SET : WORD_NONE;
}

void healthcheck_read(struct facts *f, const struct health_config *health) {
        if (health->test.n > 0)
                f->container.healthcheck = cell_word(healthcheck_word(health));
}

void container_texts_read(struct reading *in, const struct create_body *body) {
        texts_read(in, "Env", &body->env);
        texts_read(in, "Entrypoint", &body->entrypoint);
        texts_read(in, "Cmd", &body->cmd);
        texts_read(in, "Healthcheck.Test", &body->healthcheck.test);
        texts_read(in, "Shell", &body->shell);
        texts_read(in, "OnBuild", &body->on_build);
        gather_labels(in->arena, &in->facts->container.labels, &body->labels);
        texts_read_map(in, "Labels", &body->labels);
}

struct endpoint_entry {
        struct str name;
        struct endpoint_settings settings;
};

static bool has_endpoint(const struct go_list *endpoints, struct str name) {
        for (size_t i = 0; i < endpoints->n; ++i)
                if (str_eq(((const struct endpoint_entry *)endpoints->items)[i].name, name))
                        return true;
        return false;
}

/* What stands at the top is meant for all that say none of their own. */
static void spread_mac(struct facts *f, struct go_string mac) {
        struct attachment_fact *a = f->networks.items;

        for (size_t i = 0; i < f->networks.n; ++i)
                if (str_empty(a[i].mac.value))
                        a[i].mac = cell_string(mac);
}

/*
 * NetworkMode and EndpointsConfig both put it in networks: an engine joins those of the map, in older versions these
 * alone, so that "none" is none only without them (updateContainerNetworkSettings in moby's
 * daemon/container_operations.go).
 */
static void read_networks(struct reading *in, const struct create_body *body) {
        const struct go_list *endpoints = &body->networking_config.endpoints_config;
        struct str mode = in->facts->container.network.value;
        const struct attachment_fact by_mode =
                attachment_of((struct origin){ .field = "HostConfig.NetworkMode" }, mode);
        bool joins_mode = endpoints->n == 0 || (!str_eqz(mode, "none") && !has_endpoint(endpoints, mode));

        if (joins_mode)
                attachment_add(in, &by_mode);
        for (size_t i = 0; i < endpoints->n && !arena_full(in->arena); ++i) {
                const struct endpoint_entry *entry = gojson_item(endpoints, i, sizeof(*entry));
                const struct endpoint_place place = {
                        { .field = "NetworkingConfig.EndpointsConfig", .key = entry->name },
                        "EndpointsConfig.DriverOpts",
                };

                endpoint_read(in, &place, entry->name, &entry->settings);
        }
        spread_mac(in->facts, body->mac_address);
}

static void read_config(struct reading *in, const struct create_body *body) {
        struct facts *f = in->facts;

        container_user_read(f, body->user);
        read_overrides(in, body);
        if (body->stop_timeout.given)
                f->container.stop_timeout = cell_int(body->stop_timeout);
        healthcheck_read(f, &body->healthcheck);
        image_read(in, "Image", body->image);
        host_path(in->arena, body->working_dir.value, &f->container.working_dir);
        program_add(in->arena, &f->container.programs, &body->entrypoint);
        program_add(in->arena, &f->container.programs, &body->cmd);
        variables_read(in, &body->env);
        volumes_read(in, &body->volumes, body->host_config.volume_driver);
        read_networks(in, body);
        container_texts_read(in, body);
}

static void read_name(struct reading *in) {
        struct str name = reading_parameter(in, "name");

        if (name.p)
                in->facts->container.name = cell_str(name);
}

void create_decode(struct reading *in) {
        struct create_body body = { 0 };

        if (!body_decode(in, &body, &create_body_type))
                return;

        read_name(in);
        in->facts->mounts.head.given = body.host_config.binds.given || body.host_config.mounts.given;
        host_config_read(in, &body.host_config);
        read_config(in, &body);
}
