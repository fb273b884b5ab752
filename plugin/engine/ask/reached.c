#include "reached.h"
#include "existing-mount.h"
#include "facts/cell.h"
#include "read/capability.h"
#include "read/device.h"
#include "read/host-config.h"
#include "read/security-opt.h"

/* One container, while what it was given is listed. */
struct powers {
        struct reading *in;
        struct origin origin;
};

static void add(const struct powers *p, const char *name, struct str value) {
        FACT_ADD(p->in->arena, &p->in->facts->reached.powers,
                 (struct pair_fact){ .origin = p->origin, .name = cell_str(str_from(name)), .value = cell_str(value) });
}

static void add_set(const struct powers *p, const char *name, const struct fact_set *set) {
        for (size_t i = 0; i < set->n && !arena_full(p->in->arena); ++i)
                add(p, name, set->items[i]);
}

static void add_namespaces(const struct powers *p, const struct inspected_host_config *h) {
        const struct {
                const char *name;
                struct str mode;
        } all[] = {
                { "network", h->network_mode.value }, { "pid", h->pid_mode.value },       { "ipc", h->ipc_mode.value },
                { "uts", h->uts_mode.value },         { "userns", h->userns_mode.value },
        };

        for (size_t i = 0; i < ARRAY_SIZE(all); ++i)
                if (str_eqz(all[i].mode, "host"))
                        add(p, "namespace", str_from(all[i].name));
}

static void add_devices(const struct powers *p, const struct facts *f) {
        const struct device_fact *devices = f->container.devices.items;
        const struct device_rule_fact *rules = f->container.device_rules.items;
        const struct device_request_fact *requests = f->container.device_requests.items;

        for (size_t i = 0; i < f->container.devices.n && !arena_full(p->in->arena); ++i)
                add(p, "device", devices[i].requested.value);
        for (size_t i = 0; i < f->container.device_rules.n && !arena_full(p->in->arena); ++i)
                add(p, "device-rule", rules[i].text.value);
        for (size_t i = 0; i < f->container.device_requests.n && !arena_full(p->in->arena); ++i)
                add(p, "device-request", requests[i].device.value);
}

/* A filter of its own that withholds something is none. */
static bool is_unfiltered(const struct facts *f) {
        static const char *const open[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_NOTIFY",
                                            NULL };

        if (cell_is(&f->container.seccomp_mode, WORD_CUSTOM))
                return !f->container.seccomp_readable.value ||
                       str_is_one_of(f->container.seccomp_default_action.value, open);
        return cell_is(&f->container.seccomp_mode, WORD_UNCONFINED);
}

static void add_confinement(const struct powers *p, const struct facts *f) {
        const struct pair_fact *labels = f->container.selinux.items;

        if (is_unfiltered(f))
                add(p, "unconfined", STR_C("seccomp"));
        if (f->container.selinux_disabled.value)
                add(p, "unconfined", STR_C("label"));
        if (f->container.writable_cgroups.value)
                add(p, "unconfined", STR_C("writable-cgroups"));
        if (f->container.unmasked_paths.value)
                add(p, "unconfined", STR_C("systempaths"));
        if (!str_empty(f->container.apparmor.value))
                add(p, "apparmor", f->container.apparmor.value);
        for (size_t i = 0; i < f->container.selinux.n && !arena_full(p->in->arena); ++i)
                add(p, "label", labels[i].value.value);
}

/* By the decoders of a create, into facts of their own. */
static void read_as_created(struct reading *in, const struct inspected_host_config *h) {
        struct facts *f = in->facts;

        f->container.privileged = cell_bool(h->privileged);
        f->container.unmasked_paths.value = host_config_unmasks(&h->masked_paths, &h->readonly_paths);
        capabilities_read(in->arena, &h->cap_add, &f->container.capabilities_added);
        devices_read(in, &h->devices);
        device_rules_read(in, &h->device_cgroup_rules);
        device_requests_read(in, &h->device_requests);
        security_opt_read(in, &h->security_opt);
}

static void add_powers(const struct powers *p, const struct inspected_host_config *h) {
        struct facts *f = ARENA_NEW(p->in->arena, struct facts);
        struct reading as_created = *p->in;
        struct flaws flaws = { 0 };

        if (!f)
                return;
        facts_init(f);
        as_created.facts = f;
        as_created.flaws = &flaws;
        read_as_created(&as_created, h);

        /* All that is said beside it is part of it, or undone by it. */
        if (f->container.privileged.value) {
                add(p, "privileged", STR_C("true"));
                return;
        }
        add_set(p, "capability", &f->container.capabilities_added);
        add_namespaces(p, h);
        add_devices(p, f);
        add_confinement(p, f);
        if (!str_empty(h->cgroup_parent.value))
                add(p, "cgroup-parent", h->cgroup_parent.value);
        if (!str_empty(h->runtime.value))
                add(p, "runtime", h->runtime.value);
}

void reached_fill(struct reading *in, struct str name, const struct inspected_container *c, bool started) {
        const struct powers powers = { .in = in, .origin = { .field = "containers", .key = name } };

        add_powers(&powers, &c->host_config);
        for (size_t i = 0; !started && i < c->mounts.n && !arena_full(in->arena); ++i) {
                const struct place place = {
                        .origin = { .field = "containers", .key = name, .index = (uint32_t)i, .indexed = true },
                };
                const struct mount_fact m =
                        existing_mount(in, &place, gojson_item(&c->mounts, i, sizeof(struct inspected_mount)));

                if (in->facts->reached.mounted.n < FACT_HEAVY_MOST)
                        FACT_ADD(in->arena, &in->facts->reached.mounted, m);
                else
                        arena_refuse(in->arena);
        }
}
