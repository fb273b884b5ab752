#include "swarm.h"
#include "body.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "go-bool.h"
#include "go-type.h"
#include "go-upper.h"
#include "log.h"
#include "port.h"
#include "service-spec.h"
#include "subnet.h"
#include "unknown.h"

/* -- Go's swarm.Spec -- */

struct orchestration {
        bool given;
        struct go_int task_history;
};
struct raft {
        bool given;
        struct go_int snapshot_interval, keep_old_snapshots, log_entries, election_tick, heartbeat_tick;
};
struct dispatcher {
        bool given;
        struct go_int heartbeat_period;
};
struct external_ca {
        bool given;
        struct go_string protocol, url, ca_cert;
        struct go_list options;
};
struct ca_config {
        bool given;
        struct go_int node_cert_expiry, force_rotate;
        struct go_list external_cas;
        struct go_string signing_cert, signing_key;
};
struct task_defaults {
        bool given;
        struct swarm_driver log_driver;
};
struct encryption {
        bool given;
        struct go_bool auto_lock;
};
struct swarm_spec {
        bool given;
        struct go_string name;
        struct go_list labels;
        struct orchestration orchestration;
        struct raft raft;
        struct dispatcher dispatcher;
        struct ca_config ca_config;
        struct task_defaults task_defaults;
        struct encryption encryption;
};

static const struct gojson_field orchestration_fields[] = {
        GO_FIELD(orchestration, "TaskHistoryRetentionLimit", task_history, gojson_int64),
};
static const struct gojson_type orchestration_type = GO_STRUCT(orchestration);

static const struct gojson_field raft_fields[] = {
        GO_FIELD(raft, "SnapshotInterval", snapshot_interval, gojson_uint64),
        GO_FIELD(raft, "KeepOldSnapshots", keep_old_snapshots, gojson_uint64),
        GO_FIELD(raft, "LogEntriesForSlowFollowers", log_entries, gojson_uint64),
        GO_FIELD(raft, "ElectionTick", election_tick, gojson_int64),
        GO_FIELD(raft, "HeartbeatTick", heartbeat_tick, gojson_int64),
};
static const struct gojson_type raft_type = GO_STRUCT(raft);

static const struct gojson_field dispatcher_fields[] = {
        GO_FIELD(dispatcher, "HeartbeatPeriod", heartbeat_period, gojson_int64),
};
static const struct gojson_type dispatcher_type = GO_STRUCT(dispatcher);

static const struct gojson_field external_ca_fields[] = {
        GO_FIELD(external_ca, "Protocol", protocol, gojson_string),
        GO_FIELD(external_ca, "URL", url, gojson_string),
        GO_FIELD(external_ca, "Options", options, gojson_string_map),
        GO_FIELD(external_ca, "CACert", ca_cert, gojson_string),
};
static const struct gojson_type external_ca_type = GO_STRUCT(external_ca);
static const struct gojson_type external_cas_type = GO_LIST(external_ca_type);

static const struct gojson_field ca_config_fields[] = {
        GO_FIELD(ca_config, "NodeCertExpiry", node_cert_expiry, gojson_int64),
        GO_FIELD(ca_config, "ExternalCAs", external_cas, external_cas_type),
        GO_FIELD(ca_config, "SigningCACert", signing_cert, gojson_string),
        GO_FIELD(ca_config, "SigningCAKey", signing_key, gojson_string),
        GO_FIELD(ca_config, "ForceRotate", force_rotate, gojson_uint64),
};
static const struct gojson_type ca_config_type = GO_STRUCT(ca_config);

static const struct gojson_field task_defaults_fields[] = {
        GO_FIELD(task_defaults, "LogDriver", log_driver, swarm_driver_type),
};
static const struct gojson_type task_defaults_type = GO_STRUCT(task_defaults);

static const struct gojson_field encryption_fields[] = {
        GO_FIELD(encryption, "AutoLockManagers", auto_lock, gojson_bool),
};
static const struct gojson_type encryption_type = GO_STRUCT(encryption);

static const struct gojson_field swarm_spec_fields[] = {
        GO_FIELD(swarm_spec, "Name", name, gojson_string),
        GO_FIELD(swarm_spec, "Labels", labels, gojson_string_map),
        GO_FIELD(swarm_spec, "Orchestration", orchestration, orchestration_type),
        GO_FIELD(swarm_spec, "Raft", raft, raft_type),
        GO_FIELD(swarm_spec, "Dispatcher", dispatcher, dispatcher_type),
        GO_FIELD(swarm_spec, "CAConfig", ca_config, ca_config_type),
        GO_FIELD(swarm_spec, "TaskDefaults", task_defaults, task_defaults_type),
        GO_FIELD(swarm_spec, "EncryptionConfig", encryption, encryption_type),
};
static const struct gojson_type swarm_spec_type = GO_STRUCT(swarm_spec);

