#include "volume.h"
#include "body.h"
#include "facts/cell.h"
#include "free-text.h"
#include "gather.h"
#include "go-type.h"
#include "mount.h"

/* -- Go's types: a cluster volume's specification, API 1.42 -- */

struct type_mount {
        bool given;
        struct go_string fs_type;
        struct go_list mount_flags;
};
struct access_mode {
        bool given;
        struct go_string scope, sharing;
        struct type_mount mount_volume;
        struct cluster_options block_volume;
};
struct topology {
        bool given;
        struct go_list segments;
};
struct topology_requirement {
        bool given;
        struct go_list requisite, preferred;
};
struct capacity_range {
        bool given;
        struct go_int required_bytes, limit_bytes;
};
struct volume_secret {
        bool given;
        struct go_string key, secret;
};
struct cluster_spec {
        bool given;
        struct go_string group, availability;
        struct access_mode access_mode;
        struct topology_requirement requirements;
        struct capacity_range capacity_range;
        struct go_list secrets;
};

static const struct gojson_field type_mount_fields[] = {
        GO_FIELD(type_mount, "FsType", fs_type, gojson_string),
        GO_FIELD(type_mount, "MountFlags", mount_flags, gojson_strings),
};
static const struct gojson_type type_mount_type = GO_STRUCT(type_mount);

static const struct gojson_field access_mode_fields[] = {
        GO_FIELD(access_mode, "Scope", scope, gojson_string),
        GO_FIELD(access_mode, "Sharing", sharing, gojson_string),
        GO_FIELD(access_mode, "MountVolume", mount_volume, type_mount_type),
        GO_FIELD(access_mode, "BlockVolume", block_volume, empty_type),
};
static const struct gojson_type access_mode_type = GO_STRUCT(access_mode);

static const struct gojson_field topology_fields[] = {
        GO_FIELD(topology, "Segments", segments, gojson_string_map),
};
static const struct gojson_type topology_type = GO_STRUCT(topology);
static const struct gojson_type topologies_type = GO_LIST(topology_type);

static const struct gojson_field topology_requirement_fields[] = {
        GO_FIELD(topology_requirement, "Requisite", requisite, topologies_type),
        GO_FIELD(topology_requirement, "Preferred", preferred, topologies_type),
};
static const struct gojson_type topology_requirement_type = GO_STRUCT(topology_requirement);

static const struct gojson_field capacity_range_fields[] = {
        GO_FIELD(capacity_range, "RequiredBytes", required_bytes, gojson_int64),
        GO_FIELD(capacity_range, "LimitBytes", limit_bytes, gojson_int64),
};
static const struct gojson_type capacity_range_type = GO_STRUCT(capacity_range);

static const struct gojson_field volume_secret_fields[] = {
        GO_FIELD(volume_secret, "Key", key, gojson_string),
        GO_FIELD(volume_secret, "Secret", secret, gojson_string),
};
static const struct gojson_type volume_secret_type = GO_STRUCT(volume_secret);
static const struct gojson_type volume_secrets_type = GO_LIST(volume_secret_type);

static const struct gojson_field cluster_spec_fields[] = {
        GO_FIELD(cluster_spec, "Group", group, gojson_string),
        GO_FIELD(cluster_spec, "AccessMode", access_mode, access_mode_type),
        GO_FIELD(cluster_spec, "AccessibilityRequirements", requirements, topology_requirement_type),
        GO_FIELD(cluster_spec, "CapacityRange", capacity_range, capacity_range_type),
        GO_FIELD(cluster_spec, "Secrets", secrets, volume_secrets_type),
        GO_FIELD(cluster_spec, "Availability", availability, gojson_string),
};
static const struct gojson_type cluster_spec_type = GO_STRUCT(cluster_spec);

/* -- facts -- */

static struct mount_fact volume_of(const char *field, struct str name) {
        struct mount_fact m = mount_of((struct origin){ .field = field });

        m.via = cell_word(WORD_VOLUME_OPTIONS);
        m.volume = m.requested = cell_str(name);
        return m;
}

static void push_cluster(struct reading *in, const char *field, struct str name) {
        struct mount_fact m = volume_of(field, name);

        m.kind = cell_word(WORD_CLUSTER);
        mount_add(in, &m);
}

/* -- POST /volumes/create -- */

struct volume_create {
        bool given;
        struct go_string driver, name;
        struct go_list driver_opts, labels;
        struct cluster_spec cluster_spec;
};

static const struct gojson_field volume_create_fields[] = {
        GO_FIELD(volume_create, "ClusterVolumeSpec", cluster_spec, cluster_spec_type),
        GO_FIELD(volume_create, "Driver", driver, gojson_string),
        GO_FIELD(volume_create, "DriverOpts", driver_opts, gojson_string_map),
        GO_FIELD(volume_create, "Labels", labels, gojson_string_map),
        GO_FIELD(volume_create, "Name", name, gojson_string),
};
static const struct gojson_type volume_create_type = GO_STRUCT(volume_create);

static void read_mount(struct reading *in, const struct volume_create *body) {
        struct mount_fact m = volume_of("DriverOpts", body->name.value);

        volume_driver_read(in, &m, body->driver, &body->driver_opts);
        mount_add(in, &m);
        /* Engines before 23 pass over the specification and make a plain volume, so it is judged as both. */
        if (body->cluster_spec.given)
                push_cluster(in, "ClusterVolumeSpec", body->name.value);
}

void volume_create_decode(struct reading *in) {
        struct facts *f = in->facts;
        struct volume_create body = { 0 };

        if (!body_decode(in, &body, &volume_create_type))
                return;

        f->volume.name = cell_string(body.name);
        f->volume.driver = cell_string(body.driver);
        f->volume.option_names.head.given = body.driver_opts.given;
        gather_keys(in->arena, &f->volume.option_names, &body.driver_opts);
        read_mount(in, &body);
        texts_read_map(in, "DriverOpts", &body.driver_opts);
        texts_read_map(in, "Labels", &body.labels);
        gather_labels(in->arena, &f->volume.labels, &body.labels);
}

/* -- PUT /volumes/{name}: cluster volumes alone -- */

struct volume_update {
        bool given;
        struct cluster_spec spec;
};

static const struct gojson_field volume_update_fields[] = {
        GO_FIELD(volume_update, "Spec", spec, cluster_spec_type),
};
static const struct gojson_type volume_update_type = GO_STRUCT(volume_update);

void volume_update_decode(struct reading *in) {
        struct volume_update body = { 0 };

        if (!body_decode(in, &body, &volume_update_type))
                return;
        in->facts->volume.name = cell_str(in->variables[0]);
        push_cluster(in, "Spec", in->variables[0]);
}
