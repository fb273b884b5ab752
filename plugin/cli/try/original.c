#include "original.h"
#include "ddmin.h"
#include "granted.h"
#include <assert.h>
#include <errno.h>

/* What makes a program run, of Config and of HostConfig. All else is left out. */
static const char *const config_kept[] = { "Env",   "Cmd",       "Entrypoint", "WorkingDir",  "User",       "Tty",
                                           "Shell", "OpenStdin", "Domainname", "Healthcheck", "StopSignal", NULL };
static const char *const host_kept[] = { "CapAdd",         "CapDrop",    "SecurityOpt", "Memory",    "MemorySwap",
                                         "PidsLimit",      "NanoCpus",   "CpuQuota",    "CpuPeriod", "CpuShares",
                                         "CpusetCpus",     "CpusetMems", "Ulimits",     "ShmSize",   "Tmpfs",
                                         "ReadonlyRootfs", "Sysctls",    "GroupAdd",    "Init",      "Runtime",
                                         "ExtraHosts",     "StorageOpt", NULL };

static const char *const host_own[] = { "PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", NULL };

static int keep(json_t *out, const json_t *from, const char *const *keys) {
        for (size_t i = 0; keys[i]; ++i) {
                json_t *value = json_object_get(from, keys[i]);

                if (value && !json_is_null(value) && json_object_set_new(out, keys[i], json_deep_copy(value)) < 0)
                        return -ENOMEM;
        }
        return 0;
}

/* -- notes -- */

static void note_host(struct original *o, struct arena *arena, const json_t *host) {
        const char *const lists[] = { "Devices", "DeviceRequests" };

        if (json_is_true(json_object_get(host, "Privileged")))
                notes_add(&o->notes, arena, "", STR_C("copies are not privileged; they have all capabilities instead"),
                          "");
        for (size_t i = 0; host_own[i]; ++i) {
                struct str mode = str_from(json_string_value(json_object_get(host, host_own[i])));

                /* On cgroup v1 inspect shows "host" for every container. */
                if (strcmp(host_own[i], "CgroupnsMode") != 0 &&
                    (str_eqz(mode, "host") || str_starts(mode, STR_C("container:"))))
                        notes_add(&o->notes, arena, host_own[i], mode, " is left out");
        }
        for (size_t i = 0; i < ARRAY_SIZE(lists); ++i)
                if (json_array_size(json_object_get(host, lists[i])) > 0)
                        notes_add(&o->notes, arena, "its ", str_from(i ? "device requests" : "devices"),
                                  " are left out");
}

/* -- reading -- */

static bool is_root(const char *user) {
        struct str rest = str_from(user), name = str_cut(&rest, ':');

        return name.n == 0 || str_eqz(name, "0") || str_eqz(name, "root");
}

static int set_command(json_t *config, const char *const *command) {
        json_t *list;

        if (!command)
                return 0;
        list = json_array();
        for (; list && *command; ++command)
                if (json_array_append_new(list, json_string(*command)) < 0) {
                        json_decref(list);
                        return -EINVAL;
                }
        return json_object_set_new(config, "Cmd", list) == 0 ? 0 : -ENOMEM;
}

/* The log of a driver of its own would go where it should not, or could not be read. */
static int set_always(struct original *o) {
        json_t *host = json_pack("{s:{s:s, s:{s:s, s:s}}, s:{s:s}, s:b}", "LogConfig", "Type", "json-file", "Config",
                                 "max-size", "1m", "max-file", "1", "RestartPolicy", "Name", "no", "AutoRemove", 0);
        int r = host && json_object_update(o->host, host) == 0 ? 0 : -ENOMEM;

        json_decref(host);
        return r;
}

static int begin(struct original *o, struct arena *arena, json_t *inspect, const char *name) {
        const char *id = json_string_value(json_object_get(inspect, "Id"));

        o->config = json_object();
        o->host = json_object();
        if (!id || !json_is_object(json_object_get(inspect, "Config")))
                return -EPROTO;
        if (!o->config || !o->host || arena_str(arena, str_from(name), &o->name) < 0)
                return -ENOMEM;
        return arena_str(arena, str_from(id), &o->id);
}

/* "1000" alone is in group 0, unless the image says otherwise; it owns files all the same. */
static const char *with_group(struct arena *arena, const char *user) {
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%s%s", user, strchr(user, ':') ? "" : ":0");
        return t.failed ? NULL : t.p;
}

static void read_config(struct original *o, struct arena *arena) {
        json_t *test = json_array_get(json_object_get(json_object_get(o->config, "Healthcheck"), "Test"), 0);
        const char *first = json_string_value(test);

        const char *user = json_string_value(json_object_get(o->config, "User"));

        o->root = is_root(user);
        if (!o->root && user[strspn(user, "0123456789:")] != '\0')
                o->named = str_from(user);
        else if (!o->root)
                o->user = with_group(arena, user);
        o->terminal = json_is_true(json_object_get(o->config, "Tty"));
        o->healthcheck = first && strcmp(first, "NONE") != 0;
}

