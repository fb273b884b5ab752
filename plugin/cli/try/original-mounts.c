#include "original-mounts.h"
#include "docksill/base/path.h"
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

static int add_mounted(struct original *o, struct arena *arena, struct str target) {
        struct str *slot = ARENA_PUSH(arena, &o->mounted);

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
static int add_bind(struct original *o, struct arena *arena, const json_t *mount) {
        const char *source = json_string_value(json_object_get(mount, "Source"));
        const char *target = json_string_value(json_object_get(mount, "Destination"));
        bool writable = json_is_true(json_object_get(mount, "RW"));
        int r;

        if (!source || !target)
                return 0;
        if (is_left_out(str_from(source))) {
                original_note(o, arena, "the host's ", str_from(source), " is left out");
                return 0;
        }
        original_note(o, arena, "the host's ", str_from(source), writable ? " is read-only" : " stays read-only");
        r = append(o->read_only, read_only(source, target));
        if (r == 0)
                r = append(o->fresh, writable ? fresh_volume(target, o->owner) : read_only(source, target));
        return r == 0 ? add_mounted(o, arena, str_from(target)) : r;
}

static int add_volume(struct original *o, struct arena *arena, const json_t *mount) {
        const char *target = json_string_value(json_object_get(mount, "Destination"));
        const char *name = json_string_value(json_object_get(mount, "Name"));
        int r;

        if (!target)
                return 0;
        original_note(o, arena, "a fresh volume in place of ", str_from(name), "");
        r = append(o->read_only, fresh_volume(target, o->owner));
        if (r == 0)
                r = append(o->fresh, fresh_volume(target, o->owner));
        return r == 0 ? add_mounted(o, arena, str_from(target)) : r;
}

/* Those of --mount type=tmpfs: only HostConfig has their options. */
static int add_tmpfs(struct original *o, struct arena *arena, json_t *mount) {
        json_t *target = json_object_get(mount, "Target");

        if (strcmp(json_string_value(json_object_get(mount, "Type")), "tmpfs") != 0 || !json_is_string(target))
                return 0;
        if (json_array_append(o->read_only, mount) < 0 || json_array_append(o->fresh, mount) < 0)
                return -ENOMEM;
        return add_mounted(o, arena, str_from(json_string_value(target)));
}

static bool may_write_to_host(const json_t *mounts) {
        json_t *mount;
        size_t i;

        json_array_foreach(mounts, i,
                           mount) if (str_eqz(str_from(json_string_value(json_object_get(mount, "Type"))), "bind") &&
                                      json_is_true(json_object_get(mount, "RW"))) return true;
        return false;
}

int original_mounts(struct original *o, struct arena *arena, const json_t *inspect) {
        json_t *mounts = json_object_get(inspect, "Mounts"), *host = json_object_get(inspect, "HostConfig"), *one;
        const char *path;
        size_t i;
        int r = 0;

        o->read_only = json_array();
        o->fresh = json_array();
        if (!o->read_only || !o->fresh)
                return -ENOMEM;
        json_array_foreach(mounts, i, one) {
                struct str type = str_from(json_string_value(json_object_get(one, "Type")));

                if (r == 0 && str_eqz(type, "bind"))
                        r = add_bind(o, arena, one);
                else if (r == 0 && str_eqz(type, "volume"))
                        r = add_volume(o, arena, one);
        }
        json_array_foreach(json_object_get(host, "Mounts"), i,
                           one) if (r == 0 && json_is_string(json_object_get(one, "Type"))) r =
                add_tmpfs(o, arena, one);
        json_object_foreach(json_object_get(host, "Tmpfs"), path, one) if (r == 0) r =
                add_mounted(o, arena, str_from(path));
        if (r == 0 && !may_write_to_host(mounts)) {
                json_decref(o->fresh);
                o->fresh = NULL;
        }
        return r;
}

int original_volumes(struct original *o, struct arena *arena, const json_t *config) {
        const char *path;
        json_t *one;
        int r = 0;

        o->read_only = json_array();
        json_object_foreach(json_object_get(config, "Volumes"), path, one) if (r == 0) r =
                add_mounted(o, arena, str_from(path));
        return o->read_only ? r : -ENOMEM;
}
