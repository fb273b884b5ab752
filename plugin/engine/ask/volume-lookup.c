#include "volume-lookup.h"
#include "facts/cell.h"
#include "inspected.h"
#include "read/driver.h"
#include "read/mount.h"
#include "read/volume-options.h"

static bool is_local(struct str driver) {
        return str_empty(driver) || str_eqz(driver, "local");
}

/* Options that the request itself brings along. */
static bool has_options(const struct mount_fact *m) {
        return cell_is(&m->via, WORD_VOLUME_OPTIONS);
}

bool volume_lookup_open(const struct mount_fact *m) {
        return !str_empty(m->volume.value) && is_local(m->driver.value);
}

static struct mount_fact *mount_at(struct facts *f, size_t i) {
        return (struct mount_fact *)f->mounts.items + i;
}

/* Those of containers that are reached bring no options of the request along. */
static struct mount_fact *reached_at(struct facts *f, size_t i) {
        return (struct mount_fact *)f->reached.mounted.items + i;
}

static bool is_it(const struct mount_fact *m, struct str name) {
        return volume_lookup_open(m) && str_eq(m->volume.value, name);
}

/* @m as it is without options of the request. */
static struct mount_fact plain(const struct mount_fact *m) {
        struct mount_fact p = *m;

        p.kind = cell_word(WORD_VOLUME);
        p.requested = m->volume;
        p.source = (struct fact_path){ 0 };
        p.filesystem = (struct fact_str){ 0 };
        p.reach = cell_word_standard(WORD_NONE);
        if (has_options(m))
                p.via = cell_word(WORD_MOUNT);
        return p;
}

static void tell(struct reading *in, struct mount_fact *m, const struct inspected_volume *volume) {
        m->driver = cell_str(driver_name(volume->driver.value));
        if (!is_local(volume->driver.value) || volume->options.n == 0)
                return;
        m->via = cell_word(WORD_NAMED_VOLUME);
        volume_options_read(in, m, &volume->options);
}

static bool is_same(const struct mount_fact *a, const struct mount_fact *b) {
        return str_eq(a->kind.value, b->kind.value) && str_eq(a->requested.value, b->requested.value) &&
               str_eq(a->filesystem.value, b->filesystem.value) && str_eq(a->reach.value, b->reach.value);
}

/* Mount @i, or one more beside it. */
static void tell_mount(struct reading *in, size_t i, const struct inspected_volume *volume) {
        struct mount_fact told = plain(mount_at(in->facts, i));

        tell(in, &told, volume);
        if (!has_options(mount_at(in->facts, i)))
                *mount_at(in->facts, i) = told;
        else if (!is_same(&told, mount_at(in->facts, i)))
                mount_add(in, &told);
}

bool volume_lookup_fill(struct reading *in, struct str name, struct str json, struct str *driver) {
        struct inspected_volume volume = { 0 };
        size_t n = in->facts->mounts.n;

        if (!inspected_read(&volume, &inspected_volume_type, in->arena, json))
                return false;
        for (size_t i = 0; i < n && !arena_full(in->arena); ++i)
                if (is_it(mount_at(in->facts, i), name))
                        tell_mount(in, i, &volume);
        for (size_t i = 0; i < in->facts->reached.mounted.n && !arena_full(in->arena); ++i)
                if (is_it(reached_at(in->facts, i), name))
                        tell(in, reached_at(in->facts, i), &volume);
        *driver = driver_name(volume.driver.value);
        return true;
}

/* A path of the host that is known stays judged, with another that nobody knows. */
void volume_lookup_mark_mount_unknown(struct mount_fact *m) {
        if (m->source.n > 0) {
                m->source.head.state = FACT_LEXICAL;
                return;
        }
        m->kind.head.state = FACT_UNKNOWN;
        m->via.head.state = FACT_UNKNOWN;
        m->source.head.state = FACT_UNKNOWN;
        m->driver.head.state = FACT_UNKNOWN;
}

void volume_lookup_mark_unknown(struct facts *f, struct str name) {
        for (size_t i = 0; i < f->mounts.n; ++i)
                if (is_it(mount_at(f, i), name))
                        volume_lookup_mark_mount_unknown(mount_at(f, i));
        for (size_t i = 0; i < f->reached.mounted.n; ++i)
                if (is_it(reached_at(f, i), name))
                        volume_lookup_mark_mount_unknown(reached_at(f, i));
}