static bool has_members(const json_t *of, const char *key) {
        return json_object_size(json_object_get(of, key)) > 0;
}

static void read_network(struct original *o, const json_t *config, const json_t *host) {
        struct str mode = str_from(json_string_value(json_object_get(host, "NetworkMode")));

        o->network = !str_eqz(mode, "none");
        o->reached = has_members(config, "ExposedPorts") || has_members(host, "PortBindings") ||
                     json_array_size(json_object_get(host, "Links")) > 0 ||
                     !(mode.n == 0 || str_eqz(mode, "default") || str_eqz(mode, "bridge") || str_eqz(mode, "none"));
}

/* What dockerd adds to a privileged container is no wish of anybody. */
static void drop_label(json_t *host) {
        json_t *options = json_object_get(host, "SecurityOpt");

        for (size_t i = json_array_size(options); i-- > 0;)
                if (str_eqz(str_from(json_string_value(json_array_get(options, i))), "label=disable"))
                        json_array_remove(options, i);
}

/* A privileged copy could do to the host what its original may: it gets the capabilities alone. */
static int read_host(struct original *o, struct arena *arena, const json_t *host) {
        int r = keep(o->host, host, host_kept);

        if (r == 0 && json_is_true(json_object_get(host, "Privileged"))) {
                r = json_object_set_new(o->host, "CapAdd", json_pack("[s]", "ALL")) == 0 ? 0 : -ENOMEM;
                (void)json_object_del(o->host, "CapDrop");
                drop_label(o->host);
        }
        note_host(o, arena, host);
        return r == 0 ? set_always(o) : r;
}

int original_of_container(struct original *out, struct arena *arena, json_t *inspect, const char *name,
                          const char *const *command) {
        json_t *config = json_object_get(inspect, "Config"), *host = json_object_get(inspect, "HostConfig");
        json_t *image = json_object_get(inspect, "Image");
        int r = begin(out, arena, inspect, name);

        if (r < 0 || !json_is_object(host) || !json_is_string(image))
                return r < 0 ? r : -EPROTO;
        out->container = true;
        out->inspect = json_deep_copy(inspect);
        if (!out->inspect || json_object_set(out->config, "Image", image) < 0)
                return -ENOMEM;
        r = keep(out->config, config, config_kept);
        if (r == 0)
                r = set_command(out->config, command);
        if (r == 0)
                r = set_command(json_object_get(out->inspect, "Config"), command);
        if (r == 0)
                r = read_host(out, arena, host);
        if (r == 0)
                r = mounted_read(&out->mounts, &out->notes, arena, inspect, out->owner);
        read_config(out, arena);
        read_network(out, config, host);
        return r;
}

int original_of_image(struct original *out, struct arena *arena, json_t *inspect, const char *name,
                      const char *const *command) {
        json_t *config = json_object_get(inspect, "Config");
        int r = begin(out, arena, inspect, name);

        if (r < 0)
                return r;
        out->inspect = json_pack("{s:s, s:{}}", "Image", name, "HostConfig");
        if (!out->inspect || json_object_set_new(out->config, "Image", json_stringn(out->id.p, out->id.n)) < 0)
                return -ENOMEM;
        /* The engine takes them from the image itself; they are here to be looked at. */
        r = keep(out->config, config, (const char *const[]){ "User", "Healthcheck", NULL });
        if (r == 0)
                r = set_command(out->config, command);
        if (r == 0)
                r = set_command(out->inspect, command);
        if (r == 0)
                r = set_always(out);
        if (r == 0)
                r = mounted_read_image(&out->mounts, arena, config);
        read_config(out, arena);
        read_network(out, config, out->host);
        return r;
}

void original_deinit(struct original *o) {
        json_decref(o->config);
        json_decref(o->host);
        mounted_deinit(&o->mounts);
        json_decref(o->inspect);
        o->config = o->host = o->inspect = NULL;
}

/* -- what may be conceded -- */

static bool limits(const json_t *host, const char *key) {
        return json_integer_value(json_object_get(host, key)) > 0;
}

struct listing {
        struct concession *items;
        size_t n;
};

static void list(struct listing *l, enum concession_kind kind, struct str name) {
        /* Beyond that nobody could tell them apart; the last ones, which are wanted least, have their places. */
        if (l->n < DDMIN_ITEMS - 8 || kind > CONCEDE_FOLDER)
                l->items[l->n++] = (struct concession){ .kind = kind, .name = name };
}

