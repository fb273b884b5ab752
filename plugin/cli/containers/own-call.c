#include "own-call.h"
#include "docksill/base/path.h"
#include "docksill/host/engine-api.h"
#include "explain/authz-call.h"
#include <errno.h>

/* -- what the image brought -- */

static bool same(const json_t *container, const json_t *image, const char *key) {
        const json_t *a = json_object_get(container, key), *b = json_object_get(image, key);

        return a && b && json_equal(a, b);
}

static void drop_same(json_t *container, const json_t *image, const char *key) {
        if (same(container, image, key))
                json_object_del(container, key);
}

static bool array_holds(const json_t *array, const json_t *wanted) {
        size_t i;
        json_t *one;

        json_array_foreach(array, i, one) if (json_equal(one, wanted)) return true;
        return false;
}

static void drop_variables(json_t *container, const json_t *image) {
        json_t *own = json_object_get(container, "Env"), *brought = json_object_get(image, "Env");

        for (size_t i = json_array_size(own); i-- > 0;)
                if (array_holds(brought, json_array_get(own, i)))
                        json_array_remove(own, i);
}

/* Of a map the members that are the same in the image. */
static void drop_members(json_t *container, const json_t *image, const char *key) {
        json_t *own = json_object_get(container, key), *value;
        const char *name;

        json_object_foreach(json_object_get(image, key), name, value) if (json_equal(json_object_get(own, name), value))
                json_object_del(own, name);
}

/* Cleaned when the container was made. */
static void drop_folder(json_t *container, const json_t *image, struct arena *arena) {
        const char *own = json_string_value(json_object_get(container, "WorkingDir")),
                   *brought = json_string_value(json_object_get(image, "WorkingDir"));
        struct str clean;

        if (own && brought && *brought && path_clean(arena, str_from(brought), &clean) == 0 && str_eqz(clean, own))
                json_object_del(container, "WorkingDir");
}

/* An image's command belongs to its entrypoint: beside another one it was written by hand. */
static void drop_program(json_t *container, const json_t *image) {
        const json_t *own = json_object_get(container, "Entrypoint"), *brought = json_object_get(image, "Entrypoint");
        bool none = json_array_size(own) == 0 && json_array_size(brought) == 0;

        if (!none && !same(container, image, "Entrypoint"))
                return;
        json_object_del(container, "Entrypoint");
        drop_same(container, image, "Cmd");
}

static void drop_brought(json_t *container, const json_t *image, struct arena *arena) {
        static const char *const whole[] = { "User", "Healthcheck", "Shell", "StopSignal", "OnBuild" },
                                 *const maps[] = { "Labels", "Volumes", "ExposedPorts" };

        for (size_t i = 0; i < ARRAY_SIZE(whole); ++i)
                drop_same(container, image, whole[i]);
        for (size_t i = 0; i < ARRAY_SIZE(maps); ++i)
                drop_members(container, image, maps[i]);
        drop_variables(container, image);
        drop_folder(container, image, arena);
        drop_program(container, image);
}

/* -- what the engine filled in -- */

/* What engines from 20.10 on mask and bar of writing; later ones mask more. */
static const char *const masked[] = { "/proc/acpi",          "/proc/kcore",      "/proc/keys",
                                      "/proc/latency_stats", "/proc/timer_list", "/proc/sched_debug",
                                      "/proc/scsi",          "/sys/firmware",    NULL },
                         *const read_only[] = { "/proc/bus",           "/proc/fs", "/proc/irq", "/proc/sys",
                                                "/proc/sysrq-trigger", NULL };

static bool holds_all(const json_t *paths, const char *const *wanted) {
        for (; *wanted; ++wanted) {
                bool found = false;
                size_t i;
                json_t *one;

                json_array_foreach(paths, i, one) found =
                        found || strcmp(json_string_value(one) ? json_string_value(one) : "", *wanted) == 0;
                if (!found)
                        return false;
        }
        return true;
}