/* dockerd takes the specification as a whole: what it leaves out is off, or at its default. */
static void read_spec(struct reading *in, const struct swarm_spec *spec) {
        static const struct log_place log = { "TaskDefaults.LogDriver.Name", "TaskDefaults.LogDriver.Options" };
        const struct ca_config *ca = &spec->ca_config;
        struct facts *f = in->facts;

        f->swarm.autolock = cell_bool(spec->encryption.auto_lock);
        if (ca->node_cert_expiry.value > 0)
                f->swarm.certificate_expiry =
                        (struct fact_int){ .head.given = true, .value = ca->node_cert_expiry.value / 1000 };
        f->swarm.other_authority = (struct fact_bool){
                .head.given = true,
                .value = ca->external_cas.n > 0 || ca->force_rotate.value > 0 || !str_empty(ca->signing_cert.value) ||
                         !str_empty(ca->signing_key.value),
        };
        log_read(in, &log, spec->task_defaults.log_driver.name, &spec->task_defaults.log_driver.options);
        texts_read_map(in, "Labels", &spec->labels);
}

/* -- addresses -- */

static bool looks_like_address(struct str host) {
        for (size_t i = 0; i < host.n; ++i)
                if (!ascii_digit(host.p[i]) && !strchr("abcdefABCDEF.:", host.p[i]))
                        return false;
        return str_find(host, '.') < host.n || str_find(host, ':') < host.n;
}

/*
 * The host of "tcp://HOST:PORT", "HOST:PORT", "[HOST]:PORT" or HOST, which may be the name of an interface: that has
 * addresses, but not all there are (moby opts.ParseTCPAddr, daemon/cluster/listen_addr.go).
 */
static enum word listen_reach(struct str address) {
        struct str host = str_starts(address, STR_C("tcp://")) ? str_skip(address, 6) : address;
        size_t colon = str_find(host, ':');

        if (host.n > 0 && host.p[0] == '[')
                host = str_first(str_skip(host, 1), str_find(host, ']') - 1);
        else if (colon == str_find_last(host, ':'))
                host = str_first(host, colon);
        if (!str_empty(host) && !looks_like_address(host))
                return WORD_ADDRESS;
        return port_reach(host);
}

static void read_listen(struct facts *f, struct go_string address) {
        f->swarm.listen = cell_string(address);
        f->swarm.listen_reach = cell_word(listen_reach(address.value));
        f->swarm.listen_reach.head.given = address.given;
}

/* -- POST /swarm/init -- */

struct swarm_init {
        bool given;
        struct go_string listen_addr, advertise_addr, data_path_addr, availability;
        struct go_int data_path_port, subnet_size;
        struct go_bool force_new_cluster, auto_lock;
        struct swarm_spec spec;
        struct go_list default_addr_pool;
};

static const struct gojson_field swarm_init_fields[] = {
        GO_FIELD(swarm_init, "ListenAddr", listen_addr, gojson_string),
        GO_FIELD(swarm_init, "AdvertiseAddr", advertise_addr, gojson_string),
        GO_FIELD(swarm_init, "DataPathAddr", data_path_addr, gojson_string),
        GO_FIELD(swarm_init, "DataPathPort", data_path_port, gojson_uint32),
        GO_FIELD(swarm_init, "ForceNewCluster", force_new_cluster, gojson_bool),
        GO_FIELD(swarm_init, "Spec", spec, swarm_spec_type),
        GO_FIELD(swarm_init, "AutoLockManagers", auto_lock, gojson_bool),
        GO_FIELD(swarm_init, "Availability", availability, gojson_string),
        GO_FIELD(swarm_init, "DefaultAddrPool", default_addr_pool, gojson_strings),
        GO_FIELD(swarm_init, "SubnetSize", subnet_size, gojson_uint32),
};
static const struct gojson_type swarm_init_type = GO_STRUCT(swarm_init);

static void read_pools(struct reading *in, const struct go_list *pools) {
        struct facts *f = in->facts;

        for (size_t i = 0; i < pools->n && !arena_full(in->arena); ++i)
                subnet_add(in->arena, &f->swarm.address_pools,
                           (struct origin){ .field = "DefaultAddrPool", .index = (uint32_t)i, .indexed = true },
                           string_item(pools, i));
        f->swarm.address_pools.head.given = f->swarm.address_pools.n > 0;
}

/* The specification is put over what AutoLockManagers beside it says. */
void swarm_init_decode(struct reading *in) {
        struct swarm_init body = { 0 };

        if (!body_decode(in, &body, &swarm_init_type))
                return;
        read_listen(in->facts, body.listen_addr);
        in->facts->swarm.new_cluster = cell_bool(body.force_new_cluster);
        read_pools(in, &body.default_addr_pool);
        read_spec(in, &body.spec);
}