static void list_options(struct listing *l, const json_t *host) {
        json_t *options = json_object_get(host, "SecurityOpt"), *one;
        bool privileges = true;
        size_t i, n = 0;

        json_array_foreach(options, i, one) if (str_starts(str_from(json_string_value(one)),
                                                           STR_C("no-new-privileges"))) privileges = false;
        if (privileges)
                list(l, CONCEDE_PRIVILEGES, (struct str){ 0 });
        json_array_foreach(options, i, one) {
                struct str option = str_from(json_string_value(one));

                if (n < 2 && (str_eqz(option, "seccomp=unconfined") || str_eqz(option, "apparmor=unconfined"))) {
                        list(l, CONCEDE_PROFILE, option);
                        ++n;
                }
        }
}

size_t original_concessions(struct concession *out, const struct original *o, const struct folders *folders, bool user,
                            bool network) {
        struct listing l = { .items = out };
        struct str granted[GRANTED_MOST];
        size_t n = granted_read(granted, o->host), first = n < 5 ? n : 5;
        bool read_only = json_is_true(json_object_get(o->host, "ReadonlyRootfs"));

        if (user && (o->root || o->named.n))
                list(&l, CONCEDE_USER, o->named);
        for (size_t i = 0; i < first; ++i)
                list(&l, CONCEDE_CAPABILITY, granted[i]);
        for (size_t i = 0; !read_only && i < folders->n; ++i)
                list(&l, CONCEDE_FOLDER, folders->items[i]);
        for (size_t i = first; i < n; ++i)
                list(&l, CONCEDE_CAPABILITY, granted[i]);
        if (!limits(o->host, "Memory"))
                list(&l, CONCEDE_MEMORY, (struct str){ 0 });
        if (!limits(o->host, "PidsLimit"))
                list(&l, CONCEDE_PROCESSES, (struct str){ 0 });
        if (!limits(o->host, "NanoCpus") && !limits(o->host, "CpuQuota"))
                list(&l, CONCEDE_CPUS, (struct str){ 0 });
        list_options(&l, o->host);
        if (network)
                list(&l, CONCEDE_NETWORK, (struct str){ 0 });
        if (!read_only)
                list(&l, CONCEDE_ROOTFS, (struct str){ 0 });
        assert(l.n <= DDMIN_ITEMS);
        return l.n;
}

/* -- the original, hardened -- */

json_t *original_hardened(const struct original *o, const struct form *form, bool no_network) {
        json_auto_t *tree = json_deep_copy(o->inspect);
        json_t *host = json_object_get(tree, "HostConfig");
        json_t *config = o->container ? json_object_get(tree, "Config") : tree;

        if (!tree)
                return NULL;
        if (json_is_true(json_object_get(host, "Privileged"))) {
                drop_label(host);
                if (json_object_set_new(host, "Privileged", json_false()) < 0 ||
                    json_object_set(host, "CapAdd", json_object_get(o->host, "CapAdd")) < 0)
                        return NULL;
        }
        if (no_network && json_object_set_new(host, "NetworkMode", json_string("none")) < 0)
                return NULL;
        return form_apply(form, config, host) == 0 ? TAKE(tree) : NULL;
}

static bool is_conceded(const struct form *f, struct str capability) {
        for (size_t i = 0; i < f->n; ++i)
                if (f->items[i].kind == CONCEDE_CAPABILITY && str_eq_fold(f->items[i].name, capability))
                        return f->conceded & UINT64_C(1) << i;
        return false;
}

static int drop(struct flags *out, struct arena *arena, const char *flag, struct str value) {
        struct str *slot = ARENA_PUSH(arena, out);
        struct text t;

        text_init_arena(&t, arena);
        text_addz(&t, flag);
        text_add_visible(&t, value, 80);
        if (!slot || t.failed)
                return -ENOMEM;
        *slot = text_str(&t);
        return 0;
}

int original_dropped(struct flags *out, struct arena *arena, const struct original *o, const struct form *form) {
        json_t *host = json_object_get(o->inspect, "HostConfig"), *one;
        int r = 0;
        size_t i;

        if (json_is_true(json_object_get(host, "Privileged")))
                r = drop(out, arena, "--privileged", (struct str){ 0 });
        json_array_foreach(json_object_get(host, "CapAdd"), i, one) {
                struct str name = str_from(json_string_value(one));

                if (str_starts(name, STR_C("CAP_")))
                        name = str_skip(name, 4);
                if (r == 0 && !is_conceded(form, name))
                        r = drop(out, arena, "--cap-add ", name);
        }
        for (size_t k = 0; r == 0 && k < form->n; ++k)
                if (form->items[k].kind == CONCEDE_PROFILE && !(form->conceded & UINT64_C(1) << k))
                        r = drop(out, arena, "--security-opt ", form->items[k].name);
        return r;
}