static void drop_masks(json_t *host) {
        if (holds_all(json_object_get(host, "MaskedPaths"), masked))
                json_object_del(host, "MaskedPaths");
        if (holds_all(json_object_get(host, "ReadonlyPaths"), read_only))
                json_object_del(host, "ReadonlyPaths");
}

/* The engine's own driver, without options: it stands there whether or not it was asked for. */
static void drop_log(json_t *host, const json_t *info) {
        const json_t *log = json_object_get(host, "LogConfig");
        const char *type = json_string_value(json_object_get(log, "Type")),
                   *own = json_string_value(json_object_get(info, "LoggingDriver"));

        if (type && strcmp(type, own ? own : "json-file") == 0 && json_object_size(json_object_get(log, "Config")) == 0)
                json_object_del(host, "LogConfig");
}

/* An endpoint as it is asked for: without what the engine gave it, its ids first of all, which are read as names. */
static void drop_endpoints(json_t *networks, const char *id) {
        static const char *const asked[] = { "IPAMConfig", "Links", "Aliases", "DriverOpts", "GwPriority" };
        const char *name;
        json_t *endpoint;

        json_object_foreach(networks, name, endpoint) {
                json_t *kept = json_object();

                for (size_t i = 0; kept && i < ARRAY_SIZE(asked); ++i) {
                        json_t *value = json_object_get(endpoint, asked[i]);

                        if (value && !json_is_null(value))
                                json_object_set(kept, asked[i], value);
                }
                for (size_t i = json_array_size(json_object_get(kept, "Aliases")); i-- > 0;) {
                        json_t *aliases = json_object_get(kept, "Aliases");
                        const char *alias = json_string_value(json_array_get(aliases, i));

                        if (id && alias && strncmp(alias, id, 12) == 0)
                                json_array_remove(aliases, i);
                }
                json_object_clear(endpoint);
                json_object_update(endpoint, kept);
                json_decref(kept);
        }
}

static void drop_filled_in(json_t *inspect, const json_t *info) {
        json_t *host = json_object_get(inspect, "HostConfig");

        drop_masks(host);
        drop_log(host, info);
        drop_endpoints(json_object_get(json_object_get(inspect, "NetworkSettings"), "Networks"),
                       json_string_value(json_object_get(inspect, "Id")));
}

/* -- the calls -- */

static int written(struct str *out, struct arena *arena, const json_t *inspect) {
        cleanup_(freep) char *text = json_dumps(inspect, JSON_COMPACT);
        struct subjects subjects;
        struct str kept;
        int r = text ? arena_str(arena, str_from(text), &kept) : -ENOMEM;

        if (r == 0)
                r = subjects_read(arena, kept, &subjects);
        if (r == 0)
                *out = subjects.items[0].call;
        return r;
}

int own_call(struct str *out, struct arena *arena, const struct container *c, const json_t *image, const json_t *info) {
        const json_t *brought = json_object_get(image, "Config");
        json_t *copy = json_deep_copy(c->inspect);
        int r;

        if (!copy)
                return -ENOMEM;
        if (brought)
                drop_brought(json_object_get(copy, "Config"), brought, arena);
        drop_filled_in(copy, info);
        r = written(out, arena, copy);
        json_decref(copy);
        return r;
}

int start_call(struct str *out, struct arena *arena, const struct container *c) {
        struct authz_header headers[] = { { STR("Content-Length"), STR("0") } };
        struct text target;

        text_init_arena(&target, arena);
        text_addz(&target, "/v1.41/containers/");
        engine_target_add(&target, c->id);
        text_addz(&target, "/start");
        if (target.failed)
                return -ENOMEM;
        return authz_call(out, arena,
                          &(struct authz_request){ .method = STR("POST"),
                                                   .target = text_str(&target),
                                                   .headers = { .items = headers, .n = ARRAY_SIZE(headers) } });
}
