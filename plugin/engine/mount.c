#include "mount.h"
#include "address.h"
#include "cell.h"
#include "docksill/base/text.h"
#include "driver.h"
#include "free-text.h"
#include "go-type.h"
#include "host-path.h"
#include "image.h"
#include "tmpfs.h"
#include "unknown.h"
#include <limits.h>

static const struct gojson_type strings_list = GO_LIST(gojson_strings);

static const struct gojson_field bind_options_fields[] = {
        GO_FIELD(bind_options, "Propagation", propagation, gojson_string),
        GO_FIELD(bind_options, "NonRecursive", non_recursive, gojson_bool),
        GO_FIELD(bind_options, "CreateMountpoint", create_mountpoint, gojson_bool),
        GO_FIELD(bind_options, "ReadOnlyNonRecursive", read_only_non_recursive, gojson_bool),
        GO_FIELD(bind_options, "ReadOnlyForceRecursive", read_only_force_recursive, gojson_bool),
};
static const struct gojson_type bind_options_type = GO_STRUCT(bind_options);

static const struct gojson_field volume_driver_fields[] = {
        GO_FIELD(volume_driver, "Name", name, gojson_string),
        GO_FIELD(volume_driver, "Options", options, gojson_string_map),
};
static const struct gojson_type volume_driver_type = GO_STRUCT(volume_driver);

static const struct gojson_field volume_options_fields[] = {
        GO_FIELD(volume_options, "NoCopy", no_copy, gojson_bool),
        GO_FIELD(volume_options, "Labels", labels, gojson_string_map),
        GO_FIELD(volume_options, "Subpath", subpath, gojson_string),
        GO_FIELD(volume_options, "DriverConfig", driver_config, volume_driver_type),
};
static const struct gojson_type volume_options_type = GO_STRUCT(volume_options);

static const struct gojson_field image_options_fields[] = {
        GO_FIELD(image_options, "Subpath", subpath, gojson_string),
};
static const struct gojson_type image_options_type = GO_STRUCT(image_options);

static const struct gojson_field tmpfs_options_fields[] = {
        GO_FIELD(tmpfs_options, "SizeBytes", size_bytes, gojson_int64),
        GO_FIELD(tmpfs_options, "Mode", mode, gojson_uint32),
        GO_FIELD(tmpfs_options, "Options", options, strings_list),
};
static const struct gojson_type tmpfs_options_type = GO_STRUCT(tmpfs_options);

const struct gojson_type empty_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct cluster_options) };

static const struct gojson_field mount_fields[] = {
        GO_FIELD(mount, "Type", type, gojson_string),
        GO_FIELD(mount, "Source", source, gojson_string),
        GO_FIELD(mount, "Target", target, gojson_string),
        GO_FIELD(mount, "ReadOnly", read_only, gojson_bool),
        GO_FIELD(mount, "Consistency", consistency, gojson_string),
        GO_FIELD(mount, "BindOptions", bind_options, bind_options_type),
        GO_FIELD(mount, "VolumeOptions", volume_options, volume_options_type),
        GO_FIELD(mount, "ImageOptions", image_options, image_options_type),
        GO_FIELD(mount, "TmpfsOptions", tmpfs_options, tmpfs_options_type),
        GO_FIELD(mount, "ClusterOptions", cluster_options, empty_type),
};
static const struct gojson_type mount_type = GO_STRUCT(mount);
const struct gojson_type mounts_type = GO_LIST(mount_type);

static void set_driver(struct mount_fact *m, struct go_string driver) {
        m->driver = (struct fact_str){ .head.given = driver.given, .value = driver_name(driver.value) };
}

struct mount_fact mount_of(struct origin origin) {
        return (struct mount_fact){
                .origin = origin,
                .plugin.head.state = FACT_OFF,
                .engine.value = STR_C("no"),
                .reach.value = STR_C("none"),
        };
}

void mount_add(struct facts *f, struct arena *arena, const struct mount_fact *m) {
        if (f->mounts.n < FACT_HEAVY_MOST)
                FACT_ADD(arena, &f->mounts, *m);
        else
                arena_refuse(arena);
}

