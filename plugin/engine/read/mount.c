#include "mount.h"
#include "driver.h"
#include "facts/cell.h"
#include "free-text.h"
#include "host-path.h"
#include "image.h"
#include "tmpfs.h"
#include "unknown.h"
#include "volume-options.h"
#include <limits.h>

static void set_driver(struct mount_fact *m, struct go_string driver) {
        m->driver = (struct fact_str){ .head.given = driver.given, .value = driver_name(driver.value) };
}

struct mount_fact mount_of(struct origin origin) {
        return (struct mount_fact){
                .origin = origin,
                .plugin.head.state = FACT_OFF,
                .engine = cell_word_standard(WORD_NO),
                .reach = cell_word_standard(WORD_NONE),
        };
}

void mount_add(struct reading *in, const struct mount_fact *m) {
        struct facts *f = in->facts;

        if (f->mounts.n < FACT_HEAVY_MOST)
                FACT_ADD(in->arena, &f->mounts, *m);
        else
                arena_refuse(in->arena);
}

/* Item @i of @field. Beyond FACT_HEAVY_MOST nothing more is read of it. */
static struct mount_fact next_mount(const struct reading *in, const char *field, size_t i) {
        if (in->facts->mounts.n >= FACT_HEAVY_MOST)
                arena_refuse(in->arena);
        return mount_of((struct origin){ .field = field, .index = (uint32_t)i, .indexed = true });
}

static bool is_absolute(struct str path) {
        return path.n > 0 && path.p[0] == '/';
}

static bool is_local(struct str driver) {
        return str_empty(driver) || str_eqz(driver, "local");
}

void volume_driver_read(struct reading *in, struct mount_fact *m, struct go_string driver,
                        const struct go_list *options) {
        set_driver(m, driver);
        if (is_local(driver.value) && options->n > 0) {
                m->via = cell_word(WORD_VOLUME_OPTIONS);
                volume_options_read(in, m, options);
                return;
        }
        m->kind = cell_word(str_empty(m->volume.value) ? WORD_ANONYMOUS : WORD_VOLUME);
}

/* -- Mounts, of a container or a service -- */

static void bind_mount(struct reading *in, struct mount_fact *m, const struct mount *asked) {
        struct str propagation = asked->bind_options.propagation.value;

        m->propagation = cell_string(asked->bind_options.propagation);
        if (!str_empty(propagation) && !is_propagation(propagation))
                unknown_value(in, m->origin, propagation);
        /* dockerd refuses a source that is not absolute. */
        if (!is_absolute(asked->source.value)) {
                m->kind = cell_word(WORD_UNKNOWN);
                unknown_value(in, m->origin, asked->source.value);
                return;
        }
        m->kind = cell_word(WORD_HOST);
        host_path(in->arena, asked->source.value, &m->source);
}

static void volume_mount(struct reading *in, struct mount_fact *m, const struct mount *asked) {
        const struct volume_driver *driver = &asked->volume_options.driver_config;

        m->volume = cell_string(asked->source);
        texts_read_map(in, "VolumeOptions.DriverConfig.Options", &driver->options);
        texts_read_map(in, "VolumeOptions.Labels", &asked->volume_options.labels);
        volume_driver_read(in, m, driver->name, &driver->options);
}

/* dockerd mounts at the clean spelling, whichever door it came through (volume/mounts/linux_parser.go). */
static void set_target(struct mount_fact *m, struct arena *arena, struct go_string target) {
        m->target = cell_string(target);
        if (target.value.n >= PATH_MAX)
                arena_refuse(arena); /* no kernel takes it */
        else if (!str_empty(target.value))
                m->target.value = path_cleaned(arena, target.value);
}

static void mount_read(struct reading *in, struct mount_fact *m, const struct mount *asked) {
        struct str type = asked->type.value;

        set_target(m, in->arena, asked->target);
        m->via = cell_word(WORD_MOUNT);
        m->requested = cell_string(asked->source);
        m->read_only = cell_bool(asked->read_only);

        /* Values are case-sensitive; unlike keys they do not fold. */
        if (str_eqz(type, "bind")) {
                bind_mount(in, m, asked);
        } else if (str_eqz(type, "volume")) {
                volume_mount(in, m, asked);
        } else if (str_eqz(type, "tmpfs")) {
                m->kind = cell_word(WORD_TMPFS);
                tmpfs_mount_read(in, m, &asked->tmpfs_options);
        } else if (str_eqz(type, "image")) {
                m->kind = cell_word(WORD_IMAGE);
                image_mounted(in, m->origin, asked->source.value);
        } else if (str_eqz(type, "cluster")) {
                m->kind = cell_word(WORD_CLUSTER);
        } else {
                m->kind = cell_word(WORD_UNKNOWN);
                unknown_value(in, m->origin, type);
        }
}

