#include "mounted.h"
#include "docksill/base/path.h"
#include "docksill/base/text.h"
#include "owner.h"
#include <errno.h>

/* Whoever may speak to a socket or a device needs no leave to write to it. */
static const char *const never[] = { "/run", "/var/run", "/dev", "/proc", NULL };

static bool is_left_out(struct str source) {
        if (str_ends(source, STR_C(".sock")) || str_eqz(source, "/") || str_eqz(source, "/var"))
                return true;
        for (size_t i = 0; never[i]; ++i)
                if (path_is_above(str_from(never[i]), source))
                        return true;
        return false;
}

void notes_add(struct notes *notes, struct arena *arena, const char *before, struct str what, const char *after) {
        struct text t;

        text_init_arena(&t, arena);
        text_addz(&t, before);
        text_add_visible(&t, what, 200);
        text_addz(&t, after);
        if (!t.failed)
                ARENA_ADD(arena, notes, text_str(&t));
}

static int add_mounted(struct mounted *m, struct arena *arena, struct str target) {
        struct str *slot = ARENA_PUSH(arena, m);

        return slot ? arena_str(arena, target, slot) : -ENOMEM;
}

static int append(json_t *list, json_t *value) {
        return json_array_append_new(list, value) == 0 ? 0 : -ENOMEM;
}

/* Without a name it is this copy's alone, and goes with it; the label is for what is left behind. */
static json_t *fresh_volume(const char *target, const char *owner) {
        return json_pack("{s:s, s:s, s:{s:{s:s}}}", "Type", "volume", "Target", target, "VolumeOptions", "Labels",
                         OWNER_LABEL, owner);
}

static json_t *read_only(const char *source, const char *target) {
        return json_pack("{s:s, s:s, s:s, s:b}", "Type", "bind", "Source", source, "Target", target, "ReadOnly", 1);
}

/* A folder of the host: read-only, a fresh volume in the other list where it may be written to, or not at all. */
static int add_bind(struct mounted *m, struct notes *notes, struct arena *arena, const json_t *mount,
                    const char *owner) {
        const char *source = json_string_value(json_object_get(mount, "Source"));
        const char *target = json_string_value(json_object_get(mount, "Destination"));
        bool writable = json_is_true(json_object_get(mount, "RW"));
        int r;

        if (!source || !target)
                return 0;
        if (is_left_out(str_from(source))) {
                notes_add(notes, arena, "the host's ", str_from(source), " is left out");
                return 0;
        }
        notes_add(notes, arena, "the host's ", str_from(source), writable ? " is read-only" : " stays read-only");
        r = append(m->read_only, read_only(source, target));
        if (r == 0)
                r = append(m->fresh, writable ? fresh_volume(target, owner) : read_only(source, target));
        return r == 0 ? add_mounted(m, arena, str_from(target)) : r;
}

static int add_volume(struct mounted *m, struct notes *notes, struct arena *arena, const json_t *mount,
                      const char *owner) {
        const char *target = json_string_value(json_object_get(mount, "Destination"));
        const char *name = json_string_value(json_object_get(mount, "Name"));
        int r;

        if (!target)
                return 0;
        notes_add(notes, arena, "a fresh volume in place of ", str_from(name), "");
        r = append(m->read_only, fresh_volume(target, owner));
        if (r == 0)
                r = append(m->fresh, fresh_volume(target, owner));
        return r == 0 ? add_mounted(m, arena, str_from(target)) : r;
}

/* Those of --mount type=tmpfs: only HostConfig has their options. */
static int add_tmpfs(struct mounted *m, struct arena *arena, json_t *mount) {
        json_t *target = json_object_get(mount, "Target");

        if (strcmp(json_string_value(json_object_get(mount, "Type")), "tmpfs") != 0 || !json_is_string(target))
                return 0;
        if (json_array_append(m->read_only, mount) < 0 || json_array_append(m->fresh, mount) < 0)
                return -ENOMEM;
        return add_mounted(m, arena, str_from(json_string_value(target)));
}

static bool may_write_to_host(const json_t *mounts) {
        json_t *mount;
        size_t i;

        json_array_foreach(mounts, i,
                           mount) if (str_eqz(str_from(json_string_value(json_object_get(mount, "Type"))), "bind") &&
                                      json_is_true(json_object_get(mount, "RW"))) return true;
        return false;
}

int mounted_read(struct mounted *m, struct notes *notes, struct arena *arena, const json_t *inspect,
                 const char *owner) {
        json_t *mounts = json_object_get(inspect, "Mounts"), *host = json_object_get(inspect, "HostConfig"), *one;
        const char *path;
        size_t i;
        int r = 0;

        m->read_only = json_array();
        m->fresh = json_array();
        if (!m->read_only || !m->fresh)
                return -ENOMEM;
        json_array_foreach(mounts, i, one) {
                struct str type = str_from(json_string_value(json_object_get(one, "Type")));

                if (r == 0 && str_eqz(type, "bind"))
                        r = add_bind(m, notes, arena, one, owner);
                else if (r == 0 && str_eqz(type, "volume"))
                        r = add_volume(m, notes, arena, one, owner);
        }
        json_array_foreach(json_object_get(host, "Mounts"), i,
                           one) if (r == 0 && json_is_string(json_object_get(one, "Type"))) r =
                add_tmpfs(m, arena, one);
        json_object_foreach(json_object_get(host, "Tmpfs"), path, one) if (r == 0) r =
                add_mounted(m, arena, str_from(path));
        if (r == 0 && !may_write_to_host(mounts)) {
                json_decref(m->fresh);
                m->fresh = NULL;
        }
        return r;
}

int mounted_read_image(struct mounted *m, struct arena *arena, const json_t *config) {
        const char *path;
        json_t *one;
        int r = 0;

        m->read_only = json_array();
        json_object_foreach(json_object_get(config, "Volumes"), path, one) if (r == 0) r =
                add_mounted(m, arena, str_from(path));
        return m->read_only ? r : -ENOMEM;
}

void mounted_deinit(struct mounted *m) {
        json_decref(m->read_only);
        json_decref(m->fresh);
        m->read_only = m->fresh = NULL;
}