/* Item @i of @field. Beyond FACT_HEAVY_MOST nothing more is read of it. */
static struct mount_fact next_mount(const struct facts *f, struct arena *arena, const char *field, size_t i) {
        if (f->mounts.n >= FACT_HEAVY_MOST)
                arena_refuse(arena);
        return mount_of((struct origin){ .field = field, .index = (uint32_t)i, .indexed = true });
}

static bool is_absolute(struct str path) {
        return path.n > 0 && path.p[0] == '/';
}

static bool is_local(struct str driver) {
        return str_empty(driver) || str_eqz(driver, "local");
}

static bool is_propagation(struct str word) {
        static const struct str words[] = {
                STR("private"), STR("rprivate"), STR("shared"), STR("rshared"), STR("slave"), STR("rslave"),
        };

        return str_is_among(word, words, ARRAY_SIZE(words));
}

/* -- options of the local driver -- */

static struct str option_find(const struct go_list *options, const char *key) {
        for (size_t i = 0; i < options->n; ++i)
                if (str_eqz(pair_item(options, i)->key, key))
                        return pair_item(options, i)->value.value;
        return (struct str){ 0 };
}

/* The driver splits `o` at commas and takes each word as it is (moby/sys/mount flags). Says whether one asks for a
 * bind. */
static bool read_mount_flags(struct mount_fact *m, struct str o) {
        struct str rest = o;
        bool bind = false;

        while (rest.p) {
                struct str word = str_cut(&rest, ',');

                if (str_eqz(word, "bind") || str_eqz(word, "rbind"))
                        bind = true;
                else if (is_propagation(word))
                        m->propagation = cell_str(word);
        }
        return bind;
}

/* File systems of the kernel or of the net: `device` is a name to them, not a disk. */
static bool is_without_disk(struct str type) {
        static const struct str types[] = {
                STR("9p"),         STR("afs"),       STR("autofs"),   STR("binfmt_misc"), STR("bpf"),
                STR("ceph"),       STR("cgroup"),    STR("cgroup2"),  STR("cifs"),        STR("configfs"),
                STR("debugfs"),    STR("devpts"),    STR("devtmpfs"), STR("efivarfs"),    STR("fuse"),
                STR("fusectl"),    STR("hugetlbfs"), STR("mqueue"),   STR("nfs"),         STR("nfs4"),
                STR("nfsd"),       STR("overlay"),   STR("proc"),     STR("pstore"),      STR("ramfs"),
                STR("securityfs"), STR("selinuxfs"), STR("smb3"),     STR("sysfs"),       STR("tracefs"),
                STR("virtiofs"),   STR("zfs"),
        };

        return str_is_among(type, types, ARRAY_SIZE(types));
}

static bool is_of_a_server(struct str type) {
        static const struct str types[] = {
                STR("9p"), STR("afs"), STR("ceph"), STR("cifs"), STR("nfs"), STR("nfs4"), STR("smb3"),
        };

        return str_is_among(type, types, ARRAY_SIZE(types));
}

/* From the mildest on; what stands first is where there is no server. */
static size_t rank(struct str reach) {
        static const struct str reaches[] = {
                STR("none"), STR("elsewhere"), STR("unreadable"), STR("loopback"), STR("link-local"),
        };
        size_t i = 0;

        while (i < ARRAY_SIZE(reaches) && !str_eq(reaches[i], reach))
                ++i;
        return i;
}

static void keep_worst(struct mount_fact *m, const char *reach) {
        if (rank(str_from(reach)) > rank(m->reach.value))
                m->reach = cell_str(str_from(reach));
}

/* Version six stands without brackets in an option of mount(8). */
static void read_server(struct mount_fact *m, struct arena *arena, struct str server) {
        struct address address;
        struct text t;

        text_init_arena(&t, arena);
        if (str_find(server, ':') < str_find_last(server, ':') && !str_starts(server, STR_C("[")))
                text_addf(&t, "[%" STR_FMT "]", STR_ARG(server));
        else
                text_add(&t, server);
        address_read(&address, arena, text_str(&t));
        keep_worst(m, address.reach);
}

