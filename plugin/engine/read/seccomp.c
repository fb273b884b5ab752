#include "seccomp.h"
#include "body.h"
#include "facts/cell.h"
#include "go-type.h"

struct argument {
        bool given;
        struct go_int index, value, value_two;
        struct go_string op;
};
struct filter {
        bool given;
        struct go_list caps, arches;
        struct go_any min_kernel;
};
struct syscall {
        bool given;
        struct go_string name;
        struct go_list names;
        struct go_string action;
        struct go_int errno_ret;
        struct go_list args;
        struct go_string comment;
        struct filter includes, excludes;
};
struct architecture {
        bool given;
        struct go_string architecture;
        struct go_list sub_architectures;
};
struct profile {
        bool given;
        struct go_string default_action;
        struct go_int default_errno_ret;
        struct go_list architectures, arch_map, flags;
        struct go_string listener_path, listener_metadata;
        struct go_list syscalls;
};

static const struct gojson_field argument_fields[] = {
        GO_FIELD(argument, "index", index, gojson_uint64),
        GO_FIELD(argument, "value", value, gojson_uint64),
        GO_FIELD(argument, "valueTwo", value_two, gojson_uint64),
        GO_FIELD(argument, "op", op, gojson_string),
};
static const struct gojson_type argument_type = GO_STRUCT(argument);
static const struct gojson_type argument_list = GO_LIST(argument_type);

static const struct gojson_field filter_fields[] = {
        GO_FIELD(filter, "caps", caps, gojson_strings),
        GO_FIELD(filter, "arches", arches, gojson_strings),
        GO_FIELD(filter, "minKernel", min_kernel, gojson_any),
};
static const struct gojson_type filter_type = GO_STRUCT(filter);

static const struct gojson_field syscall_fields[] = {
        GO_FIELD(syscall, "name", name, gojson_string),       GO_FIELD(syscall, "names", names, gojson_strings),
        GO_FIELD(syscall, "action", action, gojson_string),   GO_FIELD(syscall, "errnoRet", errno_ret, gojson_uint64),
        GO_FIELD(syscall, "args", args, argument_list),       GO_FIELD(syscall, "comment", comment, gojson_string),
        GO_FIELD(syscall, "includes", includes, filter_type), GO_FIELD(syscall, "excludes", excludes, filter_type),
};
static const struct gojson_type syscall_type = GO_STRUCT(syscall);
static const struct gojson_type syscall_list = GO_LIST(syscall_type);

static const struct gojson_field architecture_fields[] = {
        GO_FIELD(architecture, "architecture", architecture, gojson_string),
        GO_FIELD(architecture, "subArchitectures", sub_architectures, gojson_strings),
};
static const struct gojson_type architecture_type = GO_STRUCT(architecture);
static const struct gojson_type architecture_list = GO_LIST(architecture_type);

static const struct gojson_field profile_fields[] = {
        GO_FIELD(profile, "defaultAction", default_action, gojson_string),
        GO_FIELD(profile, "defaultErrnoRet", default_errno_ret, gojson_uint64),
        GO_FIELD(profile, "architectures", architectures, gojson_strings),
        GO_FIELD(profile, "flags", flags, gojson_strings),
        GO_FIELD(profile, "listenerPath", listener_path, gojson_string),
        GO_FIELD(profile, "listenerMetadata", listener_metadata, gojson_string),
        GO_FIELD(profile, "archMap", arch_map, architecture_list),
        GO_FIELD(profile, "syscalls", syscalls, syscall_list),
};
static const struct gojson_type profile_type = GO_STRUCT(profile);

static bool set_has(const struct fact_set *set, struct str item) {
        return str_is_among(item, set->items, set->n);
}

static bool is_default_capability(struct str name) {
        static const struct str defaults[] = {
                STR("AUDIT_WRITE"), STR("CHOWN"),   STR("DAC_OVERRIDE"),     STR("FOWNER"),     STR("FSETID"),
                STR("KILL"),        STR("MKNOD"),   STR("NET_BIND_SERVICE"), STR("NET_RAW"),    STR("SETFCAP"),
                STR("SETGID"),      STR("SETPCAP"), STR("SETUID"),           STR("SYS_CHROOT"),
        };

        return str_is_among(name, defaults, ARRAY_SIZE(defaults));
}