/* -- POST /swarm/join -- */

struct swarm_join {
        bool given;
        struct go_string listen_addr, advertise_addr, data_path_addr, join_token, availability;
        struct go_list remote_addrs;
};

static const struct gojson_field swarm_join_fields[] = {
        GO_FIELD(swarm_join, "ListenAddr", listen_addr, gojson_string),
        GO_FIELD(swarm_join, "AdvertiseAddr", advertise_addr, gojson_string),
        GO_FIELD(swarm_join, "DataPathAddr", data_path_addr, gojson_string),
        GO_FIELD(swarm_join, "RemoteAddrs", remote_addrs, gojson_strings),
        GO_FIELD(swarm_join, "JoinToken", join_token, gojson_string),
        GO_FIELD(swarm_join, "Availability", availability, gojson_string),
};
static const struct gojson_type swarm_join_type = GO_STRUCT(swarm_join);

void swarm_join_decode(struct reading *in) {
        struct swarm_join body = { 0 };

        if (!body_decode(in, &body, &swarm_join_type))
                return;
        read_listen(in->facts, body.listen_addr);
        gather_strings(in->arena, &in->facts->swarm.managers, &body.remote_addrs);
}

/* -- POST /swarm/update, POST /swarm/unlock -- */

static void read_rotations(struct reading *in) {
        static const struct str keys[] = { STR("rotateWorkerToken"), STR("rotateManagerToken"),
                                           STR("rotateManagerUnlockKey") };

        for (size_t i = 0; i < ARRAY_SIZE(keys); ++i) {
                struct str value = target_parameter(in->target, keys[i]);
                bool rotate = true;

                if (str_empty(value) || (go_bool_parse(value, &rotate) && !rotate))
                        continue;
                fact_set_add(in->arena, &in->facts->swarm.rotated, keys[i]);
        }
}

void swarm_update_decode(struct reading *in) {
        struct swarm_spec body = { 0 };

        if (!body_decode(in, &body, &swarm_spec_type))
                return;
        read_rotations(in);
        read_spec(in, &body);
}

struct swarm_unlock {
        bool given;
        struct go_string key;
};

static const struct gojson_field swarm_unlock_fields[] = {
        GO_FIELD(swarm_unlock, "UnlockKey", key, gojson_string),
};
static const struct gojson_type swarm_unlock_type = GO_STRUCT(swarm_unlock);

void swarm_unlock_decode(struct reading *in) {
        struct swarm_unlock body = { 0 };
        bool sound unused_ = body_decode(in, &body, &swarm_unlock_type); /* flaws are all that counts */
}

/* -- POST /swarm/leave, DELETE /nodes/{id} -- */

void swarm_force_decode(struct reading *in) {
        in->facts->swarm.forced =
                (struct fact_bool){ .head.given = true, .value = target_bool(in->target, STR_C("force")) };
}

/* -- POST /nodes/{id}/update -- */

struct node_spec {
        bool given;
        struct go_string name, role, availability;
        struct go_list labels;
};

static const struct gojson_field node_spec_fields[] = {
        GO_FIELD(node_spec, "Name", name, gojson_string),
        GO_FIELD(node_spec, "Labels", labels, gojson_string_map),
        GO_FIELD(node_spec, "Role", role, gojson_string),
        GO_FIELD(node_spec, "Availability", availability, gojson_string),
};
static const struct gojson_type node_spec_type = GO_STRUCT(node_spec);

/* Swarm's names, which dockerd compares in upper case (moby daemon/cluster/convert/node.go); without one it refuses the
 * call. */
static void read_word(struct reading *in, const char *field, struct go_string given, const char *const *words,
                      struct fact_str *out) {
        *out = (struct fact_str){ { .given = given.given }, go_upper_word(given.value, words) };
        for (; *words; ++words)
                if (str_eqz(out->value, *words))
                        return;
        if (!str_empty(given.value))
                unknown_value(in, (struct origin){ .field = field }, given.value);
}

void node_update_decode(struct reading *in) {
        static const char *const roles[] = { "worker", "manager", NULL };
        static const char *const availabilities[] = { "active", "pause", "drain", NULL };
        struct facts *f = in->facts;
        struct node_spec body = { 0 };

        if (!body_decode(in, &body, &node_spec_type))
                return;
        read_word(in, "Role", body.role, roles, &f->swarm.node_role);
        read_word(in, "Availability", body.availability, availabilities, &f->swarm.node_availability);
        texts_read_map(in, "Labels", &body.labels);
}