static void read_servers(struct mount_fact *m, struct arena *arena, struct str servers, char separator) {
        while (servers.p && !arena_full(arena))
                read_server(m, arena, str_cut(&servers, separator));
}

static bool is_delimiter(char c) {
        return c == '/' || c == '\\';
}

/* As the file system has it: nfs "HOST:/path", cifs "//HOST/share" with either slash, ceph "HOST:PORT,HOST:/path". Where
 * an option names a server, none needs to stand there, and none does in ceph's newer "USER@ID.NAME=/path". */
static void read_device(struct mount_fact *m, struct arena *arena, struct str device) {
        bool named = m->reach.head.given;
        size_t n = 0;

        if (device.n > 1 && is_delimiter(device.p[0]) && is_delimiter(device.p[1])) {
                device = str_skip(device, 2);
                while (n < device.n && !is_delimiter(device.p[n]))
                        ++n;
                read_server(m, arena, str_first(device, n));
                return;
        }
        device = str_first(device, str_find(device, '/'));
        if (str_ends(device, STR_C(":")))
                device = str_first(device, device.n - 1);
        if (named && (str_empty(device) || str_ends(device, STR_C("="))))
                return;
        read_servers(m, arena, device, ',');
}

/*
 * Each server that the kernel may connect to as root, the worst of them kept: of a doubled option the kernel takes the
 * last and dockerd the first (getAddress in moby volume/local/local.go), nfs asks mountaddr= for the file handle and
 * addr= for the rest, ceph goes through a list, and cifs comes back to the host in `device` when the connection is
 * lost.
 */
static void read_reach(struct mount_fact *m, struct arena *arena, struct str o, struct str device) {
        static const struct {
                struct str key;
                char separator; /* of several servers in one option; '\0': there is one */
        } options[] = {
                { STR("addr="), '\0' },
                { STR("ip="), '\0' },
                { STR("mountaddr="), '\0' },
                { STR("mon_addr="), '/' },
        };

        m->reach = (struct fact_str){ .value = STR_C("none") };
        while (o.p && !arena_full(arena)) {
                struct str word = str_cut(&o, ',');

                for (size_t i = 0; i < ARRAY_SIZE(options); ++i)
                        if (str_starts(word, options[i].key))
                                read_servers(m, arena, str_skip(word, options[i].key.n), options[i].separator);
                if (str_starts(word, STR_C("source=")))
                        read_device(m, arena, str_skip(word, 7)); /* cifs takes it for the device */
                if (str_starts(word, STR_C("sep=")))
                        keep_worst(m, "unreadable"); /* cifs splits the rest at another byte than the comma */
        }
        read_device(m, arena, device);
}

void volume_options_read(struct facts *f, struct mount_fact *m, struct arena *arena, const struct go_list *options) {
        struct str type = option_find(options, "type"), device = option_find(options, "device");
        struct str o = option_find(options, "o");
        const char *kind;
        bool bind;

        if (o.n > MOUNT_OPTIONS_MOST) {
                arena_refuse(arena);
                return;
        }
        bind = read_mount_flags(m, o);
        m->filesystem = cell_str(type);
        /* mount(2) with MS_BIND looks at no type: {"type":"tmpfs","o":"bind","device":"/"} is the host's root. */
        if (bind)
                kind = "host";
        else if (str_eqz(type, "tmpfs"))
                kind = "tmpfs";
        else if ((str_empty(type) || str_eqz(type, "none")) && str_empty(device))
                kind = "volume"; /* nothing, or a size alone */
        else if (str_empty(type) || str_eqz(type, "none"))
                kind = "host";
        else if (is_without_disk(type) || str_empty(device))
                kind = "other-filesystem";
        else
                kind = "block-device"; /* also below another name: a node or a link to one may lie anywhere */
        m->kind = cell_str(str_from(kind));

        if (str_eqz(m->kind.value, "tmpfs"))
                tmpfs_volume_read(f, arena, m, o);
        if (str_eqz(m->kind.value, "other-filesystem") && is_of_a_server(type))
                read_reach(m, arena, o, device);
        if (!str_eqz(m->kind.value, "host") && !str_eqz(m->kind.value, "block-device"))
                return;
        m->requested = cell_str(device);
        host_path_uncleaned(arena, device, &m->source);
}

