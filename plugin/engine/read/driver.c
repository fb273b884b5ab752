#include "driver.h"
#include "docksill/base/cleanup.h"
#include "facts/cell.h"

/* Docker's own by kind, exactly so spelt: any other word is looked for among the plugins (moby
 * libnetwork/drivers_linux.go, ipams, daemon/logger). Log drivers have a table of their own. */
static const struct {
        enum word kind;
        const char *names[8];
} own[] = {
        { WORD_NETWORK, { "bridge", "host", "ipvlan", "macvlan", "null", "overlay" } },
        { WORD_IPAM, { "default", "null" } },
};

static bool is_own(enum word kind, struct str name) {
        for (size_t i = 0; i < ARRAY_SIZE(own); ++i)
                if (kind == own[i].kind && str_is_one_of(name, own[i].names))
                        return true;
        return false;
}

/* A plugin may well be called local:latest. */
struct str driver_name(struct str name) {
        const struct str latest = STR(":latest");
        struct str bare;

        if (!str_ends(name, latest))
                return name;
        bare = str_first(name, name.n - latest.n);
        if (str_empty(bare) || str_eqz(bare, "local"))
                return name;
        for (size_t i = 0; i < ARRAY_SIZE(own); ++i)
                if (is_own(own[i].kind, bare))
                        return name;
        return bare;
}

void driver_read(struct reading *in, enum word kind, const char *field, struct str name) {
        if (!str_empty(name))
                FACT_ADD(in->arena, &in->facts->drivers,
                         (struct driver_fact){ .origin = { .field = field },
                                               .kind = cell_word(kind),
                                               .name = cell_str(driver_name(name)),
                                               .own = { .head.given = true, .value = is_own(kind, name) },
                                               .plugin.head.state = FACT_OFF });
}

/* -- the plugin behind a name -- */

static bool is_plugin(const struct driver_fact *d, struct str name) {
        return !d->own.value && str_eq(d->name.value, name);
}

static bool is_volume_plugin(const struct mount_fact *m, struct str name) {
        return !str_empty(name) && !str_eqz(name, "local") && str_eq(m->driver.value, name);
}

static void set_plugin(struct facts *f, struct str name, struct fact_str plugin) {
        for (size_t i = 0; i < f->drivers.n; ++i) {
                struct driver_fact *d = (struct driver_fact *)f->drivers.items + i;

                if (is_plugin(d, name))
                        d->plugin = plugin;
        }
        for (size_t k = 0; k < MOUNT_LISTS; ++k) {
                struct mount_fact *m = facts_mounts(f, k)->items;

                for (size_t i = 0; i < facts_mounts(f, k)->n; ++i)
                        if (is_volume_plugin(&m[i], name))
                                m[i].plugin = plugin;
        }
}

void driver_told(struct facts *f, struct str name, struct str reference) {
        set_plugin(f, name, cell_str(reference));
}

void driver_mark_unknown(struct facts *f, struct str name) {
        set_plugin(f, name, (struct fact_str){ .head.state = FACT_UNKNOWN });
}

void driver_share(struct facts *f, struct str name) {
        struct fact_str known = { .head.state = FACT_OFF };

        for (size_t i = 0; i < f->drivers.n && known.head.state == FACT_OFF; ++i) {
                const struct driver_fact *d = (const struct driver_fact *)f->drivers.items + i;

                if (is_plugin(d, name))
                        known = d->plugin;
        }
        for (size_t k = 0; k < MOUNT_LISTS; ++k) {
                const struct mount_fact *m = facts_mounts(f, k)->items;

                for (size_t i = 0; i < facts_mounts(f, k)->n && known.head.state == FACT_OFF; ++i)
                        if (is_volume_plugin(&m[i], name))
                                known = m[i].plugin;
        }
        if (known.head.state != FACT_OFF)
                set_plugin(f, name, known);
}
