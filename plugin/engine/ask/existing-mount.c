#include "existing-mount.h"
#include "facts/cell.h"
#include "read/driver.h"
#include "read/host-path.h"
#include "read/mount.h"

static enum word kind_of(const struct inspected_mount *m) {
        static const enum word same[] = { WORD_VOLUME, WORD_TMPFS, WORD_IMAGE, WORD_CLUSTER };

        if (str_eqz(m->type.value, "bind"))
                return WORD_HOST;
        for (size_t i = 0; i < ARRAY_SIZE(same); ++i)
                if (str_eq(m->type.value, word_str(same[i])))
                        return same[i];
        return WORD_UNKNOWN;
}

static enum word via_of(enum word kind) {
        if (kind == WORD_HOST)
                return WORD_BIND;
        return kind == WORD_VOLUME ? WORD_NAMED_VOLUME : WORD_MOUNT;
}

struct mount_fact existing_mount(struct reading *in, const struct place *place, const struct inspected_mount *from) {
        struct mount_fact m = mount_of(place->origin);
        enum word kind = kind_of(from);

        m.kind = cell_word(kind);
        m.via = cell_word(place->shared ? WORD_VOLUMES_FROM : via_of(kind));
        m.requested = cell_string(from->source);
        m.target = cell_string(from->destination);
        m.mode = cell_string(from->mode);
        m.propagation = cell_string(from->propagation);
        m.read_only = (struct fact_bool){ .head.given = true,
                                          .value = place->read_only || (from->rw.given && !from->rw.value) };
        if (kind == WORD_HOST) {
                host_path(in->arena, from->source.value, &m.source);
        } else if (kind == WORD_VOLUME) {
                /* Its source is the engine's own folder. */
                m.requested = m.volume = cell_string(from->name);
                m.driver = cell_str(driver_name(from->driver.value));
        }
        return m;
}