void volume_driver_read(struct facts *f, struct mount_fact *m, struct arena *arena, struct go_string driver,
                        const struct go_list *options) {
        set_driver(m, driver);
        if (is_local(driver.value) && options->n > 0) {
                m->via = cell_str(STR_C("volume-options"));
                volume_options_read(f, m, arena, options);
                return;
        }
        m->kind = cell_str(str_empty(m->volume.value) ? STR_C("anonymous") : STR_C("volume"));
}

/* -- Mounts, of a container or a service -- */

static void bind_mount(struct request *request, struct arena *arena, struct mount_fact *m, const struct mount *asked) {
        struct str propagation = asked->bind_options.propagation.value;

        m->propagation = cell_string(asked->bind_options.propagation);
        if (!str_empty(propagation) && !is_propagation(propagation))
                unknown_value(request, arena, m->origin, propagation);
        /* dockerd refuses a source that is not absolute. */
        if (!is_absolute(asked->source.value)) {
                m->kind = cell_str(STR_C("unknown"));
                unknown_value(request, arena, m->origin, asked->source.value);
                return;
        }
        m->kind = cell_str(STR_C("host"));
        host_path(arena, asked->source.value, &m->source);
}

static void volume_mount(struct request *request, struct arena *arena, struct mount_fact *m,
                         const struct mount *asked) {
        const struct volume_driver *driver = &asked->volume_options.driver_config;

        m->volume = cell_string(asked->source);
        texts_read_map(&request->facts, arena, "VolumeOptions.DriverConfig.Options", &driver->options);
        texts_read_map(&request->facts, arena, "VolumeOptions.Labels", &asked->volume_options.labels);
        volume_driver_read(&request->facts, m, arena, driver->name, &driver->options);
}

/* dockerd mounts at the clean spelling, whichever door it came through (volume/mounts/linux_parser.go). */
static void set_target(struct mount_fact *m, struct arena *arena, struct go_string target) {
        m->target = cell_string(target);
        if (target.value.n >= PATH_MAX)
                arena_refuse(arena); /* no kernel takes it */
        else if (!str_empty(target.value))
                m->target.value = path_cleaned(arena, target.value);
}

static void mount_read(struct request *request, struct arena *arena, struct mount_fact *m, const struct mount *asked) {
        static const struct str plain[] = { STR("tmpfs"), STR("image"), STR("cluster") };
        struct str type = asked->type.value;

        set_target(m, arena, asked->target);
        m->via = cell_str(STR_C("mount"));
        m->requested = cell_string(asked->source);
        m->read_only = cell_bool(asked->read_only);

        /* Values are case-sensitive; unlike keys they do not fold. */
        if (str_eqz(type, "bind")) {
                bind_mount(request, arena, m, asked);
        } else if (str_eqz(type, "volume")) {
                volume_mount(request, arena, m, asked);
        } else if (str_is_among(type, plain, ARRAY_SIZE(plain))) {
                m->kind = cell_str(type);
                if (str_eqz(type, "tmpfs"))
                        tmpfs_mount_read(&request->facts, arena, m, &asked->tmpfs_options);
                else if (str_eqz(type, "image"))
                        image_mounted(&request->facts, arena, m->origin, asked->source.value);
        } else {
                m->kind = cell_str(STR_C("unknown"));
                unknown_value(request, arena, m->origin, type);
        }
}

void mounts_read(struct request *request, struct arena *arena, const char *field, const struct go_list *mounts) {
        for (size_t i = 0; i < mounts->n && !arena_full(arena); ++i) {
                struct mount_fact m = next_mount(&request->facts, arena, field, i);

                mount_read(request, arena, &m, gojson_item(mounts, i, sizeof(struct mount)));
                mount_add(&request->facts, arena, &m);
        }
}

/* -- HostConfig.Binds -- */