void mounts_read(struct reading *in, const char *field, const struct go_list *mounts) {
        for (size_t i = 0; i < mounts->n && !arena_full(in->arena); ++i) {
                struct mount_fact m = next_mount(in, field, i);

                mount_read(in, &m, gojson_item(mounts, i, sizeof(struct mount)));
                mount_add(in, &m);
        }
}

/* -- HostConfig.Binds -- */

/* dockerd takes five at most, each of another kind (moby volume/mounts/linux_parser.go). */
#define MODE_WORDS 64

/* The comma list behind a bind's second colon. */
static void mode_read(struct reading *in, struct mount_fact *m, struct str mode) {
        static const struct str known[] = {
                STR("z"), STR("Z"), STR("nocopy"), STR("consistent"), STR("cached"), STR("delegated"),
        };
        struct str rest = mode;
        bool ro = false, rw = false;
        size_t n = 0;

        m->mode = cell_str(mode);
        while (rest.p) {
                struct str word = str_cut(&rest, ',');

                if (++n > MODE_WORDS) {
                        arena_refuse(in->arena);
                        return;
                }
                if (str_eqz(word, "ro")) {
                        ro = true;
                } else if (str_eqz(word, "rw")) {
                        rw = true;
                } else if (is_propagation(word)) {
                        m->propagation = cell_str(word);
                } else if (!str_is_among(word, known, ARRAY_SIZE(known)) && !str_empty(mode)) {
                        unknown_value(in, m->origin, word);
                }
        }
        m->read_only = (struct fact_bool){ .head.given = ro || rw, .value = ro && !rw };
}

static void bind_read(struct reading *in, struct mount_fact *m, struct str bind, struct go_string driver) {
        struct str rest = bind, source = str_cut(&rest, ':');

        m->via = cell_word(WORD_BIND);
        m->requested = cell_str(source);
        if (!rest.p) {
                m->kind = cell_word(WORD_ANONYMOUS);
                m->requested = (struct fact_str){ 0 };
                set_driver(m, driver);
                set_target(m, in->arena, (struct go_string){ .given = true, .value = source });
                return;
        }

        set_target(m, in->arena, (struct go_string){ .given = true, .value = str_cut(&rest, ':') });
        if (rest.p)
                mode_read(in, m, rest);
        if (is_absolute(source)) {
                m->kind = cell_word(WORD_HOST);
                host_path(in->arena, source, &m->source);
                return;
        }
        m->kind = cell_word(WORD_VOLUME);
        m->volume = cell_str(source);
        set_driver(m, driver);
}

void binds_read(struct reading *in, const struct go_list *binds, struct go_string driver) {
        for (size_t i = 0; i < binds->n && !arena_full(in->arena); ++i) {
                struct mount_fact m = next_mount(in, "HostConfig.Binds", i);

                bind_read(in, &m, string_item(binds, i), driver);
                mount_add(in, &m);
        }
}

/* A volume without a name. */
static void add_anonymous(struct reading *in, struct origin origin, struct go_string target, struct go_string driver) {
        struct mount_fact m = mount_of(origin);

        m.kind = cell_word(WORD_ANONYMOUS);
        m.via = cell_word(WORD_MOUNT);
        set_driver(&m, driver);
        set_target(&m, in->arena, target);
        mount_add(in, &m);
}

void volumes_read(struct reading *in, const struct go_list *volumes, struct go_string driver) {
        for (size_t i = 0; i < volumes->n && !arena_full(in->arena); ++i) {
                const struct empty_entry *entry = gojson_item(volumes, i, sizeof(*entry));

                add_anonymous(in, (struct origin){ .field = "Volumes", .key = entry->key },
                              (struct go_string){ .given = true, .value = entry->key }, driver);
        }
}

void image_volumes_read(struct reading *in, struct go_string driver) {
        if (!is_local(driver.value))
                add_anonymous(in, (struct origin){ .field = "HostConfig.VolumeDriver" }, (struct go_string){ 0 },
                              driver);
}

void volumes_from_read(struct reading *in, const struct go_list *peers) {
        struct fact_list *list = &in->facts->container.volumes_from;

        list->head.given = peers->given;
        if (peers->n > 0)
                in->facts->mounts.head.state = FACT_UNKNOWN; /* until those containers are looked up */
        for (size_t i = 0; i < peers->n; ++i) {
                struct str rest = string_item(peers, i), peer = str_cut(&rest, ':');

                FACT_ADD(in->arena, list,
                         (struct peer_fact){
                                 .origin = { .field = "HostConfig.VolumesFrom", .index = (uint32_t)i, .indexed = true },
                                 .peer = cell_str(peer),
                                 .mode = { .head.given = rest.p, .value = rest },
                         });
        }
}