/* PROTOCOL 6.8: privileged has all; ALL added is all but the dropped; ALL dropped leaves what is added. */
static bool has_capability(const struct facts *f, struct str cap) {
        const struct fact_set *added = &f->container.capabilities_added, *dropped = &f->container.capabilities_dropped;
        struct str all = STR("ALL"), prefix = STR("CAP_");
        struct str name = str_starts(cap, prefix) ? str_skip(cap, prefix.n) : cap;

        if (f->container.privileged.value)
                return true;
        if (set_has(added, all))
                return !set_has(dropped, name);
        if (set_has(added, name))
                return true;
        return is_default_capability(name) && !set_has(dropped, all) && !set_has(dropped, name);
}

/*
 * What is left to somebody else is allowed, for the requester is that one: TRACE asks the call's ptrace(2) tracer,
 * which may be its own parent, and NOTIFY whoever listens at the profile's listenerPath (seccomp(2)).
 */
static bool lets_through(struct str action) {
        static const char *const actions[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_NOTIFY",
                                               NULL };

        return str_is_one_of(action, actions);
}

/*
 * The one comparison that keeps unshare(2) harmless: its flags, all its arguments, hold none of CLONE_NEW*, as the
 * default profile asks of clone(2). Elsewhere, and with a second comparison (runc makes two on one argument an OR),
 * arguments narrow nothing: who writes the profile writes the call as well, and gives a pointer any value.
 */
static bool keeps_namespaces(const struct syscall *call) {
        static const int64_t namespaces = 0x7e020000;
        const struct argument *a;

        if (call->args.n != 1)
                return false;
        a = gojson_item(&call->args, 0, sizeof(*a));
        return a->index.value == 0 && str_eqz(a->op.value, "SCMP_CMP_MASKED_EQ") &&
               (a->value.value & namespaces) == namespaces && (a->value_two.value & namespaces) == 0;
}

/*
 * Kernel and architecture are the host's, so conditions on them are taken as met; what "excludes" takes away again is
 * not relied on. Capabilities are known from the same request.
 */
static bool is_allowed(const struct facts *f, const struct syscall *call) {
        if (!lets_through(call->action.value))
                return false;
        for (size_t i = 0; i < call->includes.caps.n; ++i)
                if (!has_capability(f, string_item(&call->includes.caps, i)))
                        return false;
        return true;
}

/*
 * Allowed as the default profile allows it, or less. A tracer of Linux before 4.8 could change a call behind the
 * filter, so that profile lets ptrace(2) pass from there on.
 */
static bool is_narrow(const struct syscall *call, struct str name) {
        if (str_eqz(name, "ptrace"))
                return str_eqz(call->includes.min_kernel.raw, "\"4.8\"");
        return str_eqz(name, "unshare") && keeps_namespaces(call);
}

static void allow_one(struct reading *in, const struct syscall *call, struct str name) {
        if (!str_empty(name) && !is_narrow(call, name))
                fact_set_add(in->arena, &in->facts->container.seccomp_allowed, name);
}

static void allow(struct reading *in, const struct syscall *call) {
        allow_one(in, call, call->name.value);
        for (size_t i = 0; i < call->names.n; ++i)
                allow_one(in, call, string_item(&call->names, i));
}

void seccomp_read(struct reading *in, struct str text) {
        struct facts *f = in->facts;
        struct flaws flaws = { 0 };
        struct profile profile = { 0 };

        json_read_apart(in->arena, &flaws, &profile, &profile_type, text);
        f->container.seccomp_mode = cell_word(WORD_CUSTOM);
        f->container.seccomp_readable = (struct fact_bool){ .head.given = true, .value = !flaws_any(&flaws) };
        if (flaws_any(&flaws))
                return;

        if (str_empty(profile.default_action.value) && profile.syscalls.n == 0) {
                f->container.seccomp_mode = cell_word(WORD_UNCONFINED);
                return;
        }
        f->container.seccomp_default_action = cell_string(profile.default_action);
        for (size_t i = 0; i < profile.syscalls.n && !arena_full(in->arena); ++i) {
                const struct syscall *call = gojson_item(&profile.syscalls, i, sizeof(*call));

                if (is_allowed(f, call))
                        allow(in, call);
        }
}