/* The comma list behind a bind's second colon. */
static void mode_read(struct request *request, struct arena *arena, struct mount_fact *m, struct str mode) {
        static const struct str known[] = {
                STR("z"), STR("Z"), STR("nocopy"), STR("consistent"), STR("cached"), STR("delegated"),
        };
        struct str rest = mode;
        bool ro = false, rw = false;

        m->mode = cell_str(mode);
        while (rest.p) {
                struct str word = str_cut(&rest, ',');

                if (str_eqz(word, "ro")) {
                        ro = true;
                } else if (str_eqz(word, "rw")) {
                        rw = true;
                } else if (is_propagation(word)) {
                        m->propagation = cell_str(word);
                } else if (!str_is_among(word, known, ARRAY_SIZE(known)) && !str_empty(mode)) {
                        unknown_value(request, arena, m->origin, word);
                }
        }
        m->read_only = (struct fact_bool){ .head.given = ro || rw, .value = ro && !rw };
}

static void bind_read(struct request *request, struct arena *arena, struct mount_fact *m, struct str bind,
                      struct go_string driver) {
        struct str rest = bind, source = str_cut(&rest, ':');

        m->via = cell_str(STR_C("bind"));
        m->requested = cell_str(source);
        if (!rest.p) {
                m->kind = cell_str(STR_C("anonymous"));
                m->requested = (struct fact_str){ 0 };
                set_driver(m, driver);
                set_target(m, arena, (struct go_string){ .given = true, .value = source });
                return;
        }

        set_target(m, arena, (struct go_string){ .given = true, .value = str_cut(&rest, ':') });
        if (rest.p)
                mode_read(request, arena, m, rest);
        if (is_absolute(source)) {
                m->kind = cell_str(STR_C("host"));
                host_path(arena, source, &m->source);
                return;
        }
        m->kind = cell_str(STR_C("volume"));
        m->volume = cell_str(source);
        set_driver(m, driver);
}

void binds_read(struct request *request, struct arena *arena, const struct go_list *binds, struct go_string driver) {
        for (size_t i = 0; i < binds->n && !arena_full(arena); ++i) {
                struct mount_fact m = next_mount(&request->facts, arena, "HostConfig.Binds", i);

                bind_read(request, arena, &m, string_item(binds, i), driver);
                mount_add(&request->facts, arena, &m);
        }
}

/* A volume without a name. */
static void add_anonymous(struct facts *f, struct arena *arena, struct origin origin, struct go_string target,
                          struct go_string driver) {
        struct mount_fact m = mount_of(origin);

        m.kind = cell_str(STR_C("anonymous"));
        m.via = cell_str(STR_C("mount"));
        set_driver(&m, driver);
        set_target(&m, arena, target);
        mount_add(f, arena, &m);
}

void volumes_read(struct request *request, struct arena *arena, const struct go_list *volumes,
                  struct go_string driver) {
        for (size_t i = 0; i < volumes->n && !arena_full(arena); ++i) {
                const struct empty_entry *entry = gojson_item(volumes, i, sizeof(*entry));

                add_anonymous(&request->facts, arena, (struct origin){ .field = "Volumes", .key = entry->key },
                              (struct go_string){ .given = true, .value = entry->key }, driver);
        }
}

void image_volumes_read(struct request *request, struct arena *arena, struct go_string driver) {
        if (!is_local(driver.value))
                add_anonymous(&request->facts, arena, (struct origin){ .field = "HostConfig.VolumeDriver" },
                              (struct go_string){ 0 }, driver);
}

void volumes_from_read(struct request *request, struct arena *arena, const struct go_list *peers) {
        struct fact_list *list = &request->facts.container.volumes_from;

        list->head.given = peers->given;
        if (peers->n > 0)
                request->facts.mounts.head.state = FACT_UNKNOWN; /* until those containers are looked up */
        for (size_t i = 0; i < peers->n; ++i) {
                struct str rest = string_item(peers, i), peer = str_cut(&rest, ':');

                FACT_ADD(arena, list,
                         (struct peer_fact){
                                 .origin = { .field = "HostConfig.VolumesFrom", .index = (uint32_t)i, .indexed = true },
                                 .peer = cell_str(peer),
                                 .mode = { .head.given = rest.p, .value = rest },
                         });
        }
}
